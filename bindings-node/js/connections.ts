/**
 * The connections to one origin: a bounded number. The one that was used last is taken first, so that a program with
 * few calls at once keeps few; requests that find none free wait their turn, first come, first served.
 *
 * Each is an undici `Client`. Not a `Pool`: that learns only in a later turn of the event loop that a connection is free
 * again, and the next request would open another one.
 */

import { Client } from 'undici';

/** After how long a connection is looked at before it is used again, in milliseconds. */
const STALE_AFTER_MS = 1;

/** What wants a connection. */
export interface Applicant {
  /** It wants none any more. */
  readonly isDone: boolean;
  /** Takes it over. It gives it back by one of the methods of {@link Connections}. */
  begin(connection: Connection): void;
}

/** One connection. It connects when there is something to send, again where it was closed in between. */
export class Connection {
  readonly client: Client;
  /** When it was given back. */
  freeSinceMs = 0;

  constructor(origin: string, options: Client.Options) {
    this.client = new Client(origin, options);
  }
}

/** The connections to one origin. */
export class Connections {
  readonly #origin: string;
  readonly #options: Client.Options;
  readonly #most: number;
  readonly #all = new Set<Connection>();
  /** A stack. Where there are any, nobody waits. */
  readonly #free: Connection[] = [];
  /** A queue, also of some that are done: they are passed over when their turn comes. */
  readonly #waiting: Applicant[] = [];
  /** Who gets which in the next turn. */
  #soon: { connection: Connection; applicant: Applicant }[] = [];

  constructor(origin: string, options: Client.Options, most: number) {
    this.#origin = origin;
    this.#options = options;
    this.#most = most;
  }

  /** Hands over a connection, now or when one is free. */
  take(applicant: Applicant): void {
    const connection = this.#free.pop();
    if (connection === undefined) {
      if (this.#all.size < this.#most) {
        applicant.begin(this.#make());
      } else {
        this.#waiting.push(applicant);
      }
    } else if (performance.now() - connection.freeSinceMs < STALE_AFTER_MS) {
      this.#handOverSoon(connection, applicant);
    } else {
      // The server may have closed it while the program was busy, and nobody has noticed yet. One turn more: the first
      // may end what was read before the program got busy, the second surely reads anew.
      setImmediate(() => this.#handOverSoon(connection, applicant));
    }
  }

  /** Takes back a connection that can be used again. */
  free(connection: Connection): void {
    const next = this.#next();
    if (next === undefined) {
      connection.freeSinceMs = performance.now();
      this.#free.push(connection);
    } else {
      this.#handOverSoon(connection, next);
    }
  }

  /** Takes back a connection that is broken, or whose answer nobody waits for any more: it is closed. */
  discard(connection: Connection): void {
    this.#remove(connection);
    const next = this.#next();
    if (next !== undefined) {
      next.begin(this.#make());
    }
  }

  /** Gives a new connection for a broken one. */
  replace(connection: Connection): Connection {
    this.#remove(connection);
    return this.#make();
  }

  /** Closes all of them. Nobody waits for one any more. */
  async close(): Promise<void> {
    const all = [...this.#all];
    this.#all.clear();
    this.#free.length = 0;
    await Promise.all(all.map(({ client }) => client.destroy()));
  }

  /**
   * In the next turn of the event loop, and undici itself waits for another one: by then a server that closes after an
   * answer without having said so has done it.
   */
  #handOverSoon(connection: Connection, applicant: Applicant): void {
    // One callback for all: undici's own for each connection are enough.
    if (this.#soon.push({ connection, applicant }) === 1) {
      setImmediate(() => this.#handOver());
    }
  }

  #handOver(): void {
    const handovers = this.#soon;
    this.#soon = [];
    for (const { connection, applicant } of handovers) {
      if (applicant.isDone) {
        this.free(connection);
      } else {
        applicant.begin(connection);
      }
    }
  }

  #next(): Applicant | undefined {
    let next = this.#waiting.shift();
    while (next?.isDone) {
      next = this.#waiting.shift();
    }
    return next;
  }

  #make(): Connection {
    const connection = new Connection(this.#origin, this.#options);
    this.#all.add(connection);
    return connection;
  }

  #remove(connection: Connection): void {
    this.#all.delete(connection);
    void connection.client.destroy();
  }
}
