/** What a client shares with those made from it by `withOptions`: the app in the core, the transport, the end. */

import { Ending } from './abort.js';
import { drive } from './driver.js';
import { EventTap } from './events.js';
import { fetchTransport } from './fetch.js';
import type { Native, NativeClient } from './native.js';
import { type ClientOptions, readSettings, type Settings } from './options.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from './platform.js';
import { asked, errorHere } from './records.js';
import type { Transport } from './transport.js';

/** A call as texts, and the caller's signal. */
export interface SharedCall {
  op: string;
  input: string;
  options: string | undefined;
  signal: AbortSignal | undefined;
}

/** The state of a client. */
export class Shared<Options extends ClientOptions = ClientOptions> {
  readonly #platform: Platform<Options>;
  readonly #options: Options;
  readonly #settings: Settings;
  readonly #events: EventTap;
  #opened: NativeClient | undefined;
  #transport: Transport | undefined;
  #closed: Promise<void> | undefined;
  /** Ends all calls when the client is closed by force. */
  readonly #ending = new Ending();
  #underWay = 0;
  #whenIdle: (() => void) | undefined;

  constructor(platform: Platform<Options>, options: Options) {
    this.#settings = readSettings(options, platform.ownOptions ?? []);
    checkKeyMayBeHere(platform, options.dangerouslyAllowBrowser);
    this.#platform = platform;
    this.#options = { ...options };
    this.#events = new EventTap(this.#options.onEvent, platform.observers);
    const native = platform.native();
    if (native !== undefined) {
      this.#opened = this.#open(native);
    }
  }

  /** The core's client where it is there already. */
  get opened(): NativeClient | undefined {
    return this.#opened;
  }

  /** The core's client for what cannot wait. */
  loaded(operation?: string): NativeClient {
    this.checkOpen(operation);
    this.#opened ??= this.#open(loadedNative(this.#platform));
    return this.#opened;
  }

  /** Makes a call and gives its result as JSON text. */
  async call({ signal, ...call }: SharedCall): Promise<string> {
    this.#underWay++;
    const signals = signal === undefined ? [this.#ending] : [signal, this.#ending];
    try {
      this.#opened ??= this.#open(await this.#platform.load());
      const client = this.#opened;
      this.#transport ??= this.#options.fetch
        ? fetchTransport(this.#options.fetch)
        : this.#platform.transport(this.#options);
      this.#events.adjust(client);
      return await drive(client, this.#transport, { ...call, signals, stepped: () => this.#events.drain(client) });
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) {
        this.#whenIdle?.();
      }
    }
  }

  /** Ends it: at once for new calls, and for those under way when they are done or `force` cancels them. */
  close(force: boolean | undefined): Promise<void> {
    this.#closed ??= this.#shut();
    if (force) {
      this.#ending.abort(new Error('the client was closed by force'));
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
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#transport?.close?.();
    this.#opened?.free?.();
    this.#opened = undefined;
  }

  #open(native: Native): NativeClient {
    const { sdkAppId, secretKey, json } = this.#settings;
    return asked(() => native.open(sdkAppId, secretKey, json));
  }
}
