/** Bun: reads the module's file, imported so that `bun build` brings it along. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import file from '../../../wasm/tencent_im_usersig.wasm' with { type: 'file' };
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({
  now: () => readFileSync(resolve(import.meta.dirname, file as unknown as string)),
});
export type Signer = BaseSigner;
