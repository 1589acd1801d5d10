/** Sends with `fetch`, the only way in edge workers and browsers. */

import { Bytes } from './bytes.js';
import { wordsOf } from './foreign.js';
import type { Send } from './steps.js';
import { TextDecoder } from './text.js';
import { type Attempt, MAX_REPLY_BYTES, type Receiver, type Transport, TransportFault } from './transport.js';

/** The part of `fetch` that is used. Every runtime's own fits. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchReply>;

/** The second argument of {@link FetchLike}. */
export interface FetchInit {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
  redirect: 'manual';
  signal: AbortSignal;
}

/** The part of a `Response` that is used. */
export interface FetchReply {
  readonly status: number;
  readonly type?: string;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
}

/** Headers of every request. */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'application/json',
  'Accept-Encoding': 'identity',
};

/** Sends with the given `fetch`. Defaults to the runtime's own, read for each attempt, since tests replace it. */
export function fetchTransport(given?: FetchLike): Transport {
  return {
    send(request, receiver) {
      return new FetchAttempt(given ?? platformFetch, request, receiver);
    },
  };
}

function platformFetch(url: string, init: FetchInit): Promise<FetchReply> {
  if (typeof globalThis.fetch !== 'function') {
    // For example in Jest's jsdom.
    throw new TransportFault('not_sent', 'this environment has no fetch; pass one as the option fetch');
  }
  return globalThis.fetch(url, init);
}

/** One attempt. Only the runtime knows how much of it was sent. */
class FetchAttempt implements Attempt {
  // One per attempt: in workerd it belongs to the request being served, and others must not touch it.
  readonly #controller = new AbortController();
  #receiver: Receiver | undefined;

  constructor(send: FetchLike, request: Send, receiver: Receiver) {
    this.#receiver = receiver;
    post(send, request, this.#controller.signal).then(
      // The runtime has already decoded the body.
      ({ status, date, body, retryAfter }) => this.#receiver?.onReply(status, date, body, retryAfter, undefined),
      (thrown: unknown) => this.#receiver?.onFault(thrown),
    );
  }

  stop(): undefined {
    this.#receiver = undefined;
    try {
      this.#controller.abort();
    } catch {
      // In workerd it belongs to another request. If that has ended, so has the fetch.
    }
  }
}

async function post(
  send: FetchLike,
  request: Send,
  signal: AbortSignal,
): Promise<{ status: number; date: string | undefined; body: string; retryAfter: string | undefined }> {
  let reply: FetchReply;
  try {
    reply = await send(request.url, {
      method: 'POST',
      headers: { ...HEADERS },
      body: request.body,
      redirect: 'manual',
      signal,
    });
  } catch (thrown) {
    throw thrown instanceof TransportFault
      ? thrown
      : new TransportFault(isUnsent(thrown) ? 'not_sent' : 'lost', describe(thrown));
  }
  // A browser hides the status of a redirect.
  const status = reply.type === 'opaqueredirect' ? 302 : reply.status;
  const date = reply.headers.get('date') ?? undefined;
  const retryAfter = reply.headers.get('retry-after') ?? undefined;
  return { status, date, body: await readBody(reply), retryAfter };
}

/** Reads a body up to the size limit. Stops reading a longer one. */
async function readBody(reply: FetchReply): Promise<string> {
  if (reply.body === null || reply.body === undefined) {
    return '';
  }
  const reader = reply.body.getReader();
  const bytes = new Bytes();
  try {
    if (Number(reply.headers.get('content-length') ?? 0) > MAX_REPLY_BYTES) {
      throw new TransportFault('too_large', '');
    }
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return new TextDecoder().decode(bytes.whole());
      }
      if (bytes.length + value.length > MAX_REPLY_BYTES) {
        throw new TransportFault('too_large', '');
      }
      bytes.push(value);
    }
  } catch (thrown) {
    reader.cancel().catch(() => {});
    throw thrown instanceof TransportFault ? thrown : new TransportFault('lost', describe(thrown));
  }
}

/** Codes of Node, Deno and Bun that mean that no connection was made. */
const UNSENT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'ConnectionRefused',
  'FailedToOpenSocket',
  'DNSResolutionFailed',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'HOSTNAME_MISMATCH',
]);

/** TLS failures of the handshake. Others, such as a broken record, can come after the request. */
const UNSENT_TLS =
  /^(ERR_TLS_CERT|CERT_|ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|\w*HANDSHAKE))/;

/** The same in words, from runtimes that give no code: Deno, and Node if the connection ends before TLS is up. */
const UNSENT_WORDS = /client error \(Connect\)|dns error|before secure TLS connection/i;

/** Returns whether an error proves that the service has not seen the request. False if in doubt. */
function isUnsent(thrown: unknown): boolean {
  for (const error of chain(thrown)) {
    const { code, syscall, message } = error;
    // The network may fail while connecting, but also while a reply is read.
    const isOfConnecting = typeof syscall !== 'string' || /^(connect|getaddrinfo)/.test(syscall);
    if (typeof code === 'string' && isOfConnecting && (UNSENT_CODES.has(code) || UNSENT_TLS.test(code))) {
      return true;
    }
    if (typeof message === 'string' && UNSENT_WORDS.test(message)) {
      return true;
    }
  }
  return false;
}

/** Returns an error and its causes, which say more: Node's own message is just "fetch failed". */
function chain(thrown: unknown): Thrown[] {
  const errors: Thrown[] = [];
  for (let error = thrown; typeof error === 'object' && error !== null && errors.length < 4; ) {
    errors.push(error);
    error = (error as Thrown).cause;
  }
  return errors;
}

/** What an error may have. A foreign one may lack any of it. */
interface Thrown {
  message?: unknown;
  code?: unknown;
  name?: unknown;
  syscall?: unknown;
  cause?: unknown;
}

function describe(thrown: unknown): string {
  const words = chain(thrown)
    .map(({ message, code, name }) => message || code || name)
    .filter((text) => typeof text === 'string' && text !== '');
  return words.length === 0 ? wordsOf(thrown) : words.join(': ');
}
