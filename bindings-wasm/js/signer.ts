/** Signs for many users of one app, with the key prepared once. */

import { hasLoneSurrogate } from './encode.js';
import type { NativeSigner } from './native.js';
import { readAppId, readSecretKey } from './options.js';
import { checkKeyMayBeHere, loadedNative, type Platform } from './platform.js';
import { asked, errorHere } from './records.js';
import { DEFAULT_EXPIRE_S, signUserSigOf } from './usersig.js';
import { object, seconds, text, time } from './usersig_arguments.js';

/** The app that a signer signs for. */
export interface SignerOptions {
  /** SDKAppID from the console. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** Secret key of the app. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Lifetime of a UserSig. */
export interface SignOptions {
  /** Lifetime in seconds. Defaults to 180 days. */
  expire?: number | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
}

/** Separates user ids that go to the core together: user ids have no control characters. */
const SEPARATOR = '\n';

/** Signs UserSigs for one app. Make one and share it. Does no I/O and needs no closing. */
export class BaseSigner {
  /** Opens the core's signer, which then keeps the secret key in its own memory. */
  #open: (() => NativeSigner) | undefined;
  #opened: NativeSigner | undefined;

  /** @throws ConfigError for an invalid app id or key. */
  constructor(platform: Platform, options: SignerOptions = {}) {
    const params = object(options);
    checkKeyMayBeHere(platform, params.dangerouslyAllowBrowser);
    const native = platform.native();
    const app = readAppId(native, params.sdkAppId, params);
    const key = readSecretKey(native, params.secretKey, params);
    this.#open = () => asked(() => loadedNative(platform).openSigner(app, key));
    if (native !== undefined) {
      this.#signer();
    }
  }

  /** Signs a UserSig for a user. */
  sign(userId: string, options?: SignOptions): string {
    return signUserSigOf(this.#signer(), userId, options);
  }

  /**
   * Signs one UserSig for each user.
   *
   * @throws InvalidInputError that names the first invalid user, such as `userIds[3]`. Nothing is signed then.
   */
  signMany(userIds: readonly string[], options?: SignOptions): string[] {
    if (!Array.isArray(userIds)) {
      throw errorHere({
        kind: 'InvalidInput',
        path: 'userIds',
        message: 'not a list',
        cure: "pass a list of user ids: ['alice', 'bob']",
      });
    }
    const { expire = DEFAULT_EXPIRE_S, now } = object(options);
    const [nowS, expireS] = [time(now), seconds('expire', expire)];
    const joined = join(userIds);
    const signer = this.#signer();
    return userIds.length === 0 ? [] : asked(() => signer.signMany(joined, nowS, expireS)).split(SEPARATOR);
  }

  /** Returns the core's signer. Opened by the first signature if the core was not loaded before. */
  #signer(): NativeSigner {
    if (this.#opened === undefined) {
      this.#opened = (this.#open as () => NativeSigner)();
      this.#open = undefined;
    }
    return this.#opened;
  }
}

/** Joins user ids. Refuses what the core would take for more users than there are. */
function join(userIds: readonly string[]): string {
  // Not `forEach`, which skips holes.
  for (let at = 0; at < userIds.length; at++) {
    const userId: unknown = userIds[at];

    if (typeof userId !== 'string' || userId.includes(SEPARATOR)) {
      const path = `userIds[${at}]`;
      text(path, userId);
      const message = 'the user id contains a control character or line break';
      throw errorHere({ kind: 'InvalidInput', path, message, cure: 'use printable characters only' });
    }
  }
  const joined = userIds.join(SEPARATOR);
  if (hasLoneSurrogate(joined)) {
    for (const [at, userId] of userIds.entries()) {
      text(`userIds[${at}]`, userId);
    }
  }
  return joined;
}
