/** Browsers: fetches the module at the first call, and keeps the secret key out. */

import type { BaseClient } from '../client.js';
import { createSdk } from '../sdk.js';
import type { BaseSigner } from '../signer.js';
import { wasmPlatform } from '../wasm.js';

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
} = createSdk(
  wasmPlatform({ later: () => new URL('../../wasm/tencent_im.wasm', import.meta.url) }, { isBrowser: () => true }),
);
export type Client = BaseClient;
export type Signer = BaseSigner;
