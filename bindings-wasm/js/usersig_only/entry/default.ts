/** Browsers, runtimes and bundlers not named: fetches the module when it is waited for. */

import { isBrowser } from '../../browser.js';
import type { BaseSigner } from '../../signer.js';
import { createSigning } from '../sdk.js';

export * from '../public.js';
export const { Signer, signUserSig, ready, version } = createSigning(
  { later: () => new URL('../../../wasm/tencent_im_usersig.wasm', import.meta.url) },
  isBrowser,
);
export type Signer = BaseSigner;
