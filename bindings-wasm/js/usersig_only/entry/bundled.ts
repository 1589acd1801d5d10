/** Bundled programs for Node: reads the module's file, which some bundlers put beside their output. */

import { readFileSync } from 'node:fs';

import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({
  now: () => readFileSync(new URL('../../../wasm/tencent_im_usersig.wasm', import.meta.url)),
});
export type Signer = BaseSigner;
