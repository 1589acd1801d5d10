/** Browsers, other runtimes and bundlers: `ready` fetches the module. */

import { isBrowser } from '../../browser.js';
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning(
  { later: () => new URL('../../../wasm/tencent_im_usersig.wasm', import.meta.url) },
  isBrowser,
);
export type Signer = BaseSigner;
