/** undici, loaded with the first connection: loading it takes longer than the rest of the package together. */

import { errorHere, wordsOf } from 'tencent-im-wasm/facade';
import type { Client, Dispatcher } from 'undici';

import { setImmediate } from './clock.js';

type Undici = typeof import('undici');

let loaded: Undici | undefined;

/**
 * Returns the library.
 *
 * @throws ConfigError if it cannot be loaded.
 */
export function undici(): Undici {
  try {
    loaded ??= require('undici') as Undici;
    return loaded;
  } catch (thrown) {
    throw errorHere({
      kind: 'Config',
      message: `undici cannot be loaded: ${wordsOf(thrown)}`,
      cure: 'install tencent-im with its dependencies; in Jest use the environment "node", which has all of Node',
    });
  }
}

/**
 * Hands a request to a client. undici reads `setImmediate` from the global object whenever it reuses a connection: under
 * fake timers it would never send.
 */
export function dispatch(
  client: Client,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): void {
  const seen = globalThis.setImmediate;
  if (seen === setImmediate) {
    client.dispatch(options, handler);
    return;
  }
  globalThis.setImmediate = setImmediate;
  try {
    client.dispatch(options, handler);
  } finally {
    globalThis.setImmediate = seen;
  }
}
