/** Signing for many users of one app: the key is taken in once. */

import { hasLoneSurrogate } from './encode.js';
import type { Native, NativeSigner } from './native.js';
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

/** How long a UserSig is good for, and from when. */
export interface SignOptions {
  /** Lifetime in seconds. Defaults to 180 days. */
  expire?: number | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
}

/** Stands between user ids that cross the border together: no user id has a control character in it. */
const SEPARATOR = '\n';

/** Signs UserSigs for one app. Make one and share it. It does no I/O and has nothing to close. */
export class BaseSigner {
  readonly #open: () => NativeSigner;
  #opened: NativeSigner | undefined;

  /** @throws ConfigError for an app id or a key that cannot work. */
  constructor(platform: Platform, options: SignerOptions = {}) {
    const params = object(options);
    checkKeyMayBeHere(platform, params.dangerouslyAllowBrowser);
    const native = platform.native();
    const app = readAppId(native, params.sdkAppId, params);
    const key = readSecretKey(native, params.secretKey, params);
    const open = (core: Native) => asked(() => core.openSigner(app, key));
    this.#open = () => open(loadedNative(platform));
    // Where the core must be waited for, the first signature opens it.
    this.#opened = native === undefined ? undefined : open(native);
  }

  /** Signs a UserSig for a user. */
  sign(userId: string, options?: SignOptions): string {
    this.#opened ??= this.#open();
    return signUserSigOf(this.#opened, userId, options);
  }

  /** Signs one UserSig for each user, or none: an error names the user, such as `userIds[3]`. */
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
    this.#opened ??= this.#open();
    const signer = this.#opened;
    return userIds.length === 0 ? [] : asked(() => signer.signMany(joined, nowS, expireS)).split(SEPARATOR);
  }
}

/** One text of all. What the core would take for more users than were given is refused here. */
function join(userIds: readonly string[]): string {
  // Not `forEach`, which passes over holes.
  for (let at = 0; at < userIds.length; at++) {
    const userId: unknown = userIds[at];
    // Before the path is put together, which costs more than all the rest.
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
