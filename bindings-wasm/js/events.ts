/** What happens to calls, for logs and metrics. Events contain no URL, no UserSig and no body. */

import type { NativeClient } from './native.js';

/** Something that happened to a call, or to all calls of a client. Later versions may add kinds. */
export type ClientEvent =
  /** An attempt is sent. */
  | { event: 'attempt'; operation: string; attempt: number; host: string }
  /** A reply was received. */
  | { event: 'reply'; operation: string; attempt: number; httpStatus: number; code: number | null }
  /** Sending or receiving failed. */
  | { event: 'failure'; operation: string; attempt: number; reason: string }
  /** The call will be retried. */
  | { event: 'retry'; operation: string; attempt: number; delayMs: number; reason: string }
  /** The call waits for its rate limit. */
  | { event: 'queued'; operation: string; delayMs: number }
  /** The service reported too many calls. */
  | { event: 'slowed_down'; operation: string; code: number }
  /** Requests now go to another host. */
  | { event: 'failover'; to: string }
  /** The region is ignored because a base URL is set as well. Sent once per client. */
  | { event: 'region_ignored'; region: string; baseUrl: string }
  /** This machine's clock differs from the service's by so many seconds. UserSigs use the service's time. */
  | { event: 'skew_learned'; seconds: number };

/** Receives events. */
export type EventHook = (event: ClientEvent) => void;

/** Listeners other than a client's own hook, such as a channel of the process. */
export interface Observers {
  /** Returns whether anyone listens. Asked when a call begins. */
  wanted(): boolean;
  /** Tells the listeners. Must not throw. */
  publish(event: ClientEvent): void;
}

/** Takes a client's events from the core and passes them to the listeners. */
export class EventTap {
  readonly #hook: EventHook | undefined;
  readonly #observers: Observers | undefined;
  #listening = false;
  #complained = false;

  constructor(hook: EventHook | undefined, observers: Observers | undefined) {
    this.#hook = hook;
    this.#observers = observers;
  }

  /** Starts or stops listening as a call begins: without listeners the core makes no events. */
  adjust(client: NativeClient): void {
    const wanted = this.#hook !== undefined || this.#observers?.wanted() === true;
    if (wanted !== this.#listening) {
      this.#listening = wanted;
      client.listen(wanted);
    }
  }

  /** Passes on what happened since the last time. Never throws. */
  drain(client: NativeClient): void {
    const json = this.#listening ? client.takeEvents() : undefined;
    if (json === undefined || json === null) {
      return;
    }
    for (const event of JSON.parse(json) as ClientEvent[]) {
      this.#observers?.publish(event);
      this.#tell(event);
    }
  }

  /** Calls the hook. What it throws is reported once and does not reach the call. */
  #tell(event: ClientEvent): void {
    try {
      const result = this.#hook?.(event) as PromiseLike<unknown> | undefined;
      if (typeof result?.then === 'function') {
        result.then(undefined, (thrown: unknown) => this.#complain(thrown));
      }
    } catch (thrown) {
      this.#complain(thrown);
    }
  }

  #complain(thrown: unknown): void {
    if (!this.#complained) {
      this.#complained = true;
      console.error('tencent-im: onEvent threw (reported once per client)', thrown);
    }
  }
}
