/**
 * The connections to one origin. The one that was used last is taken first, so that a program with few calls at once
 * keeps few. Nobody waits for one here: there are as many as requests at once, and the transport's places bound those.
 *
 * Each is an undici `Client`. Not a `Pool`: that learns only in a later turn of the event loop that a connection is free
 * again, and the next request would open another one.
 */

import { once } from 'node:events';

import type { Client } from 'undici';

import { preciseMs, setImmediate } from './clock.js';
import { undici } from './undici.js';

/** After how long a connection is looked at before it is used again, in milliseconds. */
const STALE_AFTER_MS = 1;

/** Who is to use a connection. */
export interface User {
  /** The connection that it took can be used. */
  onRested(): void;
}

/** One connection. It connects when there is something to send, again where it was closed in between. */
export class Connection {
  readonly client: Client;
  /** Since when it is idle; not at all where it was never up. */
  idleSinceMs: number | undefined;
  /** How many requests it has carried since it came about. */
  answers = 0;
  /** It was given up by the request for which it comes about. */
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

  /** Closes it, and waits for that. Not for undici's own promise: with fake timers it never comes. */
  async close(): Promise<void> {
    const closed = this.#isUp ? once(this.client, 'disconnect') : undefined;
    void this.client.destroy();
    await closed;
  }
}

/** The connections to one origin. */
export class Connections {
  readonly #origin: string;
  readonly #options: Client.Options;
  readonly #most: number;
  readonly #all = new Set<Connection>();
  /** A stack. */
  readonly #free: Connection[] = [];
  /** Those that come about for nobody. */
  readonly #spare = new Set<Connection>();
  /** Who is to begin in the next turn. */
  #soon: User[] = [];

  constructor(origin: string, options: Client.Options, most: number) {
    this.#origin = origin;
    this.#options = options;
    this.#most = most;
  }

  /** Gives a connection; it is given back by one of the other methods. */
  take(): Connection {
    const free = this.#free.pop();
    if (free !== undefined) {
      return free;
    }
    // One that others gave up may hang: as long as there may be more, a new one is the better choice. Then there is
    // always a spare one, as those in use are fewer than the places.
    const [spare] = this.#all.size < this.#most ? [] : this.#spare;
    if (spare === undefined) {
      return this.#make();
    }
    this.#spare.delete(spare);
    return spare;
  }

  /** Tells the user of a connection when that can be used, at once where it was never up. */
  rest({ idleSinceMs, answers }: Connection, user: User): void {
    if (idleSinceMs === undefined) {
      user.onRested();
    } else if (preciseMs() - idleSinceMs < STALE_AFTER_MS) {
      // Of one that was used again its server has shown that it does not close after an answer.
      if (answers > 1) {
        user.onRested();
      } else {
        this.#restForATurn(user);
      }
    } else {
      // The server may have closed it while the program was busy, and nobody has noticed yet. One turn more: the first
      // may end what was read before the program got busy, the second surely reads anew.
      setImmediate(() => this.#restForATurn(user));
    }
  }

  /** Takes back a connection that can be used again. */
  free(connection: Connection): void {
    this.#free.push(connection);
  }

  /** Takes back a connection that is just coming about. Whoever takes it is served when it has, by undici's own queue. */
  spare(connection: Connection): void {
    connection.isSpare = true;
    this.#spare.add(connection);
  }

  /** A connection has come about after it was given up. */
  ready(connection: Connection): void {
    connection.isSpare = false;
    connection.idleSinceMs = preciseMs();
    if (this.#spare.delete(connection)) {
      this.#free.push(connection);
    }
  }

  /** Takes back a connection that is broken, or whose answer nobody waits for any more: it is closed. */
  discard(connection: Connection): void {
    this.#all.delete(connection);
    this.#spare.delete(connection);
    void connection.client.destroy();
  }

  /** Gives a new connection for a broken one. */
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
   * Until the next turn of the event loop, and undici itself waits for another one: by then a server that closes after an
   * answer without having said so has done it.
   */
  #restForATurn(user: User): void {
    // One callback for all: undici's own for each connection are enough.
    if (this.#soon.push(user) === 1) {
      setImmediate(() => {
        const users = this.#soon;
        this.#soon = [];
        for (const each of users) {
          each.onRested();
        }
      });
    }
  }

  #make(): Connection {
    const connection = new Connection(this.#origin, this.#options);
    this.#all.add(connection);
    return connection;
  }
}
