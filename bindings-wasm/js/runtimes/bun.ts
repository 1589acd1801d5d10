/** Bun: reads the module from its file. */

import { readFileSync } from 'node:fs';

import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({
  now: () => readFileSync(new URL('../../wasm/tencent_im.wasm', import.meta.url)),
});
