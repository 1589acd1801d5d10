/**
 * The connections to one origin, last used first, so that a program that makes few calls at once keeps few connections.
 * Requests never wait here: each gets a connection of its own, and the transport's places limit their number.
 *
 * Each connection is an undici `Client`, not part of a `Pool`: a pool learns one turn of the event loop late that a
 * connection is free again, and would open another one for the next request.
 */

import { once } from 'node:events';

import type { Client } from 'undici';

import { preciseMs, setImmediate } from './clock.js';
import { undici } from './undici.js';

/** How long a connection may be idle before it is checked on its next use, in milliseconds. */
const STALE_AFTER_MS = 1;

/** The user of a connection. */
export interface User {
  /** The connection it took is ready to use. */
  onRested(): void;
}

/** One connection. Connects on first use, and again if it was closed in between. */
export class Connection {
  readonly client: Client;
  /** When it became idle. Undefined if it has never been up. */
  idleSinceMs: number | undefined;
  /** Replies since it connected. */
  answers = 0;
  /** Whether the request that opened it gave up before it was connected. */
  isSpare = false;
  #isUp = false;

  constructor(origin: string, options: Client.Options) {
    const { Client } = undici();
    this.client = new Client(origin, options);
    this.client.on('connect', () => {
      this.answers = 0;
      this.#isUp = true;
    });
    this.client.on('disconnect', () => {
      this.#isUp = false;
    });
  }

  /** Closes it and waits until it is closed. Undici's own promise never settles under fake timers. */
  async close(): Promise<void> {
    const closed = this.#isUp ? once(this.client, 'disconnect') : undefined;
    void this.client.destroy();
    await closed;
  }
}

/** The connections to one origin. */
export class Connections {
  readonly origin: string;
  readonly #options: Client.Options;
  readonly #most: number;
  readonly #all = new Set<Connection>();
  /** A stack. */
  readonly #free: Connection[] = [];
  /** Still connecting, and not in use. */
  readonly #spare = new Set<Connection>();

  constructor(origin: string, options: Client.Options, most: number) {
    this.origin = origin;
    this.#options = options;
    this.#most = most;
  }

  /** Takes a connection. Give it back by one of the other methods. */
  take(): Connection {
    const free = this.#free.pop();
    if (free !== undefined) {
      return free;
    }
    // A spare connection may hang, so prefer a new one while the limit allows it. At the limit there is always a spare:
    // fewer connections are in use than there are places.
    const [spare] = this.#all.size < this.#most ? [] : this.#spare;
    if (spare === undefined) {
      return this.#make();
    }
    this.#spare.delete(spare);
    return spare;
  }

  /** Tells the user when the connection is ready to use: immediately if it has never been up. */
  rest({ idleSinceMs, answers }: Connection, user: User): void {
    if (idleSinceMs === undefined) {
      user.onRested();
    } else if (preciseMs() - idleSinceMs < STALE_AFTER_MS) {
      // Its server has kept it open after an earlier reply, so there is no need to wait (`make bench-calls`, 1 in flight:
      // 54 µs of CPU a call with the wait, 46 without).
      if (answers > 1) {
        user.onRested();
      } else {
        this.#restForATurn(user);
      }
    } else {
      // The server may have closed it unnoticed while the program was busy. Two turns of the event loop: the first may
      // only finish reads that were already under way, the second surely reads again.
      setImmediate(() => this.#restForATurn(user));
    }
  }

  /** Takes back a reusable connection. */
  free(connection: Connection): void {
    this.#free.push(connection);
  }

  /** Takes back a connection that is still connecting. Undici queues the next user's request until it is connected. */
  spare(connection: Connection): void {
    connection.isSpare = true;
    this.#spare.add(connection);
  }

  /** Notes that a connection is up after its request gave up. */
  ready(connection: Connection): void {
    connection.isSpare = false;
    connection.idleSinceMs = preciseMs();
    if (this.#spare.delete(connection)) {
      this.#free.push(connection);
    }
  }

  /** Closes a connection that is broken, or whose reply is no longer wanted. */
  discard(connection: Connection): void {
    this.#all.delete(connection);
    this.#spare.delete(connection);
    void connection.client.destroy();
  }

  /** Replaces a broken connection by a new one. */
  replace(connection: Connection): Connection {
    this.discard(connection);
    return this.#make();
  }

  /** Closes all of them. */
  async close(): Promise<void> {
    const all = [...this.#all];
    this.#all.clear();
    this.#free.length = 0;
    this.#spare.clear();
    await Promise.all(all.map((connection) => connection.close()));
  }

  /**
   * Waits for one turn of the event loop, and undici waits for another: enough to notice a server that closes after each
   * reply without announcing it.
   */
  #restForATurn(user: User): void {
    setImmediate(() => user.onRested());
  }

  #make(): Connection {
    const connection = new Connection(this.origin, this.#options);
    this.#all.add(connection);
    return connection;
  }
}
