/** Sending in Deno. */

import { type FetchInit, type FetchReply, fetchTransport } from './fetch.js';
import type { Transport } from './transport.js';

/**
 * Sends each request over a connection of its own.
 *
 * When a kept connection breaks, Deno (2.9) sends a POST again by itself, even if the service has acted on it already:
 * what must not be repeated would be, and nobody would hear of it. A fresh connection it does not send twice.
 */
export function denoTransport(): Transport {
  // Missing where Deno is hosted; there nothing can be done about it.
  const client = Deno.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  const send = (url: string, init: FetchInit): Promise<FetchReply> =>
    globalThis.fetch(url, client === undefined ? init : ({ ...init, client } as RequestInit));
  return { ...fetchTransport(send), close: () => client?.close() };
}
