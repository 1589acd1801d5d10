/**
 * Requests over a pool of kept-alive connections.
 *
 * undici's `dispatch` is used as it is: it is undici's fastest way, and the only one that tells when a request begins
 * to go out. Before that moment the service cannot have seen anything; after it, it may have. No error code tells
 * that: a reset while connecting and a reset of a request are both ECONNRESET.
 */

import {
  type Ending,
  MAX_REPLY_BYTES,
  type Reply,
  type Send,
  type Transport,
  TransportFault,
} from 'tencent-im-wasm/facade';
import { type Dispatcher, Pool } from 'undici';
import { ConnectError, Connector } from './connector.js';
import { describe } from './detail.js';
import type { TransportSettings } from './options.js';
import { chooseProxy } from './proxy.js';

const HEADERS = { 'content-type': 'application/json' };

/** After how long without an answer the connections are looked at before one is used, in milliseconds. */
const STALE_AFTER_MS = 50;

/** The transport of a client. Makes no socket before the first request. */
export class PoolTransport implements Transport {
  readonly #settings: TransportSettings;
  readonly #connector: Connector;
  /** By origin: a region has a stand-by address beside its main one. */
  readonly #pools = new Map<string, Pool>();
  /** A program that gets answers turns its event loop, and so sees connections end. */
  #lastReplyMs = Number.NEGATIVE_INFINITY;

  constructor(settings: TransportSettings) {
    this.#settings = settings;
    this.#connector = new Connector(settings.connectTimeoutMs, settings.ca);
  }

  send(request: Send, ending: Ending): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const path = request.url.indexOf('/', 'https://'.length);
      const pool = this.#pool(request.url.slice(0, path));
      const options: Dispatcher.DispatchOptions = {
        path: request.url.slice(path),
        method: 'POST',
        headers: HEADERS,
        body: request.body,
        // The façade's own timer bounds the whole of it, and to the millisecond.
        headersTimeout: 0,
        bodyTimeout: 0,
      };
      this.#connector.hold();
      const exchange: Exchange = new Exchange(ending, {
        dispatch: () => pool.dispatch(options, exchange),
        done: (outcome) => {
          this.#connector.release();
          if (outcome instanceof TransportFault) {
            reject(outcome);
          } else {
            this.#lastReplyMs = performance.now();
            resolve(outcome);
          }
        },
      });
      if (performance.now() - this.#lastReplyMs < STALE_AFTER_MS) {
        exchange.begin();
      } else {
        // The server may have closed the idle connections while the program was busy, and nobody has noticed yet.
        // Two turns: the first may end what was read before the program got busy, the second surely reads anew.
        setImmediate(() => setImmediate(() => exchange.begin()));
      }
    });
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #pool(origin: string): Pool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      const { connections, keepAliveTimeoutMs } = this.#settings;
      const proxy = chooseProxy(new URL(origin), this.#settings.proxy);
      pool = new Pool(origin, {
        connect: this.#connector.connect(proxy),
        connections,
        pipelining: 1,
        keepAliveTimeout: keepAliveTimeoutMs,
      });
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}

/** What an exchange cannot do by itself. */
interface Steps {
  dispatch(): void;
  done(outcome: Reply | TransportFault): void;
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #steps: Steps;
  readonly #forget: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #begun = false;
  #isDone = false;
  #isAgain = false;
  #status = 0;
  #date: string | undefined;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(ending: Ending, steps: Steps) {
    this.#steps = steps;
    this.#forget = ending.listen(() => this.#end());
  }

  /** Hands the request over to be sent. */
  begin(): void {
    if (!this.#isDone) {
      this.#steps.dispatch();
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isDone) {
      // Given up while it waited for a connection: undici then writes nothing.
      controller.abort(new Error('given up'));
      return;
    }
    this.#controller = controller;
    this.#begun = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Interim answers, such as 103, come before the real one.
    if (status < 200) return;
    this.#status = status;
    const { date } = headers;
    this.#date = typeof date === 'string' ? date : undefined;
    if (Number(headers['content-length']) > MAX_REPLY_BYTES) this.#giveUp(new TransportFault('too_large', ''));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > MAX_REPLY_BYTES) this.#giveUp(new TransportFault('too_large', ''));
    else if (!this.#isDone) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#length);
    const reply = { status: this.#status, date: this.#date, body: body.toString('utf8') };
    // undici is going to free the connection in the next turn; this waits for that. Told right now, a program that
    // makes one call after the other would find the connection busy and open a second one.
    queueMicrotask(() => setImmediate(() => this.#settle(reply)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#begun || error instanceof ConnectError || this.#isAgain) {
      this.#settle(new TransportFault(this.#begun ? 'lost' : 'not_sent', describe(error)));
    } else {
      // An idle connection ended just when it was to be used. Nothing was written, so another may be taken; in the
      // next turn, when undici has put the old one away.
      this.#isAgain = true;
      setImmediate(() => this.begin());
    }
  }

  /** Time ran out, or the caller gave up. What had not begun can say for sure that it was not sent. */
  #end(): void {
    this.#giveUp(
      this.#begun
        ? new TransportFault('timeout', '')
        : new TransportFault('not_sent', 'no connection was free in time'),
    );
  }

  /** Ends it from this side, with the connection: what comes over it later belongs to nobody. */
  #giveUp(fault: TransportFault): void {
    this.#settle(fault);
    this.#controller?.abort(fault);
  }

  #settle(outcome: Reply | TransportFault): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#forget();
    this.#chunks = [];
    this.#steps.done(outcome);
  }
}
