/** Browsers: fetches the module at the first call, and keeps the secret key out. */

import { wasmPlatform } from '../wasm.js';

const later = () => new URL('../../wasm/tencent_im.wasm', import.meta.url);
export const platform = wasmPlatform({ later }, { isBrowser: () => true });
