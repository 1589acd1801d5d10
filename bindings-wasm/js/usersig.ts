/** UserSigs: signing, verifying, inspecting. */

import { encode } from './encode.js';
import type { Native, NativeSigner } from './native.js';
import { readAppId, readSecretKey } from './options.js';
import { asked } from './records.js';
import { appIfAny, keys, object, seconds, text, time } from './usersig_arguments.js';

/** Default lifetime: 180 days, in seconds, as in the official signers. */
export const DEFAULT_EXPIRE_S = 15_552_000;

/** What a UserSig is signed from. */
export interface SignUserSig {
  /** SDKAppID from the console. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** Secret key of the app. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** The user, 1 to 32 bytes. */
  userId: string;
  /** Lifetime in seconds. Defaults to 180 days. */
  expire?: number | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What a UserSig must state to be accepted, beside the key that must have signed it. */
export interface VerifyUserSig {
  /** Secret key of the app, or up to 16 while keys are rotated. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | readonly string[] | undefined;
  /** The app. Defaults to `TENCENT_IM_SDK_APP_ID`, else any. */
  sdkAppId?: number | string | undefined;
  /** The user. Defaults to any. */
  userId?: string | undefined;
  /** The time, in Unix seconds. Defaults to now. */
  now?: number | undefined;
  /** Seconds to go on accepting it after its end, for clocks that differ. */
  leeway?: number | undefined;
  /** Accepts a UserSig with a userbuf, such as a PrivateMapKey, which Chat itself never has. */
  allowUserbuf?: boolean | undefined;
  /** Allows a secret key in a browser. See the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What a UserSig states. Whether it is genuine only verifying says. */
export interface UserSigFacts {
  /** Version of the scheme: `2.0`. */
  version: string;
  /** The app. */
  sdkAppId: number;
  /** The user. */
  userId: string;
  /** When it was signed, in Unix seconds. */
  issuedAt: number;
  /** Its lifetime, in seconds. */
  expire: number;
  /** When it ends, in Unix seconds. */
  expiresAt: number;
  /** Seconds left; below zero when it has expired. */
  remaining: number;
  /** Its extra data in base64, where it has any. */
  userbuf: string | null;
}

/** Signs a UserSig. */
export function signUserSig(native: Native, params: SignUserSig): string {
  const { sdkAppId, secretKey, userId, expire = DEFAULT_EXPIRE_S, now } = object(params);
  const app = readAppId(native, sdkAppId, params);
  const key = readSecretKey(native, secretKey, params);
  const user = text('userId', userId);
  const [nowS, expireS] = [time(now), seconds('expire', expire)];
  return asked(() => signerOf(native, app, key).signUserSig(user, nowS, expireS));
}

let last: { native: Native; app: number; key: string; signer: NativeSigner } | undefined;

/** A signer for an app and its key. The last one is kept: most programs have one app, and taking in a key costs. */
function signerOf(native: Native, app: number, key: string): NativeSigner {
  if (last === undefined || last.key !== key || last.app !== app || last.native !== native) {
    last = { native, app, key, signer: native.openSigner(app, key) };
  }
  return last.signer;
}

/** Signs a UserSig for a user of a client's app. */
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
 * Verifies a UserSig and gives what it states.
 *
 * Many texts carry one signature, so the text is not a key for a deny list: deny the user, or what was issued before a
 * time.
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
