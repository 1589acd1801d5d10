/** `tencent-im-wasm/usersig`: only signing, with a WebAssembly module a sixth the size of the full one. */

import { type Loader, loaderOf, type Source } from '../load.js';
import type { Native } from '../native.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from '../platform.js';
import { BaseSigner, type SignerOptions } from '../signer.js';
import { type SignUserSig, signUserSig } from '../usersig.js';
import * as glue from '../wasm_usersig/tencent_im_usersig.js';

/** The part of the core in this module. */
type Signing = Pick<Native, 'version' | 'readVariable' | 'openSigner' | 'signUserSig'>;

const load = loaderOf<Signing>(glue as Signing & typeof glue);

/** Functions that `tencent-im-wasm/usersig` exports. */
export interface SigningSdk {
  /** Signs UserSigs for one app. Prepares the key once. */
  Signer: new (
    options?: SignerOptions,
  ) => BaseSigner;
  /** Signs a UserSig: the token with which a user logs in. */
  signUserSig(params: SignUserSig): string;
  /** Loads the module, before which the other functions throw. Needed only in browsers. */
  ready(): Promise<void>;
  /** Returns the version of the core. */
  version(): string;
}

/** Makes the exports from a runtime's way to load the module. */
export function createSigning(source: Source, isBrowser?: () => boolean): SigningSdk {
  // Signing uses only the part of the core that this module has, and sends nothing.
  const platform = { ...(load(source) as Loader<Native>), isBrowser } as Platform;
  class Signer extends BaseSigner {
    constructor(options?: SignerOptions) {
      super(platform, options);
    }
  }
  return {
    Signer,
    signUserSig(params) {
      checkKeyMayBeHere(platform, params?.dangerouslyAllowBrowser);
      return signUserSig(loadedNative(platform), params);
    },
    async ready() {
      if (platform.native() === undefined) {
        await platform.load();
      }
    },
    version: () => loadedNative(platform).version(),
  };
}
