/**
 * Bundled programs for Node: bundlers that follow `new URL(…, import.meta.url)`, such as webpack and those of Next.js, put
 * the module's file beside their output. With others, reading it fails with an error that says what to do.
 */

import { readFileSync } from 'node:fs';

import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({
  now: () => readFileSync(new URL('../../wasm/tencent_im.wasm', import.meta.url)),
});
