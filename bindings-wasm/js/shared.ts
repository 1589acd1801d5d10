/** What a client shares with those made from it by `withOptions`: the app in the core, the transport, the end. */

import { queueMicrotask } from './clock.js';
import { type Home, type Means, RunningCall } from './driver.js';
import { EventTap } from './events.js';
import { fetchTransport } from './fetch.js';
import type { Native, NativeClient } from './native.js';
import { type ClientOptions, readSettings, type Settings } from './options.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from './platform.js';
import { asked, errorHere } from './records.js';
import type { Transport } from './transport.js';

/** The state of a client. */
export class Shared<Options extends ClientOptions = ClientOptions> implements Home {
  readonly #platform: Platform<Options>;
  readonly #options: Options;
  readonly #settings: Settings;
  readonly #events: EventTap;
  #opened: NativeClient | undefined;
  #means: Means | undefined;
  #closed: Promise<void> | undefined;
  /**
   * In no order. Not a Set: whenever it grows or is tidied V8 keeps its old table with all that was in it, until the next
   * full collection of garbage, and that would be every call.
   */
  readonly #underWay: RunningCall[] = [];
  #whenIdle: (() => void) | undefined;
  #hasMoved = false;

  constructor(platform: Platform<Options>, options: Options) {
    this.#settings = readSettings(platform.native(), options, platform.ownOptions ?? []);
    checkKeyMayBeHere(platform, options.dangerouslyAllowBrowser);
    this.#platform = platform;
    this.#options = { ...options };
    this.#events = new EventTap(this.#options.onEvent, platform.observers);
    if (platform.native() !== undefined) {
      this.#open();
    }
  }

  /** The core's client where it is there already. */
  get opened(): NativeClient | undefined {
    return this.#opened;
  }

  /** The core's client for what cannot wait. */
  loaded(operation?: string): NativeClient {
    this.checkOpen(operation);
    return this.#open();
  }

  /** Makes a call, with texts as the core takes them, and gives its result. Never throws. */
  call(op: string, input: string, options: string | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    const call = new RunningCall(this, op, signal, this.#underWay.length);
    this.#underWay.push(call);
    const refusal = call.begin(input, options);
    return refusal === undefined ? call.promise : Promise.reject(refusal());
  }

  /** The core, waited for where it must be. */
  async native(): Promise<Native> {
    return this.#platform.native() ?? (await this.#platform.load());
  }

  load(): Promise<unknown> | undefined {
    return this.#opened === undefined ? this.#platform.load() : undefined;
  }

  means(): Means {
    this.#means ??= { client: this.#open(), transport: this.#transport(), events: this.#events, lastDate: undefined };
    return this.#means;
  }

  moved(): void {
    // Where calls are bound to requests each waits until the time it was told: its own request wakes it.
    if (this.#hasMoved || this.#platform.isBoundToRequest) {
      return;
    }
    this.#hasMoved = true;
    // Once for all that are cancelled at this moment.
    queueMicrotask(() => {
      this.#hasMoved = false;
      for (const call of [...this.#underWay]) {
        call.lookAgain();
      }
    });
  }

  ended(call: RunningCall): void {
    // The last one takes its place.
    const last = this.#underWay.pop() as RunningCall;
    if (last !== call) {
      last.place = call.place;
      this.#underWay[call.place] = last;
    }
    if (this.#underWay.length === 0) {
      this.#whenIdle?.();
    }
  }

  /** Ends it: at once for new calls, and for those under way when they are done or `force` cancels them. */
  close(force: boolean | undefined): Promise<void> {
    this.#closed ??= this.#shut();
    if (force) {
      const reason = new Error('the client was closed by force');
      for (const call of [...this.#underWay]) {
        call.abort(reason);
      }
    }
    return this.#closed;
  }

  /** @throws ConfigError when it is closed. */
  checkOpen(operation?: string): void {
    if (this.#closed !== undefined) {
      throw errorHere({
        kind: 'Config',
        ...(operation === undefined ? {} : { operation }),
        message: 'the client is closed',
        cure: 'make a new client, or close this one later',
      });
    }
  }

  async #shut(): Promise<void> {
    if (this.#underWay.length > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#means?.transport.close?.();
    this.#opened?.free?.();
    this.#opened = undefined;
    this.#means = undefined;
  }

  /** The core's client, opened where it was not. */
  #open(): NativeClient {
    if (this.#opened === undefined) {
      const { sdkAppId, secretKey, json, own, region, baseUrl } = this.#settings;
      const native = loadedNative(this.#platform);
      this.#opened = asked(() => native.open(sdkAppId, secretKey, json, own, region, baseUrl));
    }
    return this.#opened;
  }

  #transport(): Transport {
    const { fetch } = this.#options;
    return fetch ? fetchTransport(fetch) : this.#platform.transport(this.#options);
  }
}
