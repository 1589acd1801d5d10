/** What happens to calls, for logs and metrics. Holds no secrets: no URL, no UserSig, no body. */

import type { NativeClient } from './native.js';

/** Something that happened to a call, or to all of a client's calls. More kinds may come. */
export type ClientEvent =
  /** An attempt is sent. */
  | { event: 'try'; operation: string; attempt: number; host: string }
  /** An answer came. */
  | { event: 'reply'; operation: string; attempt: number; httpStatus: number; code: number | null }
  /** Sending or receiving failed. */
  | { event: 'failure'; operation: string; attempt: number; reason: string }
  /** There will be a retry. */
  | { event: 'retry'; operation: string; attempt: number; delayMs: number; reason: string }
  /** A call waits for its turn. */
  | { event: 'paced'; operation: string; delayMs: number }
  /** The service reported too many calls. */
  | { event: 'slowed_down'; operation: string; code: number }
  /** Requests go to another domain from now on. */
  | { event: 'failover'; to: string }
  /** A base URL is set as well, so the region counts for nothing. Told once for each client. */
  | { event: 'region_ignored'; region: string; baseUrl: string }
  /** Our clock is off the service's by so many seconds; UserSigs are signed by the service's. */
  | { event: 'skew_learnt'; seconds: number };

/** Receives events. */
export type EventHook = (event: ClientEvent) => void;

/** Listeners that are not a client's own, such as a channel of the process. */
export interface Observers {
  /** Whether there are any; asked when a call begins. */
  wanted(): boolean;
  /** Tells them. Must not throw. */
  publish(event: ClientEvent): void;
}

/** Takes the events of a client out of the core and hands them to those who listen. */
export class EventTap {
  readonly #hook: EventHook | undefined;
  readonly #observers: Observers | undefined;
  #listening = false;
  #complained = false;

  constructor(hook: EventHook | undefined, observers: Observers | undefined) {
    this.#hook = hook;
    this.#observers = observers;
  }

  /** Begins or stops to listen, as a call begins: events that nobody wants are not even made. */
  adjust(client: NativeClient): void {
    const wanted = this.#hook !== undefined || this.#observers?.wanted() === true;
    if (wanted !== this.#listening) {
      this.#listening = wanted;
      client.listen(wanted);
    }
  }

  /** Hands over what happened since the last time. Never throws. */
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

  /** What a hook throws is the hook's affair, and no call's. */
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
      console.error('tencent-im: onEvent threw; this is said once for each client', thrown);
    }
  }
}
