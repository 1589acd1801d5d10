/** Transports: what carries requests, and how that may fail. */

import { wordsOf } from './foreign.js';
import type { FailureKind } from './native.js';
import type { Places } from './places.js';
import type { Send } from './steps.js';

/** Sends requests. Each client makes one at its first call. */
export interface Transport {
  /** Limits the number of concurrent requests. Unlimited if undefined. */
  readonly places?: Places;
  /**
   * Posts the request once, without redirects or retries. Reports the outcome to the receiver once, and never from within
   * `send`. Throws if it cannot begin.
   */
  send(request: Send, receiver: Receiver): Attempt;
  /** Releases sockets. Called once, when no request is under way. */
  close?(): void | Promise<void>;
}

/** Receives the outcome of a request. */
export interface Receiver {
  /**
   * Takes the reply, whatever its status: its `Date` header, if any; its body as text, at most {@link MAX_REPLY_BYTES};
   * its `Retry-After` header, if any; and its `Content-Encoding` if the body still has it.
   */
  onReply(
    status: number,
    date: string | undefined,
    body: string,
    retryAfter: string | undefined,
    encoding: string | undefined,
  ): void;
  /** Takes a failure. Anything but a {@link TransportFault} counts as `lost`. */
  onFault(thrown: unknown): void;
}

/** A request under way. */
export interface Attempt {
  /** Ends it: nothing more is reported. Returns a fault if nothing was sent for certain. */
  stop(): TransportFault | undefined;
}

/** Longest reply that is read, in bytes. The service limits replies about groups to 1 MB. */
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** A failure to send or to receive. */
export class TransportFault extends Error {
  /** How it failed. */
  readonly kind: FailureKind;

  /** `detail` is the HTTP library's message. The core removes secrets from it before anyone sees it. */
  constructor(kind: FailureKind, detail: string) {
    super(detail);
    this.kind = kind;
  }
}

/** Returns the kind and the message of anything thrown. The core removes secrets from the message. */
export function faultOf(thrown: unknown): { kind: FailureKind; detail: string } {
  const kind = thrown instanceof TransportFault ? thrown.kind : 'lost';
  return { kind, detail: wordsOf(thrown) };
}
