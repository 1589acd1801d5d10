/** A request for callers with their own HTTP. */

import { HEADERS } from './fetch.js';
import type { Send } from './steps.js';

/**
 * A request to send by any HTTP library: `fetch(request.url, request)`.
 *
 * The URL's query holds a UserSig that administers the app. So `url` is a getter that logs, `JSON.stringify` and
 * `{...request}` do not see; what they see has no query.
 */
export class PreparedRequest {
  readonly method = 'POST';
  readonly headers: Readonly<Record<string, string>> = { ...HEADERS };
  /** The JSON body. */
  readonly body: string;
  /** How long to wait for the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly #url: string;

  /** Made by `client.prepare`. */
  constructor(send: Send) {
    this.#url = send.url;
    this.body = send.body;
    this.timeoutMs = send.timeoutMs;
  }

  /** The whole URL. Do not log it. */
  get url(): string {
    return this.#url;
  }

  /** The URL without its query: fit to be logged. */
  get redactedUrl(): string {
    return this.#url.replace(/\?.*$/s, '');
  }

  /** The facts without the query. */
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
