/** State that a client shares with those made from it by `withOptions`: the core's client, the transport, the shutdown. */

import { clearTimeout, monoMs, queueMicrotask, setTimeout } from './clock.js';
import { type CallContext, type CallOwner, MAX_DELAY_MS, RunningCall } from './driver.js';
import { EventTap } from './events.js';
import { fetchTransport } from './fetch.js';
import type { Native, NativeClient } from './native.js';
import { type ClientOptions, readSettings, type Settings } from './options.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from './platform.js';
import { asked, errorHere } from './records.js';
import { seeded } from './seed.js';
import type { Transport } from './transport.js';

/** How late the timer of a call may be before the call counts as abandoned, in milliseconds. */
const ABANDONED_AFTER_MS = 2_000;

function closed(operation: string | undefined): Error {
  return errorHere({
    kind: 'Config',
    ...(operation === undefined ? {} : { operation }),
    message: 'the client is closed',
    cure: 'make a new client, or close this one later',
  });
}

/** The state of a client. */
export class Shared<Options extends ClientOptions = ClientOptions> implements CallOwner {
  readonly #platform: Platform<Options>;
  readonly #options: Options;
  /** Until the core's client is open, which then keeps the secret key in its own memory. */
  #settings: Settings | undefined;
  readonly #events: EventTap;
  #opened: NativeClient | undefined;
  /** The same, once its random numbers have a seed. */
  #seeded: NativeClient | undefined;
  #context: CallContext | undefined;
  #closed: Promise<void> | undefined;
  /**
   * The calls under way, in no order. Not a Set: whenever a Set grows or shrinks, V8 keeps its old table, and so every call
   * in it, until the next full garbage collection.
   */
  readonly #calls: RunningCall[] = [];
  #whenIdle: (() => void) | undefined;
  #isMoveDue = false;
  /** When to look for abandoned calls next, on the monotonic clock. */
  #nextSweepMs = 0;

  constructor(platform: Platform<Options>, options: Options) {
    this.#settings = readSettings(platform.native(), options, platform.ownOptions ?? []);
    checkKeyMayBeHere(platform, options.dangerouslyAllowBrowser);
    this.#platform = platform;
    this.#options = { ...options, secretKey: undefined };
    this.#events = new EventTap(this.#options.onEvent, platform.observers);
    if (platform.native() !== undefined) {
      this.#open();
    }
  }

  /** The core's client, if the core is loaded. */
  get opened(): NativeClient | undefined {
    return this.#opened;
  }

  /** The core's client, for synchronous use. */
  loaded(operation?: string): NativeClient {
    this.checkOpen(operation);
    return this.#open();
  }

  /** The core's client, for a request that is not sent here. */
  seeded(operation?: string): NativeClient {
    this.checkOpen(operation);
    return this.#seed();
  }

  /** Makes a call, with texts in the form that the core takes. May throw instead of rejecting. */
  call(op: string, input: string, options: string | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#platform.isBoundToRequest && this.#calls.length > 0 && monoMs() >= this.#nextSweepMs) {
      this.#nextSweepMs = monoMs() + ABANDONED_AFTER_MS;
      this.#dropAbandoned();
    }
    const begun = this.#add(op, signal).begin(input, options);
    return typeof begun === 'function' ? Promise.resolve(begun()) : begun;
  }

  /** Drives a call that the core has made already, such as a batch of a run. */
  async adopt(op: string, id: number, signal: AbortSignal | undefined): Promise<unknown> {
    this.checkOpen(op);
    const begun = this.#add(op, signal).adopt(id);
    return typeof begun === 'function' ? begun() : begun;
  }

  #add(op: string, signal: AbortSignal | undefined): RunningCall {
    const call = new RunningCall(this, op, signal, this.#calls.length);
    this.#calls.push(call);
    return call;
  }

  /** Returns the core, after loading it if necessary. */
  async native(): Promise<Native> {
    return this.#platform.native() ?? (await this.#platform.load());
  }

  load(): Promise<unknown> | undefined {
    return this.#opened === undefined ? this.#platform.load() : undefined;
  }

  context(): CallContext {
    this.#context ??= { client: this.#seed(), transport: this.#transport(), events: this.#events, lastDate: undefined };
    return this.#context;
  }

  moved(): void {
    // Calls bound to requests wait for the time they were told: only their own request can wake them.
    if (this.#isMoveDue || this.#platform.isBoundToRequest) {
      return;
    }
    this.#isMoveDue = true;
    // Once for all calls that are cancelled together.
    queueMicrotask(() => {
      this.#isMoveDue = false;
      for (const call of [...this.#calls]) {
        call.lookAgain();
      }
    });
  }

  ended(call: RunningCall): void {
    // The last one moves to its index.
    const last = this.#calls.pop() as RunningCall;
    if (last !== call) {
      last.index = call.index;
      this.#calls[call.index] = last;
    }
    if (this.#calls.length === 0) {
      this.#whenIdle?.();
    }
  }

  /** Closes the client to new calls, and waits until those under way have ended or `force` has cancelled them. */
  close(force: boolean | undefined): Promise<void> {
    this.#closed ??= this.#shutDown();
    if (force) {
      const reason = new Error('the client was closed by force');
      for (const call of [...this.#calls]) {
        call.abort(reason);
      }
    }
    return this.#closed;
  }

  /** @throws ConfigError if the client is closed. */
  checkOpen(operation?: string): void {
    if (this.#closed !== undefined) {
      throw closed(operation);
    }
  }

  async #shutDown(): Promise<void> {
    if (this.#calls.length > 0) {
      const idle = new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
      await (this.#platform.isBoundToRequest ? this.#idleOrAbandoned(idle) : idle);
    }
    await this.#context?.transport.close?.();
    this.#opened?.free?.();
    this.#opened = undefined;
    this.#seeded = undefined;
    this.#context = undefined;
  }

  /**
   * Waits until only abandoned calls are under way. A runtime that binds calls to requests (workerd) drops their timers and
   * fetches when the request ends, so that they never continue.
   */
  async #idleOrAbandoned(idle: Promise<void>): Promise<void> {
    while (this.#calls.length > 0) {
      const dueMs = Math.max(...this.#calls.map((call) => call.dueMs)) + ABANDONED_AFTER_MS;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const due = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.min(Math.max(1, dueMs - monoMs()), MAX_DELAY_MS));
      });
      await Promise.race([idle, due]);
      clearTimeout(timer);
      this.#dropAbandoned();
    }
  }

  #dropAbandoned(): void {
    const nowMs = monoMs();
    const reason = new Error('the request in which the call was made has ended');
    for (const call of this.#calls.filter(({ dueMs }) => dueMs + ABANDONED_AFTER_MS <= nowMs)) {
      call.abort(reason);
    }
  }

  /** Returns the core's client, after opening it if necessary. */
  #open(): NativeClient {
    if (this.#opened === undefined) {
      if (this.#settings === undefined) {
        // It was open once.
        throw closed(undefined);
      }
      const { sdkAppId, secretKey, json, own, region, baseUrl } = this.#settings;
      const native = loadedNative(this.#platform);
      this.#opened = asked(() => native.open(sdkAppId, secretKey, json, own, region, baseUrl));
      this.#settings = undefined;
    }
    return this.#opened;
  }

  /** Seeds the core's client at its first call: workerd has random numbers only while it serves a request. */
  #seed(): NativeClient {
    this.#seeded ??= seeded(this.#open());
    return this.#seeded;
  }

  #transport(): Transport {
    const { fetch } = this.#options;
    return fetch ? fetchTransport(fetch) : this.#platform.transport(this.#options);
  }
}
