/** The HTTP library's words about a failure. */

import { wordsOf } from 'tencent-im-wasm/facade';

/** Says what an error says: its code, and its message where that adds something. The core takes secrets out of it. */
export function describe(error: unknown): string {
  // Happy Eyeballs tries several addresses and reports them all, with an empty message of its own.
  const errors = (error as { errors?: unknown } | undefined)?.errors;
  const one: unknown = (Array.isArray(errors) && errors[0]) || error;
  const message = wordsOf(one);
  const code = (one as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string' || message.includes(code)) return message;
  return message === '' ? code : `${message} (${code})`;
}
