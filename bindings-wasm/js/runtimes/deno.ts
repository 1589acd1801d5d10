/** Deno: reads the module from its file. */

import { denoTransport } from '../deno.js';
import { wasmPlatform } from '../wasm.js';

const now = () => Deno.readFileSync(new URL('../../wasm/tencent_im.wasm', import.meta.url));
export const platform = wasmPlatform({ now }, { transport: denoTransport });
