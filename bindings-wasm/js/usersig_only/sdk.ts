/** `tencent-im-wasm/usersig`: signing alone, with a module of its own that is a sixth of the whole one. */

import { type Loader, loaderOf, type Source } from '../load.js';
import type { Native } from '../native.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from '../platform.js';
import { BaseSigner, type SignerOptions } from '../signer.js';
import { type SignUserSig, signUserSig } from '../usersig.js';
import * as glue from '../wasm_usersig/tencent_im_usersig.js';

/** What of the core this module has. */
type Signing = Pick<Native, 'version' | 'readVariable' | 'openSigner'>;

const load = loaderOf<Signing>(glue as Signing & typeof glue);

/** What `tencent-im-wasm/usersig` exports. */
export interface SigningSdk {
  /** Signs UserSigs for one app: the key is taken in once. */
  Signer: new (
    options?: SignerOptions,
  ) => BaseSigner;
  /** Signs a UserSig: the token with which a user logs in. */
  signUserSig(params: SignUserSig): string;
  /** Waits until the functions that give no promise can be used. Needed in browsers only. */
  ready(): Promise<void>;
  /** The version of the core. */
  version(): string;
}

/** Puts a runtime's way to the module and signing together. */
export function createSigning(source: Source, isBrowser?: () => boolean): SigningSdk {
  // Signing asks for no more of the core than this module has, and sends nothing.
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
