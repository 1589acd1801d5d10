/** The HTTP library's words about a failure. */

import { wordsOf } from 'tencent-im-wasm/facade';

/** Returns an error's message, with its code unless the message has it. The core removes secrets from it. */
export function describe(error: unknown): string {
  // Happy Eyeballs tries several addresses and reports all failures in one error with an empty message.
  const errors = (error as { errors?: unknown } | undefined)?.errors;
  const one: unknown = (Array.isArray(errors) && errors[0]) || error;
  const message = wordsOf(one);
  const code = (one as { code?: unknown } | undefined)?.code;
  if (typeof code !== 'string' || message.includes(code)) return message;
  return message === '' ? code : `${message} (${code})`;
}
