/**
 * Requests over kept-alive connections.
 *
 * undici's `dispatch` is used as it is: it is undici's fastest way, and the only one that tells when a request begins
 * to go out. Before that moment the service cannot have seen anything; after it, it may have. No error code tells
 * that: a reset while connecting and a reset of a request are both ECONNRESET.
 */

import {
  type Attempt,
  Bytes,
  MAX_REPLY_BYTES,
  Places,
  type Receiver,
  type Send,
  type Transport,
  TransportFault,
} from 'tencent-im-wasm/facade';
import type { Dispatcher } from 'undici';
import { clearTimeout, preciseMs, queueMicrotask, setTimeout } from './clock.js';
import { type Connection, Connections, type User } from './connections.js';
import { ConnectError, Connector } from './connector.js';
import { describe } from './detail.js';
import type { TransportSettings } from './options.js';
import { chooseProxy } from './proxy.js';
import { dispatch, undici } from './undici.js';

const HEADERS = ['content-type', 'application/json', 'accept-encoding', 'identity'];

/** Lengths of the names of the headers that matter here. The others are not even turned into text. */
const WANTED_LENGTHS = new Set(
  ['date', 'retry-after', 'content-encoding', 'content-length'].map((name) => name.length),
);

/** Thrown at undici by an exchange that was given up while its connection was being made. */
const GIVEN_UP = new Error('given up');

/** The transport of a client. Opens no socket before the first request. */
export class PoolTransport implements Transport {
  /** Shared by all origins. */
  readonly places: Places;
  readonly #settings: TransportSettings;
  readonly #connector: Connector;
  /** By origin: a region has a fallback host beside its main one. */
  readonly #connections = new Map<string, Connections>();
  #timerKeeper: NodeJS.Timeout | undefined;

  constructor(settings: TransportSettings) {
    undici();
    this.places = new Places(settings.connections);
    this.#settings = settings;
    this.#connector = new Connector(settings.connectTimeoutMs, settings.ca);
  }

  send(request: Send, receiver: Receiver): Attempt {
    const { url, body, timeoutMs } = request;
    this.#keepTimers(timeoutMs);
    const path = url.indexOf('/', 'https://'.length);
    const connections = this.#to(url.slice(0, path));
    const exchange = new Exchange(url.slice(path), body, receiver, connections, this.#connector);
    exchange.begin();
    return exchange;
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    clearTimeout(this.#timerKeeper);
    await Promise.all([...this.#connections.values()].map((connections) => connections.close()));
  }

  /**
   * Keeps a timer of the same length running. Node lists timers by length, and builds and drops a list with its first and
   * last timer: without this one, calls made one after the other would do so each time (`make bench-calls`, 1 in flight:
   * 52.4 µs of CPU a call without, 47.1 with).
   */
  #keepTimers(timeoutMs: number): void {
    if (this.#timerKeeper === undefined) {
      this.#timerKeeper = setTimeout(() => {
        this.#timerKeeper = undefined;
      }, timeoutMs).unref();
    }
  }

  #to(origin: string): Connections {
    let connections = this.#connections.get(origin);
    if (connections === undefined) {
      const { connections: most, keepAliveTimeoutMs: keepAliveTimeout } = this.#settings;
      const connect = this.#connector.connect(chooseProxy(new URL(origin), this.#settings.proxy));
      connections = new Connections(origin, { connect, pipelining: 1, keepAliveTimeout }, most);
      this.#connections.set(origin, connections);
    }
    return connections;
  }
}

/**
 * One request and its reply.
 *
 * A handler of undici's older kind, which undici 7 still calls inside: it gets the headers as they came, of which few
 * matter here. For one of the newer kind undici makes an object of all headers, and a controller (`make bench-calls`, 64
 * in flight: 17.4 µs of CPU a call, 16.9 with the older kind).
 */
class Exchange implements Attempt, User, Dispatcher.DispatchHandler {
  readonly #options: Dispatcher.DispatchOptions;
  readonly #receiver: Receiver;
  readonly #connections: Connections;
  readonly #connector: Connector;
  #connection: Connection | undefined;
  /** Whether undici has the request. */
  #isDispatched = false;
  /** Whether the request may have begun to go out. */
  #hasBegun = false;
  /** Whether this is the second connection, after an idle one had ended. */
  #isAgain = false;
  #status = 0;
  #date: string | undefined;
  #retryAfter: string | undefined;
  #encoding: string | undefined;
  readonly #body = new Bytes();
  #isDone = false;

  constructor(path: string, body: string, receiver: Receiver, connections: Connections, connector: Connector) {
    // Undici's own timeouts are off: the façade's timer covers the whole exchange, to the millisecond.
    this.#options = {
      origin: connections.origin,
      path,
      method: 'POST',
      headers: HEADERS,
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.#receiver = receiver;
    this.#connections = connections;
    this.#connector = connector;
    connector.hold();
  }

  begin(): void {
    const connection = this.#connections.take();
    this.#connection = connection;
    this.#connections.rest(connection, this);
  }

  onRested(): void {
    if (!this.#isDone) this.#dispatch(this.#connection as Connection);
  }

  #dispatch(connection: Connection): void {
    this.#isDispatched = true;
    dispatch(connection.client, this.#options, this);
  }

  /** Ends it on timeout or cancellation. Until it has begun, it was surely not sent. */
  stop(): TransportFault | undefined {
    this.#finish();
    if (this.#hasBegun) {
      this.#discard();
      return undefined;
    }
    if (this.#connection !== undefined) {
      if (this.#isDispatched) this.#connections.spare(this.#connection);
      else this.#connections.free(this.#connection);
    }
    return new TransportFault('not_sent', 'no connection was made in time');
  }

  onConnect(): void {
    if (this.#isDone) {
      // Undici then writes nothing and keeps the connection.
      throw GIVEN_UP;
    }
    this.#hasBegun = true;
  }

  onHeaders(status: number, headers: readonly Buffer[]): boolean {
    // Interim replies, such as 103, come before the final one.
    if (status < 200) return true;
    this.#status = status;
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const name = headers[i] as Buffer;
      if (WANTED_LENGTHS.has(name.length)) this.#onHeader(name, headers[i + 1] as Buffer);
    }
    return true;
  }

  /** Notes a header. The first of a name counts. */
  #onHeader(name: Buffer, value: Buffer): void {
    switch (name.toString('latin1').toLowerCase()) {
      case 'date':
        this.#date ??= value.toString('latin1');
        break;
      case 'retry-after':
        this.#retryAfter ??= value.toString('latin1');
        break;
      case 'content-encoding':
        this.#encoding ??= value.toString('latin1');
        break;
      case 'content-length':
        if (Number(value.toString('latin1')) > MAX_REPLY_BYTES) this.#refuseTooLarge();
    }
  }

  onData(chunk: Buffer): boolean {
    if (this.#body.length + chunk.length > MAX_REPLY_BYTES) this.#refuseTooLarge();
    else this.#body.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#isDone) return;
    this.#finish();
    // First, so that the next request finds it free.
    const connection = this.#connection as Connection;
    connection.idleSinceMs = preciseMs();
    connection.answers++;
    this.#connections.free(connection);
    this.#receiver.onReply(this.#status, this.#date, textOf(this.#body.whole()), this.#retryAfter, this.#encoding);
  }

  onError(error: Error): void {
    const connection = this.#connection as Connection;
    if (error === GIVEN_UP) {
      this.#connections.ready(connection);
    } else if (this.#isDone) {
      this.#discard();
    } else if (this.#hasBegun || this.#isAgain || (error instanceof ConnectError && !connection.isSpare)) {
      this.#discard();
      // Later, since undici may report it from within `send`.
      queueMicrotask(() => this.#fail(new TransportFault(this.#hasBegun ? 'lost' : 'not_sent', describe(error))));
    } else {
      // An idle connection ended just before its use, or a spare one could not be made. Nothing was written, so it is safe
      // to take a new one.
      this.#isAgain = true;
      this.#connection = this.#connections.replace(connection);
      this.#dispatch(this.#connection);
    }
  }

  #refuseTooLarge(): void {
    if (this.#isDone) return;
    this.#discard();
    this.#fail(new TransportFault('too_large', ''));
  }

  #fail(fault: TransportFault): void {
    if (this.#isDone) return;
    this.#finish();
    this.#receiver.onFault(fault);
  }

  #finish(): void {
    this.#isDone = true;
    this.#connector.release();
  }

  /** Closes the connection, so that a late reply cannot reach another request. */
  #discard(): void {
    if (this.#connection !== undefined) {
      this.#connections.discard(this.#connection);
      this.#connection = undefined;
    }
  }
}

/** Decodes UTF-8. Most bodies are one of Node's buffers, which needs no wrapping. */
function textOf(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return (bytes instanceof Buffer ? bytes : Buffer.from(buffer, byteOffset, byteLength)).toString('utf8');
}
