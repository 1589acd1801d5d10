/** Cloudflare Workers: the bundler provides a compiled module. */

import wasm from '../../../wasm/tencent_im_usersig.wasm';
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning({ now: () => wasm });
export type Signer = BaseSigner;
