/** Deno: reads the module's file. */

import type { BaseClient } from '../client.js';
import { denoTransport } from '../deno.js';
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
  wasmPlatform(
    { now: () => Deno.readFileSync(new URL('../../wasm/tencent_im.wasm', import.meta.url)) },
    { transport: denoTransport },
  ),
);
export type Client = BaseClient;
export type Signer = BaseSigner;
