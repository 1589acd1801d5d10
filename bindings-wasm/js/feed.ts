/** Where the items of a run come from. */

import { monoMs } from './clock.js';
import { wordsOf } from './foreign.js';
import { errorHere } from './records.js';

/** How long items of an async source wait for their batch to fill, in milliseconds. */
export const LINGER_MS = 200;

/** Reads a source as far as there is room. An async one is read ahead, so that results come while it waits. */
export class Feed<Item> {
  /** There are no more items, or the source has thrown. */
  isEnded = false;
  /** What the source has thrown. */
  thrown: { error: unknown } | undefined;
  readonly #sync: Iterator<Item> | undefined;
  readonly #async: AsyncIterator<Item> | undefined;
  #items: Item[] = [];
  #sinceMs = 0;
  #isReading = false;
  #isClosed = false;

  constructor(items: Iterable<Item> | AsyncIterable<Item>) {
    if (typeof items === 'string') {
      // It would be taken for its letters: a run that deletes would delete the users of these names.
      throw notItems('expected many items, got a string');
    }
    if (typeof (items as AsyncIterable<Item> | undefined)?.[Symbol.asyncIterator] === 'function') {
      this.#async = (items as AsyncIterable<Item>)[Symbol.asyncIterator]();
    } else if (typeof (items as Iterable<Item> | undefined)?.[Symbol.iterator] === 'function') {
      this.#sync = (items as Iterable<Item>)[Symbol.iterator]();
    } else {
      throw notItems(`expected items to iterate over, got ${wordsOf(items).slice(0, 50)}`);
    }
  }

  /** Whether items wait that should go although there are not many. */
  get isLate(): boolean {
    return this.#items.length > 0 && monoMs() - this.#sinceMs >= LINGER_MS;
  }

  /** Whether an async source is being read. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /** The items that can be had now, at most so many. `wake` is called when an async source has more. */
  take(most: number, wake: () => void): Item[] {
    if (this.#async !== undefined) {
      const isWhole = !this.#isReading || this.isLate;
      const items = isWhole ? this.#items.splice(0, most) : [];
      if (!this.#isReading && !this.isEnded && items.length < most && this.#items.length === 0) {
        void this.#readAhead(this.#async, most - items.length).then(wake);
      }
      return items;
    }
    const items: Item[] = [];
    try {
      while (items.length < most && !this.isEnded) {
        const { done, value } = (this.#sync as Iterator<Item>).next();
        if (done) {
          this.#end();
        } else {
          items.push(value);
        }
      }
    } catch (error) {
      this.#fail(error);
    }
    return items;
  }

  /** Takes no further items. Those read ahead are still given. */
  stop(): void {
    this.isEnded = true;
    this.close();
  }

  /** Whether nothing is left. */
  get isEmpty(): boolean {
    return this.isEnded && this.#items.length === 0;
  }

  /** Lets go of the source. */
  close(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      // A source that waits may never answer.
      Promise.resolve()
        .then(() => (this.#sync ?? this.#async)?.return?.())
        .catch(() => undefined);
    }
  }

  async #readAhead(source: AsyncIterator<Item>, most: number): Promise<void> {
    this.#isReading = true;
    try {
      for (let read = 0; read < most && !this.isEnded; read++) {
        const { done, value } = await source.next();
        if (done) {
          this.#end();
        } else {
          if (this.#items.length === 0) {
            this.#sinceMs = monoMs();
          }
          this.#items.push(value);
        }
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isReading = false;
    }
  }

  /** A source that has ended is not to be closed. */
  #end(): void {
    this.isEnded = true;
    this.#isClosed = true;
  }

  #fail(error: unknown): void {
    this.#end();
    this.thrown ??= { error };
  }
}

function notItems(message: string): Error {
  const cure = 'pass an array, an iterable or an async iterable';
  return errorHere({ kind: 'InvalidInput', path: 'items', message, cure });
}
