/** Settings of a client and of a single call, and where they come from. */

import { encode } from './encode.js';
import { readEnvironment } from './environment.js';
import type { EventHook } from './events.js';
import type { FetchLike } from './fetch.js';
import type { Native } from './native.js';
import { coreName } from './ops.js';
import { errorHere } from './records.js';

/** Settings of a client. What is not given comes from the environment, where there is one. */
export interface ClientOptions {
  /** The console's SDKAppID; else the environment's `TENCENT_IM_SDK_APP_ID`. Digits as text are taken, too. */
  sdkAppId?: number | string | undefined;
  /** The app's secret key; else the environment's `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** Name of an app admin; else the environment's `TENCENT_IM_ADMIN`; else `administrator`, which every app has. */
  admin?: string | undefined;
  /** Region of the app. Defaults to `TENCENT_IM_REGION`, else `china`. A base URL from the environment wins over it. */
  region?: Region | undefined;
  /**
   * Own address instead of a region's, such as `http://127.0.0.1:8080`; else the environment's `TENCENT_IM_BASE_URL`.
   */
  baseUrl?: string | undefined;
  /**
   * Stand-by for `baseUrl`: calls go there for a minute when no connection to that can be made. Regions have their own.
   */
  backupUrl?: string | undefined;
  /** Allows plain http to other machines than this one. The URL holds a UserSig that administers the app. */
  allowHttp?: boolean | undefined;
  /** Which name goes on the wire for the user in account_import and kick; `Identifier` where none is given. */
  accountField?: 'Identifier' | 'UserID' | undefined;
  /** Total time of a call over all its tries, in milliseconds; 30,000 where none is given. */
  timeoutMs?: number | undefined;
  /** Time of one try, in milliseconds; 8,000 where none is given. */
  tryTimeoutMs?: number | undefined;
  /** Repeats of a call beside its first try, where a repeat is harmless; 3 where none is given, 0 for none. */
  maxRetries?: number | undefined;
  /**
   * Bound of the pause before the first repeat, in milliseconds; it doubles with each; 200 where none is given. Every
   * pause is drawn evenly from nothing up to its bound.
   */
  backoffMs?: number | undefined;
  /** Bound of the pause before any repeat, in milliseconds; 5,000 where none is given. */
  maxBackoffMs?: number | undefined;
  /**
   * Repeats that all calls together can make in a row without a success, so that an outage is not multiplied; 50 where
   * none is given. Each success gives half a repeat back.
   */
  retryBudget?: number | undefined;
  /** Calls in the documented period by the call's name, such as `{ 'accounts.kick': 100 }`; `false` for no pacing. */
  rateLimits?: { readonly [op: string]: number } | boolean | undefined;
  /** The part of every documented rate that is this client's, where several processes share an app, such as 0.25. */
  rateShare?: number | undefined;
  /** Life of the admin's UserSig, in seconds; 86,400 where none is given. It is renewed by itself. */
  sigExpireS?: number | undefined;
  /** Sends the requests instead of the platform's own way. */
  fetch?: FetchLike | undefined;
  /**
   * Hears of what happens to calls: for logs and metrics. It is called in the middle of a call, so it should be quick.
   * What it throws has no effect on calls; the first time is reported on the console.
   */
  onEvent?: EventHook | undefined;
  /**
   * Lets a browser have the secret key. Whoever opens the page can then read it and do anything to the app: for pages
   * that only you can open, such as a tool on your own machine.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** The regions of the service. An app lives in one, chosen when it was made. */
export type Region =
  | 'china'
  | 'singapore'
  | 'seoul'
  | 'tokyo'
  | 'frankfurt'
  | 'mumbai'
  | 'silicon_valley'
  | 'jakarta'
  | (string & {});

/** Settings of a single call. */
export interface CallOptions {
  /** Total time of the call over all its tries, in milliseconds; the client's where none is given. */
  timeoutMs?: number | undefined;
  /** Time of one try, in milliseconds; the client's where none is given. */
  tryTimeoutMs?: number | undefined;
  /** Repeats beside the first try, where a repeat is harmless; the client's where none is given, 0 for none. */
  maxRetries?: number | undefined;
  /** Bound of the pause before the first repeat, in milliseconds; the client's where none is given. */
  backoffMs?: number | undefined;
  /** Bound of the pause before any repeat, in milliseconds; the client's where none is given. */
  maxBackoffMs?: number | undefined;
  /** Whether repeats come out of the client's `retryBudget`, as they do where nothing is given. */
  useRetryBudget?: boolean | undefined;
  /** Ends the call when it is aborted, with a `CallCancelledError` that says whether it may have taken effect. */
  signal?: AbortSignal | undefined;
  /** Raw fields by their wire names, added to the body: what this version does not know can be sent all the same. */
  extraBody?: Record<string, unknown> | undefined;
  /**
   * Whether the call is idempotent, so that it may be retried although an earlier attempt may have taken effect. Defaults
   * to what the documentation says of the call; for a call by its path, to false.
   */
  idempotent?: boolean | undefined;
}

/** Settings of all calls of a client made by `withOptions`. */
export type CallDefaults = Omit<CallOptions, 'signal'>;

/** What a client is opened with. */
export interface Settings {
  sdkAppId: number;
  secretKey: string;
  /** The core's own settings as JSON text. */
  json: string;
  /** Names of the other settings, joined by commas. */
  own: string;
  /** The environment's region. */
  region: string | undefined;
  /** The environment's base URL. */
  baseUrl: string | undefined;
}

/** Settings that are read here; the others are the core's, which also refuses unknown ones. */
const OWN = ['sdkAppId', 'secretKey', 'fetch', 'onEvent', 'dangerouslyAllowBrowser'];

/** Puts a client's settings together. `foreign` are the names of settings that belong to the package around this. */
export function readSettings(native: Native | undefined, options: ClientOptions, foreign: readonly string[]): Settings {
  if (typeof options !== 'object' || options === null) {
    throw errorHere({
      kind: 'Config',
      message: 'the settings are no object',
      cure: "write new Client({ sdkAppId: 1400000000, secretKey: '…' })",
    });
  }
  if (options.onEvent !== undefined && typeof options.onEvent !== 'function') {
    const cure = 'write onEvent: (event) => console.log(event)';
    throw errorHere({ kind: 'Config', path: 'onEvent', message: 'it is no function', cure });
  }
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !OWN.includes(name) && !foreign.includes(name)) {
      rest[name] = value;
    }
  }
  const sdkAppId = readAppId(native, options.sdkAppId, rest);
  const secretKey = readSecretKey(native, options.secretKey, rest);
  if (typeof rest.rateLimits === 'object' && rest.rateLimits !== null) {
    rest.rateLimits = Object.fromEntries(Object.entries(rest.rateLimits).map(([op, rate]) => [coreName(op), rate]));
  }
  rest.admin ??= readEnvironment(native, 'TENCENT_IM_ADMIN');
  return {
    sdkAppId,
    secretKey,
    json: encode(rest, { kind: 'Config' }),
    own: [...OWN, ...foreign].join(','),
    region: readEnvironment(native, 'TENCENT_IM_REGION'),
    baseUrl: readEnvironment(native, 'TENCENT_IM_BASE_URL'),
  };
}

/** An app id as a whole number; the environment's where none is given. The core refuses 0. */
export function readAppId(native: Native | undefined, given: unknown, others: object = {}): number {
  const value = given ?? readEnvironment(native, 'TENCENT_IM_SDK_APP_ID') ?? missing('sdkAppId', others);
  const number = typeof value === 'string' && /^\s*\d{1,10}\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
    throw errorHere({
      kind: 'Config',
      path: 'sdkAppId',
      message: 'the SDKAppID is not a whole number from 1 to 4294967295',
      cure: 'take the SDKAppID from the console, for example 1400000000',
    });
  }
  return number;
}

/** A secret key; the environment's where none is given. What a key looks like the core says. */
export function readSecretKey(native: Native | undefined, given: unknown, others: object = {}): string {
  const value = given ?? readEnvironment(native, 'TENCENT_IM_SECRET_KEY') ?? missing('secretKey', others);
  if (typeof value !== 'string') {
    throw errorHere({ kind: 'Config', path: 'secretKey', message: 'it is no text', cure: 'pass the key as text' });
  }
  return value;
}

function missing(name: 'sdkAppId' | 'secretKey', others: object): never {
  const variable = name === 'sdkAppId' ? 'TENCENT_IM_SDK_APP_ID' : 'TENCENT_IM_SECRET_KEY';
  const letters = (text: string) => text.replaceAll(/[^a-z]/gi, '').toLowerCase();
  const misspelt = Object.keys(others).find((key) => letters(key) === letters(name));
  throw errorHere({
    kind: 'Config',
    path: name,
    message: misspelt === undefined ? 'it is missing' : `it is missing; ${misspelt} is unknown`,
    cure: `pass ${name}, or set the environment variable ${variable}`,
  });
}

/** Settings of a call over those that apply where it says nothing. Raw fields add up; those of the call count. */
export function layered<Options extends CallDefaults>(defaults: CallDefaults, options: Options | undefined): Options {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const all = { ...defaults, ...Object.fromEntries(given) } as Options;
  if (isPlain(defaults.extraBody) && isPlain(options?.extraBody)) {
    all.extraBody = { ...defaults.extraBody, ...options.extraBody };
  }
  return all;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A call's settings as the core takes them, and its signal. */
export function readCallOptions(
  options: CallOptions | undefined,
  operation: string,
  defaults?: CallDefaults,
): { json: string | undefined; signal: AbortSignal | undefined } {
  if ((options === undefined || options === null) && defaults === undefined) {
    return { json: undefined, signal: undefined };
  }
  if (typeof options !== 'object' && options !== undefined) {
    throw errorHere({
      kind: 'Config',
      operation,
      message: "the call's settings are no object",
      cure: 'write { timeoutMs: 5000 }',
    });
  }
  const { signal, ...rest } =
    defaults === undefined ? (options as CallOptions) : layered<CallOptions>(defaults, options);
  if (signal !== undefined && signal !== null && typeof signal.addEventListener !== 'function') {
    throw errorHere({
      kind: 'Config',
      operation,
      path: 'signal',
      message: 'it is no AbortSignal',
      cure: 'pass the signal of an AbortController',
    });
  }
  const json = encode(rest, { kind: 'Config', operation });
  return { json: json === '{}' ? undefined : json, signal: signal ?? undefined };
}
