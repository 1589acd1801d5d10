/** The seed of a client's random numbers. */

import type { NativeClient } from './native.js';
import { asked } from './records.js';

/** Seeds a client from the platform's generator. Not for module scope: workerd has no random numbers there. */
export function seeded(client: NativeClient): NativeClient {
  return asked(() => {
    const halves = globalThis.crypto.getRandomValues(new Uint32Array(2));
    client.seed(halves[0] as number, halves[1] as number);
    return client;
  });
}
