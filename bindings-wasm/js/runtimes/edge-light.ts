/** Vercel Edge: like workerd, but the import is marked `?module`. */

import wasm from '../../wasm/tencent_im.wasm?module';
import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({ now: () => wasm }, { isBoundToRequest: true });
