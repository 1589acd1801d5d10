/** Cloudflare Workers: the bundler provides a compiled module. */

import wasm from '../../wasm/tencent_im.wasm';
import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({ now: () => wasm }, { isBoundToRequest: true });
