/** What carries a request, and how it may fail. */

import type { FailureKind } from './native.js';
import type { Places } from './places.js';
import type { Send } from './steps.js';

/** Sends requests. One belongs to each client; it is made at the client's first call. */
export interface Transport {
  /** How many requests it carries at once; any number where there are none. */
  readonly places?: Places;
  /**
   * Posts the request once, without following redirects and without retrying. Tells the receiver once how that ended,
   * later and never from within `send`; or throws, where it cannot even begin.
   */
  send(request: Send, receiver: Receiver): Attempt;
  /** Gives back sockets. Called once, when no request is under way. */
  close?(): void | Promise<void>;
}

/** Who sent a request. */
export interface Receiver {
  /**
   * The answer, whatever its status: its `Date` header, where there was one, and its body as text, decoded from any
   * content encoding, at most {@link MAX_REPLY_BYTES}.
   */
  onReply(status: number, date: string | undefined, body: string): void;
  /** There is no answer. Anything but a {@link TransportFault} counts as `lost`. */
  onFault(thrown: unknown): void;
}

/** A request under way. */
export interface Attempt {
  /** Ends it: the receiver hears nothing any more. Gives a fault where nothing was sent for sure. */
  stop(): TransportFault | undefined;
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
