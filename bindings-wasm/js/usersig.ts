/** Signs, verifies and inspects UserSigs. */

import { encode } from './encode.js';
import type { Native } from './native.js';
import { readAppId, readSecretKey } from './options.js';
import { asked } from './records.js';
import { appIfAny, keys, object, seconds, text, time } from './usersig_arguments.js';

/** Default lifetime: 180 days, in seconds, as in the official signers. */
export const DEFAULT_EXPIRE_S = 15_552_000;

/** Parameters of signing a UserSig. */
export interface SignUserSig {
  /** SDKAppID from the console. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** Secret key of the app. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** The user, 1 to 32 bytes. */
  userId: string;
  /** Lifetime in seconds. Defaults to 180 days. */
  expire?: number | undefined;
  /** Time of signing, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Parameters of verifying a UserSig. */
export interface VerifyUserSig {
  /** Secret key of the app, or up to 16 while keys are rotated. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | readonly string[] | undefined;
  /** The app. Defaults to `TENCENT_IM_SDK_APP_ID`, or else any. */
  sdkAppId?: number | string | undefined;
  /** The user. Defaults to any. */
  userId?: string | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Tolerance for expired UserSigs, in seconds, to allow for clock differences. Defaults to 0. */
  leeway?: number | undefined;
  /** Accepts a UserSig with a userbuf, such as a PrivateMapKey. Chat's own UserSigs have none. Defaults to false. */
  allowUserbuf?: boolean | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Contents of a UserSig. Only verifying tells whether it is genuine. */
export interface UserSigFacts {
  /** Version of the scheme, `2.0`. */
  version: string;
  /** The app. */
  sdkAppId: number;
  /** The user. */
  userId: string;
  /** Time of signing, in Unix seconds. */
  issuedAt: number;
  /** Its lifetime, in seconds. */
  expire: number;
  /** Time of expiry, in Unix seconds. */
  expiresAt: number;
  /** Seconds left. Negative once it has expired. */
  remaining: number;
  /** Its extra data in base64, if any. */
  userbuf: string | null;
}

/** Signs a UserSig. Prepares the key anew each time, so that none is kept: a signer prepares it once. */
export function signUserSig(native: Native, params: SignUserSig): string {
  const { sdkAppId, secretKey, userId, expire = DEFAULT_EXPIRE_S, now } = object(params);
  const app = readAppId(native, sdkAppId, params);
  const key = readSecretKey(native, secretKey, params);
  const user = text('userId', userId);
  const [nowS, expireS] = [time(now), seconds('expire', expire)];
  return asked(() => native.signUserSig(app, key, user, nowS, expireS));
}

/** Signs a UserSig for a user of the app of a client or signer. */
export function signUserSigOf(
  client: { signUserSig(userId: string, nowS: number, expireS: number): string },
  userId: string,
  options: { expire?: number | undefined; now?: number | undefined } | undefined,
): string {
  const { expire = DEFAULT_EXPIRE_S, now } = object(options);
  const user = text('userId', userId);
  const [nowS, expireS] = [time(now), seconds('expire', expire)];
  return asked(() => client.signUserSig(user, nowS, expireS));
}

/**
 * Verifies a UserSig and returns its contents.
 *
 * One signature can be written as many texts, so a deny list must not use the text as its key: deny the user, or what was
 * issued before a certain time.
 */
export function verifyUserSig(native: Native, userSig: string, params: VerifyUserSig | undefined): UserSigFacts {
  const { secretKey, sdkAppId, now, dangerouslyAllowBrowser: _, ...rest } = object(params);
  const all = { ...rest, secretKey: keys(native, secretKey), sdkAppId: appIfAny(native, sdkAppId), now: time(now) };
  const json = encode(all, { kind: 'InvalidInput' });
  const sig = text('userSig', userSig);
  return JSON.parse(asked(() => native.verifyUserSig(sig, json))) as UserSigFacts;
}

/** Reads a UserSig without a key. */
export function inspectUserSig(
  native: Native,
  userSig: string,
  options: { now?: number | undefined } | undefined,
): UserSigFacts {
  const sig = text('userSig', userSig);
  const now = time(object(options).now);
  return JSON.parse(asked(() => native.inspectUserSig(sig, now))) as UserSigFacts;
}
