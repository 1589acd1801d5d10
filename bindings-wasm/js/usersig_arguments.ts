/** Reads the arguments of the UserSig functions. */

import { unixS } from './clock.js';
import { CUT_CURE, hasLoneSurrogate } from './encode.js';
import { readEnvironment } from './environment.js';
import type { Native } from './native.js';
import { readAppId, readSecretKey } from './options.js';
import { errorHere } from './records.js';

/** Returns the parameters, an empty object by default. */
export function object<T extends object>(params: T | undefined): T {
  if (params === undefined) {
    return {} as T;
  }
  if (typeof params !== 'object' || params === null) {
    throw errorHere({
      kind: 'InvalidInput',
      message: 'the parameters are not an object',
      cure: "write { userId: 'alice' }",
    });
  }
  return params;
}

/** Returns a text. */
export function text(path: string, value: unknown): string {
  if (typeof value !== 'string') {
    const message = value === undefined ? 'missing' : 'not text';
    throw errorHere({ kind: 'InvalidInput', path, message, cure: 'pass text' });
  }
  if (hasLoneSurrogate(value)) {
    const message = 'contains half a character (a lone surrogate)';
    throw errorHere({ kind: 'InvalidInput', path, message, cure: CUT_CURE });
  }
  return value;
}

/** Returns a whole number of seconds. The core checks its range. */
export function seconds(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw errorHere({
      kind: 'InvalidInput',
      path,
      message: 'not a whole number of seconds',
      cure: 'pass whole seconds, such as 86400 for a day',
    });
  }
  return value;
}

/** Returns a time in Unix seconds. Defaults to now. Drops the fraction that `Date.now() / 1000` has. */
export function time(value: unknown): number {
  if (value === undefined) {
    return unixS();
  }
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) {
    throw errorHere({
      kind: 'InvalidInput',
      path: 'now',
      message: 'not a time in Unix seconds',
      cure: 'pass Unix seconds: Date.now() / 1000',
    });
  }
  return Math.floor(value);
}

/** Returns one key or several. Defaults to the environment's. */
export function keys(native: Native, given: unknown): readonly string[] {
  if (!Array.isArray(given)) {
    return [readSecretKey(native, given)];
  }
  if (given.length === 0) {
    throw errorHere({
      kind: 'InvalidInput',
      path: 'secretKey',
      message: 'the list of keys is empty',
      cure: "pass the app's secret key; without one a UserSig can only be inspected",
    });
  }
  // A hole in the list is a mistake and does not mean the environment's key.
  return given.map((key) => readSecretKey(native, key ?? 0));
}

/** Returns the keys, if any. */
export function keysIfAny(native: Native, given: unknown): readonly string[] | undefined {
  return given === undefined && readEnvironment(native, 'TENCENT_IM_SECRET_KEY') === undefined
    ? undefined
    : keys(native, given);
}

/** Returns the app, if known. */
export function appIfAny(native: Native, given: unknown): number | undefined {
  return given === undefined && readEnvironment(native, 'TENCENT_IM_SDK_APP_ID') === undefined
    ? undefined
    : readAppId(native, given);
}
