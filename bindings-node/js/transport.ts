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

/** Thrown at undici by an exchange that was given up while its connection came about. */
const GIVEN_UP = new Error('given up');

/** The transport of a client. Makes no socket before the first request. */
export class PoolTransport implements Transport {
  /** For all origins together. */
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
   * Node keeps timers of one length in a list of their own, and makes and takes down the list with its first and its last
   * one. While this one is in it, the timers of one call after the other cost little.
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
 * One request and its answer.
 *
 * It is a handler of undici's older kind, the one with `onConnect`. That is given the headers as they came, of which a few
 * are wanted here; for one of the newer kind undici makes an object of all headers, and a controller.
 */
class Exchange implements Attempt, User, Dispatcher.DispatchHandler {
  readonly #options: Dispatcher.DispatchOptions;
  readonly #receiver: Receiver;
  readonly #connections: Connections;
  readonly #connector: Connector;
  #connection: Connection | undefined;
  /** undici has it. */
  #isDispatched = false;
  /** It goes out. */
  #hasBegun = false;
  #isAgain = false;
  #status = 0;
  #date: string | undefined;
  #retryAfter: string | undefined;
  #encoding: string | undefined;
  readonly #body = new Bytes();
  #isDone = false;

  constructor(path: string, body: string, receiver: Receiver, connections: Connections, connector: Connector) {
    // No time limits of undici's: the façade's own timer bounds the whole of it, and to the millisecond.
    this.#options = { path, method: 'POST', headers: HEADERS, body, headersTimeout: 0, bodyTimeout: 0 };
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

  /** Time ran out, or the caller gave up. What had not begun can say for sure that it was not sent. */
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
    return new TransportFault('not_sent', 'no connection came about in time');
  }

  onConnect(): void {
    if (this.#isDone) {
      // undici then writes nothing, and keeps the connection.
      throw GIVEN_UP;
    }
    this.#hasBegun = true;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    // Interim answers, such as 103, come before the real one.
    if (status < 200) return true;
    this.#status = status;
    this.#date = firstOf(headers, 'date');
    this.#retryAfter = firstOf(headers, 'retry-after');
    this.#encoding = firstOf(headers, 'content-encoding');
    if (Number(firstOf(headers, 'content-length')) > MAX_REPLY_BYTES) this.#refuseTooLarge();
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#body.length + chunk.length > MAX_REPLY_BYTES) this.#refuseTooLarge();
    else this.#body.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#isDone) return;
    this.#finish();
    // First, so that what is sent next finds it free.
    const connection = this.#connection as Connection;
    connection.idleSinceMs = preciseMs();
    connection.answers++;
    this.#connections.free(connection);
    const { buffer, byteOffset, byteLength } = this.#body.whole();
    const body = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    this.#receiver.onReply(this.#status, this.#date, body, this.#retryAfter, this.#encoding);
  }

  onError(error: Error): void {
    const connection = this.#connection as Connection;
    if (error === GIVEN_UP) {
      this.#connections.ready(connection);
    } else if (this.#isDone) {
      this.#discard();
    } else if (this.#hasBegun || this.#isAgain || (error instanceof ConnectError && !connection.isSpare)) {
      this.#discard();
      // Later, since undici may say so from within `send`.
      queueMicrotask(() => this.#fail(new TransportFault(this.#hasBegun ? 'lost' : 'not_sent', describe(error))));
    } else {
      // An idle connection ended just when it was to be used, or one that came about for another request did not.
      // Nothing was written, so a new one may be taken.
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

  /** Closes the connection: what comes over it later belongs to nobody. */
  #discard(): void {
    if (this.#connection !== undefined) {
      this.#connections.discard(this.#connection);
      this.#connection = undefined;
    }
  }
}

/** The value of the first header of that name, which is in small letters, out of names and values in turn. */
function firstOf(headers: readonly Buffer[], name: string): string | undefined {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const each = headers[i] as Buffer;
    if (each.length === name.length && each.toString('latin1').toLowerCase() === name) {
      return headers[i + 1]?.toString('latin1');
    }
  }
  return undefined;
}
