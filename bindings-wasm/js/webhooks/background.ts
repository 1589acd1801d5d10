/** Events that are handled after their answer. */

import { setTimeout } from '../clock.js';
import type { Arrival } from './intake.js';

/** Keeps a worker alive until a promise ends, as `ctx.waitUntil` does. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** Work that goes on after an answer: a bounded number of events, and handlers that were late. */
export class Background {
  readonly #max: number;
  #events = 0;
  #late = 0;
  #whenIdle: (() => void)[] = [];

  /** `max` is the most events that are handled at a time. */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Takes an event's work, to be begun once the answer is on its way; not if there is too much to do, or nothing keeps the
   * worker alive. It must not fail.
   */
  offer(work: () => Promise<unknown>, waitUntil: Arrival['waitUntil']): boolean {
    if (this.#events >= this.#max) {
      return false;
    }
    let end = () => {};
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    if (waitUntil?.(done) === false) {
      return false;
    }
    this.#events += 1;
    setTimeout(() => {
      void work().then(() => {
        this.#events -= 1;
        this.#ended();
        end();
      });
    }, 0);
    return true;
  }

  /** Waits for a handler that was late. It must not fail. */
  follow(late: Promise<unknown>, waitUntil: Arrival['waitUntil']): void {
    this.#late += 1;
    const done = late.then(() => {
      this.#late -= 1;
      this.#ended();
    });
    waitUntil?.(done);
  }

  /** Waits until there is nothing left to do. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#ended();
    });
  }

  #ended(): void {
    if (this.#events === 0 && this.#late === 0) {
      for (const resolve of this.#whenIdle.splice(0)) {
        resolve();
      }
    }
  }
}
