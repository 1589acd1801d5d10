/** What carries a request, and how it may fail. */

import type { Ending } from './abort.js';
import type { FailureKind, Send } from './native.js';

/** An answer as it came, whatever its status. */
export interface Reply {
  /** HTTP status. */
  status: number;
  /** The `Date` header, where there was one. */
  date?: string | undefined;
  /** The body as text, decoded from any content encoding. At most {@link MAX_REPLY_BYTES}. */
  body: string;
}

/**
 * Sends requests. One belongs to each client; it is made at the client's first call.
 *
 * `send` posts the request once, without following redirects and without retrying, and gives the answer whatever its
 * status. It throws a {@link TransportFault}; anything else that it throws counts as `lost`. `ending` ends when time ran
 * out or the caller gave up: nobody waits any more, except that a transport which then throws at once can say that
 * nothing had been sent.
 */
export interface Transport {
  send(request: Send, ending: Ending): Promise<Reply>;
  /** Gives back sockets. Called once, when no request is under way. */
  close?(): void | Promise<void>;
}

/** Longest answer that is read, in bytes. The service cuts group answers at 1 MB. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** A failure to send or to receive. */
export class TransportFault extends Error {
  /** How it failed. */
  readonly kind: FailureKind;

  /** `detail`: the HTTP library's words. A URL in them is cut out before anyone sees it. */
  constructor(kind: FailureKind, detail: string) {
    super(detail);
    this.kind = kind;
  }
}

/**
 * The fault that something thrown stands for, with words that are fit to be shown: some libraries write the whole URL
 * into their messages, and it holds a UserSig.
 */
export function faultOf(thrown: unknown, request: Send): { kind: FailureKind; detail: string } {
  const kind = thrown instanceof TransportFault ? thrown.kind : 'lost';
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  const query = request.url.indexOf('?');
  const detail = words
    .replaceAll(query < 0 ? request.url : request.url.slice(query), '')
    .replaceAll(/\?[^\s"'<>)]*usersig[^\s"'<>)]*/gi, '')
    .replaceAll(/usersig=[^\s&"'<>)]*/gi, '');
  return { kind, detail: detail.slice(0, 300) };
}
