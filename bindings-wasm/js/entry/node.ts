/**
 * Node: reads the module's file.
 *
 * Built as CommonJS only; `import` gets the same copy by way of a file that re-exports it. With two copies an error
 * thrown by the one would be no `instanceof` of the other's classes.
 */

import '../node_check.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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
} = createSdk(wasmPlatform({ now: () => readFileSync(join(__dirname, '../../wasm/tencent_im.wasm')) }));
export type Client = BaseClient;
export type Signer = BaseSigner;
