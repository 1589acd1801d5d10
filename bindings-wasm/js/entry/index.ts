/**
 * What the package exports. The build writes one entry for each runtime from this file, with a file of `../runtimes` in
 * place of `#runtime`.
 */

import { platform } from '#runtime';
import type { BaseClient } from '../client.js';
import { createSdk } from '../sdk.js';
import type { BaseSigner } from '../signer.js';

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
  raiseForItems,
  ready,
  version,
} = createSdk(platform);
export type Client = BaseClient;
export type Signer = BaseSigner;
