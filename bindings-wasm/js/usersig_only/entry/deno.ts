/** Deno: reads the module from its file. */

import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({
  now: () => Deno.readFileSync(new URL('../../../wasm/tencent_im_usersig.wasm', import.meta.url)),
});
export type Signer = BaseSigner;
