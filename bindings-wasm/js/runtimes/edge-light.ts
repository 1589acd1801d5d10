/** Vercel Edge: like workerd, with another mark on the import. */

import wasm from '../../wasm/tencent_im.wasm?module';
import { wasmPlatform } from '../wasm.js';

export const platform = wasmPlatform({ now: () => wasm }, { isBoundToRequest: true });
