/** A request for callers with their own HTTP library. */

import { HEADERS } from './fetch.js';
import type { Send } from './steps.js';

/**
 * A request to send with any HTTP library: `fetch(request.url, request)`.
 *
 * The URL's query holds a UserSig that administers the app. So `url` is a getter, hidden from logs, `JSON.stringify` and
 * `{...request}`, which show the URL without its query.
 */
export class PreparedRequest {
  readonly method = 'POST';
  readonly headers: Readonly<Record<string, string>> = { ...HEADERS };
  /** The JSON body. */
  readonly body: string;
  /** Timeout for the complete reply, in milliseconds. */
  readonly timeoutMs: number;
  readonly #url: string;

  /** Made by `client.prepare`. */
  constructor(send: Send) {
    this.#url = send.url;
    this.body = send.body;
    this.timeoutMs = send.timeoutMs;
  }

  /** The complete URL. Do not log it. */
  get url(): string {
    return this.#url;
  }

  /** The URL without its query, safe to log. */
  get redactedUrl(): string {
    return this.#url.replace(/\?.*$/s, '');
  }

  /** Returns the request without the URL's query. */
  toJSON(): Record<string, unknown> {
    const { method, redactedUrl, headers, body, timeoutMs } = this;
    return { method, url: redactedUrl, headers, body, timeoutMs };
  }

  toString(): string {
    return `${this.method} ${this.redactedUrl}`;
  }

  /** What Node and Bun show. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return { ...this.toJSON() };
  }

  /** What Deno shows. */
  [Symbol.for('Deno.customInspect')](inspect?: (value: unknown) => string): string {
    const facts = this.toJSON();
    return `PreparedRequest ${inspect === undefined ? JSON.stringify(facts) : inspect(facts)}`;
  }
}
