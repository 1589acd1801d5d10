/**
 * Node: reads the module from its file.
 *
 * Built as CommonJS only; `import` gets the same copy through a file that re-exports it. With two copies, an error
 * thrown by one would not be an `instanceof` the classes of the other.
 */

import '../node_check.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({ now: () => readFileSync(join(__dirname, '../../wasm/tencent_im.wasm')) });
