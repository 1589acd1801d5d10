/**
 * Bun: reads the module from its file. Imported as a file, so that `bun build` puts it beside the bundle or into the
 * executable: its path is then relative to that.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import file from '../../wasm/tencent_im.wasm' with { type: 'file' };
import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({
  now: () => readFileSync(resolve(import.meta.dirname, file as unknown as string)),
});
