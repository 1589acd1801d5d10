/** Puts a platform and the facade together: what a package exports. */

import { BaseClient } from './client.js';
import type { ClientOptions } from './options.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from './platform.js';
import { Shared } from './shared.js';
import { BaseSigner, type SignerOptions } from './signer.js';
import {
  inspectUserSig,
  type SignUserSig,
  signUserSig,
  type UserSigFacts,
  type VerifyUserSig,
  verifyUserSig,
} from './usersig.js';
import {
  type ExplainUserSig,
  explainUserSig,
  type PrivateMapKey,
  parsePrivateMapKey,
  type SignPrivateMapKey,
  signPrivateMapKey,
  type UserSigExplanation,
} from './usersig_tools.js';

/** What a package exports beside the types and the errors. */
export interface Sdk<Options extends ClientOptions = ClientOptions> {
  /**
   * The client of one app.
   *
   * @throws ConfigError for settings that cannot work. If the core must be waited for, the first call throws it.
   */
  Client: new (
    options?: Options,
  ) => BaseClient<Options>;
  /** Signs UserSigs for one app: the key is taken in once. */
  Signer: new (
    options?: SignerOptions,
  ) => BaseSigner;
  /** Signs a UserSig: the token with which a user logs in. */
  signUserSig(params: SignUserSig): string;
  /**
   * Verifies a UserSig with the app's key and gives what it states.
   *
   * @throws SignatureError with the code that the service would answer: 70001 expired, 70003 cannot be read,
   * 70009 signature, 70013 other user, 70014 other app.
   */
  verifyUserSig(userSig: string, params?: VerifyUserSig): UserSigFacts;
  /** Reads a UserSig without a key. Whether it is genuine only verifying says. */
  inspectUserSig(userSig: string, options?: { now?: number | undefined }): UserSigFacts;
  /** Says what a UserSig suffers from, however broken it is, and which code the service would answer. */
  explainUserSig(userSig: string, params?: ExplainUserSig): UserSigExplanation;
  /** Signs a PrivateMapKey: it lets one user into one room of TRTC. */
  signPrivateMapKey(params: SignPrivateMapKey): string;
  /** Reads a PrivateMapKey without a key. Whether it is genuine only verifying says. */
  parsePrivateMapKey(privateMapKey: string): PrivateMapKey;
  /** Waits until the functions that give no promise can be used. Needed in browsers only; calls wait by themselves. */
  ready(): Promise<void>;
  /** The version of the core. */
  version(): string;
}

/** Puts a platform and the facade together. */
export function createSdk<Options extends ClientOptions = ClientOptions>(platform: Platform<Options>): Sdk<Options> {
  class Client extends BaseClient<Options> {
    constructor(options: Options = {} as Options) {
      super(new Shared(platform, options));
    }
  }
  class Signer extends BaseSigner {
    constructor(options?: SignerOptions) {
      super(platform as Platform, options);
    }
  }
  return {
    Client,
    Signer,
    signUserSig(params) {
      checkKeyMayBeHere(platform, params?.dangerouslyAllowBrowser);
      return signUserSig(loadedNative(platform), params);
    },
    verifyUserSig(userSig, params) {
      checkKeyMayBeHere(platform, params?.dangerouslyAllowBrowser);
      return verifyUserSig(loadedNative(platform), userSig, params);
    },
    inspectUserSig: (userSig, options) => inspectUserSig(loadedNative(platform), userSig, options),
    explainUserSig(userSig, params) {
      if (params?.secretKey !== undefined) {
        checkKeyMayBeHere(platform, params.dangerouslyAllowBrowser);
      }
      return explainUserSig(loadedNative(platform), userSig, params);
    },
    signPrivateMapKey(params) {
      checkKeyMayBeHere(platform, params?.dangerouslyAllowBrowser);
      return signPrivateMapKey(loadedNative(platform), params);
    },
    parsePrivateMapKey: (privateMapKey) => parsePrivateMapKey(loadedNative(platform), privateMapKey),
    async ready() {
      if (platform.native() === undefined) {
        await platform.load();
      }
    },
    version: () => loadedNative(platform).version(),
  };
}
