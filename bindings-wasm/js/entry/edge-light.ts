/** Vercel Edge: the same as workerd, with another mark on the import. */

import wasm from '../../wasm/tencent_im.wasm?module';
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
} = createSdk(wasmPlatform({ now: () => wasm }, { isBoundToRequest: true }));
export type Client = BaseClient;
export type Signer = BaseSigner;
