/** Node: reads the module from its file. Built as CommonJS only, like the entry of the whole package. */

import '../../node_check.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({
  now: () => readFileSync(join(__dirname, '../../../wasm/tencent_im_usersig.wasm')),
});
export type Signer = BaseSigner;
