/** UserSigs: signing, verifying, inspecting. */

import { unixS } from './clock.js';
import { CUT_CURE, encode, LONE_SURROGATE } from './encode.js';
import type { Native } from './native.js';
import { readAppId } from './options.js';
import { errorHere, errorThrown } from './records.js';

/** Lifetime where none is given: 180 days, in seconds, as in the official signers. */
export const DEFAULT_EXPIRE_S = 15_552_000;

/** What a UserSig is signed from. */
export interface SignUserSig {
  /** The console's SDKAppID. */
  sdkAppId: number | string;
  /** The app's secret key. */
  secretKey: string;
  /** The user, 1 to 32 bytes. */
  userId: string;
  /** Lifetime in seconds; 180 days where none is given. */
  expire?: number | undefined;
  /** The time, in Unix seconds; now where none is given. */
  now?: number | undefined;
  /** Lets a browser have the secret key: see the client's option of this name. */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What a UserSig must state to be accepted, beside the key that must have signed it. */
export interface VerifyUserSig {
  /** The app's secret key, or up to 16 during a key's rotation. */
  secretKey: string | readonly string[];
  /** The app; any where none is given. */
  sdkAppId?: number | string | undefined;
  /** The user; any where none is given. */
  userId?: string | undefined;
  /** The time, in Unix seconds; now where none is given. */
  now?: number | undefined;
  /** Seconds to go on accepting it after its end, for clocks that differ. */
  leeway?: number | undefined;
  /** Accepts a UserSig with a userbuf, such as a PrivateMapKey, which Chat itself never has. */
  allowUserbuf?: boolean | undefined;
  /** Lets a browser have the secret key: see the client's option of this name. */
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
  const { sdkAppId, secretKey, userId, expire = DEFAULT_EXPIRE_S, now = unixS() } = object(params);
  const app = readAppId(sdkAppId);
  const key = text('secretKey', secretKey, 'Config');
  const user = text('userId', userId);
  return thrown(() => native.signUserSig(app, key, user, seconds('now', now), seconds('expire', expire)));
}

/** Signs a UserSig for a user of a client's app. */
export function signUserSigOf(
  client: { signUserSig(userId: string, nowS: number, expireS: number): string },
  userId: string,
  options: { expire?: number | undefined; now?: number | undefined } = {},
): string {
  const { expire = DEFAULT_EXPIRE_S, now = unixS() } = object(options);
  const user = text('userId', userId);
  return thrown(() => client.signUserSig(user, seconds('now', now), seconds('expire', expire)));
}

/** Verifies a UserSig and gives what it states. */
export function verifyUserSig(native: Native, userSig: string, params: VerifyUserSig): UserSigFacts {
  const { secretKey, sdkAppId, now = unixS(), dangerouslyAllowBrowser: _, ...rest } = object(params);
  const keys = Array.isArray(secretKey) ? secretKey : [secretKey];
  if (keys.length === 0 || keys.some((key) => typeof key !== 'string')) {
    throw errorHere({
      kind: 'InvalidInput',
      path: 'secretKey',
      message: 'it is no text',
      cure: "pass the app's secret key, or a list of keys; without one a UserSig can only be inspected",
    });
  }
  const app = sdkAppId === undefined ? undefined : readAppId(sdkAppId);
  const json = encode({ ...rest, secretKeys: keys, sdkAppId: app, now }, { kind: 'InvalidInput' });
  const sig = text('userSig', userSig);
  return JSON.parse(thrown(() => native.verifyUserSig(sig, json))) as UserSigFacts;
}

/** Reads a UserSig without a key. */
export function inspectUserSig(
  native: Native,
  userSig: string,
  options: { now?: number | undefined } = {},
): UserSigFacts {
  const { now = unixS() } = object(options);
  const sig = text('userSig', userSig);
  return JSON.parse(thrown(() => native.inspectUserSig(sig, seconds('now', now)))) as UserSigFacts;
}

function object<T extends object>(params: T): T {
  if (typeof params !== 'object' || params === null) {
    throw errorHere({
      kind: 'InvalidInput',
      message: 'the parameters are no object',
      cure: "write { userId: 'alice' }",
    });
  }
  return params;
}

function text(path: string, value: unknown, kind: 'InvalidInput' | 'Config' = 'InvalidInput'): string {
  if (typeof value !== 'string') {
    const message = value === undefined ? 'it is missing' : 'it is no text';
    throw errorHere({ kind, path, message, cure: 'pass text' });
  }
  if (LONE_SURROGATE.test(value)) {
    throw errorHere({ kind, path, message: 'it has half a character in it (a lone surrogate)', cure: CUT_CURE });
  }
  return value;
}

/** Whole seconds; which ones are usable the core says. */
function seconds(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw errorHere({
      kind: 'InvalidInput',
      path,
      message: 'it is not a whole number of seconds',
      cure: 'pass whole seconds, such as Math.floor(Date.now() / 1000)',
    });
  }
  return value;
}

function thrown<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw error instanceof Error && 'kind' in error ? error : errorThrown(error);
  }
}
