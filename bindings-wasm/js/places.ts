/**
 * Limits how many requests a transport carries at once. A call takes a place before it asks the core whether it may be
 * sent: once the core has said so, it counts the attempt and its timeout as started.
 */

import { queueMicrotask } from './clock.js';

/** Waits for a place. */
export interface Waiter {
  /** Receives a place, which it must give back. */
  onPlace(): void;
}

/** A waiter in the queue. */
export interface QueueEntry {
  /** Undefined once it has left. */
  waiter: Waiter | undefined;
  next: QueueEntry | undefined;
}

/** The places of a transport. Waiters are served first come, first served. */
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
   * Hands out free places in a later microtask: while many calls are being cancelled one after the other, waiting ones must
   * not be sent only to be cancelled next.
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
