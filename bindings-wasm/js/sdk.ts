/** Combines a platform and the facade into what a package exports. */

import { BaseClient } from './client.js';
import { raiseForItems } from './items.js';
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

/** Exports of a package in addition to types and errors. */
export interface Sdk<Options extends ClientOptions = ClientOptions> {
  /**
   * The client of one app.
   *
   * @throws ConfigError for invalid settings. Before the core is loaded, the first call throws it instead.
   */
  Client: new (
    options?: Options,
  ) => BaseClient<Options>;
  /** Signs UserSigs for one app. Prepares the key once. */
  Signer: new (
    options?: SignerOptions,
  ) => BaseSigner;
  /** Signs a UserSig: the token with which a user logs in. */
  signUserSig(params: SignUserSig): string;
  /**
   * Verifies a UserSig with the app's key and returns its contents.
   *
   * @throws SignatureError with the code that the service would return: 70001 expired, 70003 unreadable, 70009 wrong
   * signature, 70013 another user, 70014 another app.
   */
  verifyUserSig(userSig: string, params?: VerifyUserSig): UserSigFacts;
  /** Reads a UserSig without a key. Does not tell whether it is genuine: verify it for that. */
  inspectUserSig(userSig: string, options?: { now?: number | undefined }): UserSigFacts;
  /** Diagnoses a UserSig, however broken: what is wrong, and which code the service would return. */
  explainUserSig(userSig: string, params?: ExplainUserSig): UserSigExplanation;
  /** Signs a PrivateMapKey, which admits one user to one TRTC room. */
  signPrivateMapKey(params: SignPrivateMapKey): string;
  /** Reads a PrivateMapKey without a key. Does not tell whether it is genuine. */
  parsePrivateMapKey(privateMapKey: string): PrivateMapKey;
  /**
   * Returns a reply if every item of it succeeded.
   *
   * @throws PartialError with the `items` that failed. The others took effect.
   */
  raiseForItems<Reply extends object>(reply: Reply): Reply;
  /** Loads the core, before which synchronous functions throw. Needed only in browsers; calls load it by themselves. */
  ready(): Promise<void>;
  /** Returns the version of the core. */
  version(): string;
}

/** Makes the exports of a package. */
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
    raiseForItems: (reply) => raiseForItems(() => loadedNative(platform), reply),
    async ready() {
      if (platform.native() === undefined) {
        await platform.load();
      }
    },
    version: () => loadedNative(platform).version(),
  };
}
