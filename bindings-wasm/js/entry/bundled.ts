/**
 * Programs for Node that are bundled: bundlers that follow `new URL(…, import.meta.url)`, such as webpack and those of
 * Next.js, put the module's file beside their output. For others reading it fails with an error that says what to do.
 */

import { readFileSync } from 'node:fs';

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
} = createSdk(wasmPlatform({ now: () => readFileSync(new URL('../../wasm/tencent_im.wasm', import.meta.url)) }));
export type Client = BaseClient;
export type Signer = BaseSigner;
