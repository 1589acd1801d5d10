/** Vercel Edge: like workerd, but the import is marked `?module`. */

import wasm from '../../../wasm/tencent_im_usersig.wasm?module';
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({ now: () => wasm });
export type Signer = BaseSigner;
