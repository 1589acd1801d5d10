/** Any runtime: the caller loads the module, `import { init, Client } from 'tencent-im-wasm/slim'`. */

import { isBrowser } from '../browser.js';
import type { BaseClient } from '../client.js';
import { errorHere } from '../records.js';
import { createSdk } from '../sdk.js';
import type { BaseSigner } from '../signer.js';
import { wasmPlatform } from '../wasm.js';

let module: WebAssembly.Module | BufferSource | undefined;

/** Hands over `tencent-im-wasm/tencent_im.wasm`, compiled or as bytes. Before the first client is made. */
export function init(wasm: WebAssembly.Module | BufferSource): void {
  module = wasm;
}

function given(): WebAssembly.Module | BufferSource {
  if (module === undefined) {
    throw errorHere({
      kind: 'Config',
      message: 'the WebAssembly module was not handed over',
      cure: 'call init(module) with tencent-im-wasm/tencent_im.wasm before anything else',
    });
  }
  return module;
}

export * from '../public.js';
export const {
  Client,
  Signer,
  signUserSig,
  verifyUserSig,
  inspectUserSig,
  explainUserSig,
  signPrivateMapKey,
  parsePrivateMapKey,
  ready,
  version,
} = createSdk(wasmPlatform({ now: given }, { isBrowser }));
export type Client = BaseClient;
export type Signer = BaseSigner;
