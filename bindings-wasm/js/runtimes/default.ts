/** Other runtimes and bundlers: fetches the module at the first call. */

import { isBrowser } from '../browser.js';
import { wasmPlatform } from '../wasm.js';

const later = () => new URL('../../wasm/tencent_im.wasm', import.meta.url);
export const platform = wasmPlatform({ later }, { isBrowser });
