/** Remembering events, so that one which the service sends again is handled once. */

import { unixMs } from '../clock.js';
import { errorHere } from '../records.js';

/** Result of `add`: the store's own, or its database's reply as it came. */
export type Added = boolean | number | string | null;

/** Remembers keys. A store that several processes share lets each event be handled by one of them. */
export interface WebhookStore {
  /**
   * Adds a key for so many seconds. Returns whether it is new: false, null or 0 if it was there already.
   *
   * It must look and add in one step, as Redis does: `add: (key, ttl) => redis.set(key, '1', 'EX', ttl, 'NX')`.
   */
  add(key: string, ttlS: number): Added | Promise<Added>;
}

/** Remembers keys in memory, for a single process. When it is full, it forgets the oldest. */
export class MemoryStore implements WebhookStore {
  /** When each key ends, in Unix milliseconds; the oldest first. */
  readonly #ends = new Map<string, number>();
  readonly #max: number;

  /** `max` is the most keys that it remembers, of about 150 bytes each. Defaults to 100,000. */
  constructor(max = 100_000) {
    if (!Number.isInteger(max) || max < 1) {
      throw errorHere({ kind: 'Config', path: 'max', message: 'not a whole number above 0', cure: 'pass 100000' });
    }
    this.#max = max;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#ends.size;
  }

  add(key: string, ttlS: number): boolean {
    const now = unixMs();
    const end = this.#ends.get(key);
    if (end !== undefined && end > now) {
      return false;
    }
    this.#ends.delete(key);
    for (const [oldest, its] of this.#ends) {
      if (this.#ends.size < this.#max && its > now) {
        break;
      }
      this.#ends.delete(oldest);
    }
    this.#ends.set(key, now + ttlS * 1000);
    return true;
  }
}
