/** What carries a request, and how it may fail. */

import { wordsOf } from './foreign.js';
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
   * The answer, whatever its status: its `Date` header, if any, its body as text, at most {@link MAX_REPLY_BYTES}, its
   * `Retry-After` header, if any, and its `Content-Encoding` if the body still has it.
   */
  onReply(
    status: number,
    date: string | undefined,
    body: string,
    retryAfter: string | undefined,
    encoding: string | undefined,
  ): void;
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

  /** `detail`: the HTTP library's words. The core takes secrets out of them before anyone sees them. */
  constructor(kind: FailureKind, detail: string) {
    super(detail);
    this.kind = kind;
  }
}

/** The fault that something thrown stands for. The core takes secrets out of the words. */
export function faultOf(thrown: unknown): { kind: FailureKind; detail: string } {
  const kind = thrown instanceof TransportFault ? thrown.kind : 'lost';
  return { kind, detail: wordsOf(thrown) };
}
