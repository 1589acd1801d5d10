/** Vercel Edge: the same as workerd, with another mark on the import. */

import wasm from '../../../wasm/tencent_im_usersig.wasm?module';
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({ now: () => wasm });
export type Signer = BaseSigner;
