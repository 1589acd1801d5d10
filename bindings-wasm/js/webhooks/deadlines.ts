/** How long a body or a handler is waited for. */

import { clearTimeout, preciseMs, setTimeout } from '../clock.js';

/** How long a wait goes on before it gets a timer of its own, in milliseconds. */
const GRACE_MS = 10;
/** Most waits looked after by one timer before those that are over are dropped. */
const MANY = 1000;
/** Shortest budget beside which that does not matter, in milliseconds. */
const LONG_MS = 100;

/** A wait that ends once: when what was waited for is there, or when it is due. */
export class Wait {
  readonly #dueMs: number;
  /** What to do when it is due; nothing once it is over, so that a wait holds on to no event. */
  #onDue: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `dueMs` is a time of the monotonic clock. */
  constructor(dueMs: number, onDue: () => void) {
    this.#dueMs = dueMs;
    this.#onDue = onDue;
  }

  get isOver(): boolean {
    return this.#onDue === undefined;
  }

  /** Ends it. Returns false if it was over already. */
  end(): boolean {
    if (this.#onDue === undefined) {
      return false;
    }
    this.#onDue = undefined;
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
    }
    return true;
  }

  /** Gives it a timer of its own, unless it is over. */
  arm(): void {
    const onDue = this.#onDue;
    if (onDue !== undefined) {
      this.#timer = setTimeout(() => this.end() && onDue(), Math.max(0, this.#dueMs - preciseMs()));
    }
  }
}

/**
 * Begins waits. Most are over at once, so one timer looks after all that began within some milliseconds, and those that
 * still go on then get their own: two timers for each event would take a microsecond (the rows of servers in
 * `make bench-webhooks`).
 */
export class Deadlines {
  readonly #isShared: boolean;
  #fresh: Wait[] = [];
  #most = MANY;

  /** `isBoundToRequest`: a timer of one request cannot look after another. */
  constructor(budgetMs: number, isBoundToRequest: boolean) {
    this.#isShared = budgetMs >= LONG_MS && !isBoundToRequest;
  }

  /** Begins a wait until a time of the monotonic clock. */
  begin(dueMs: number, onDue: () => void): Wait {
    const wait = new Wait(dueMs, onDue);
    if (!this.#isShared) {
      wait.arm();
      return wait;
    }
    const count = this.#fresh.push(wait);
    if (count === 1) {
      setTimeout(() => this.#armAll(), GRACE_MS);
    } else if (count >= this.#most) {
      // The timer is late: a program may answer thousands of events before it lets timers run.
      this.#fresh = this.#fresh.filter((each) => !each.isOver);
      this.#most = Math.max(MANY, 2 * this.#fresh.length);
    }
    return wait;
  }

  #armAll(): void {
    const waits = this.#fresh;
    this.#fresh = [];
    this.#most = MANY;
    for (const each of waits) {
      each.arm();
    }
  }
}
