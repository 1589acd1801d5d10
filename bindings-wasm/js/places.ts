/**
 * How many requests a transport carries at once. A call takes a place before it asks the core whether it may be sent:
 * to the core a try is out as soon as it has said so, with its turn at the rate and with its time.
 */

import { queueMicrotask } from './clock.js';

/** What wants a place. */
export interface Taker {
  /** It has one. It gives it back. */
  onPlace(): void;
}

/** A taker in the queue. */
export interface Waiting {
  /** Nothing where it has left. */
  taker: Taker | undefined;
  next: Waiting | undefined;
}

/** The places of a transport. Whoever finds none free waits, first come, first served. */
export class Places {
  #free: number;
  /** The queue, a chain. Those that left are passed over when their turn comes. */
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  #isToHandOver = false;

  constructor(most: number) {
    this.#free = most;
  }

  /** Takes one that is free now. Where it gives false there is none, or others are before. */
  take(): boolean {
    if (this.#free === 0 || this.#first !== undefined) {
      return false;
    }
    this.#free--;
    return true;
  }

  /** Waits for one. For those that could not {@link take} one. */
  wait(taker: Taker): Waiting {
    const waiting: Waiting = { taker, next: undefined };
    if (this.#last === undefined) {
      this.#first = waiting;
    } else {
      this.#last.next = waiting;
    }
    this.#last = waiting;
    this.#match();
    return waiting;
  }

  /** Waits no more. */
  leave(waiting: Waiting): void {
    waiting.taker = undefined;
  }

  /** Gives one back. */
  give(): void {
    this.#free++;
    this.#match();
  }

  /**
   * Who waits gets what is free in a later turn of the microtasks: where many calls are ended one after the other, those
   * that wait must not be sent in between, just to be ended, too.
   */
  #match(): void {
    if (this.#free > 0 && this.#first !== undefined && !this.#isToHandOver) {
      this.#isToHandOver = true;
      queueMicrotask(() => this.#handOver());
    }
  }

  /** A loop: who gets one may give it back at once. */
  #handOver(): void {
    while (this.#free > 0 && this.#first !== undefined) {
      const { taker, next } = this.#first;
      this.#first = next;
      if (next === undefined) {
        this.#last = undefined;
      }
      if (taker !== undefined) {
        this.#free--;
        taker.onPlace();
      }
    }
    this.#isToHandOver = false;
  }
}
