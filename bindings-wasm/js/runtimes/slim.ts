/** Any runtime: the caller loads the module, `import { init, Client } from 'tencent-im-wasm/slim'`. */

import { isBrowser } from '../browser.js';
import { errorHere } from '../records.js';
import { wasmPlatform } from '../wasm.js';

let module: WebAssembly.Module | BufferSource | undefined;

/** Takes `tencent-im-wasm/tencent_im.wasm`, compiled or as bytes. Call it before the first client is made. */
export function init(wasm: WebAssembly.Module | BufferSource): void {
  module = wasm;
}

function given(): WebAssembly.Module | BufferSource {
  if (module === undefined) {
    throw errorHere({
      kind: 'Config',
      message: 'the WebAssembly module was not passed to init',
      cure: 'call init(module) with tencent-im-wasm/tencent_im.wasm before anything else',
    });
  }
  return module;
}

export const platform = wasmPlatform({ now: given }, { isBrowser });
