/**
 * Limits how many requests a transport carries at once. A call takes a place before it asks the core whether it may be
 * sent: for the core an attempt is out as soon as it has said so, and its turn and its timeout count from then.
 */

import { queueMicrotask } from './clock.js';

/** What waits for a place. */
export interface Waiter {
  /** It has one now, and has to give it back. */
  onPlace(): void;
}

/** A waiter in the queue. */
export interface QueueEntry {
  /** Undefined once it has left. */
  waiter: Waiter | undefined;
  next: QueueEntry | undefined;
}

/** The places of a transport. If none is free, callers wait: first come, first served. */
export class Places {
  #free: number;
  /** The queue, a linked list. Entries whose waiter has left are skipped when their turn comes. */
  #first: QueueEntry | undefined;
  #last: QueueEntry | undefined;
  #isHandOverDue = false;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Takes a place if one is free and nobody waits. Returns whether it did. */
  take(): boolean {
    if (this.#free === 0 || this.#first !== undefined) {
      return false;
    }
    this.#free--;
    return true;
  }

  /** Waits for a place, after {@link take} returned false. */
  wait(waiter: Waiter): QueueEntry {
    const entry: QueueEntry = { waiter, next: undefined };
    if (this.#last === undefined) {
      this.#first = entry;
    } else {
      this.#last.next = entry;
    }
    this.#last = entry;
    this.#match();
    return entry;
  }

  /** Stops waiting. */
  leave(entry: QueueEntry): void {
    entry.waiter = undefined;
  }

  /** Gives a place back. */
  give(): void {
    this.#free++;
    this.#match();
  }

  /**
   * Hands free places over in a later microtask: when many calls are ended one after the other, those that wait must not
   * be sent in between just to be ended, too.
   */
  #match(): void {
    if (this.#free > 0 && this.#first !== undefined && !this.#isHandOverDue) {
      this.#isHandOverDue = true;
      queueMicrotask(() => this.#handOver());
    }
  }

  /** Loops, since a waiter may give its place back at once. */
  #handOver(): void {
    while (this.#free > 0 && this.#first !== undefined) {
      const { waiter, next } = this.#first;
      this.#first = next;
      if (next === undefined) {
        this.#last = undefined;
      }
      if (waiter !== undefined) {
        this.#free--;
        waiter.onPlace();
      }
    }
    this.#isHandOverDue = false;
  }
}
