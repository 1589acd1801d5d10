/** Settings of a client and of a single call. */

import { encode } from './encode.js';
import { readEnvironment } from './environment.js';
import type { EventHook } from './events.js';
import type { FetchLike } from './fetch.js';
import type { Native } from './native.js';
import { coreName } from './ops.js';
import { errorHere } from './records.js';

/** Settings of a client. Each defaults to its environment variable, if it has one, or to a fixed value. */
export interface ClientOptions {
  /** SDKAppID from the console, as a number or as digits. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /** Secret key of the app. Defaults to `TENCENT_IM_SECRET_KEY`. */
  secretKey?: string | undefined;
  /** User name of an app admin. Defaults to `TENCENT_IM_ADMIN`, or else `administrator`, which every app has. */
  admin?: string | undefined;
  /** Region of the app. Defaults to `TENCENT_IM_REGION`, or else `china`. A base URL from the environment overrides it. */
  region?: Region | undefined;
  /** Address to use instead of a region's, such as `http://127.0.0.1:8080`. Defaults to `TENCENT_IM_BASE_URL`. */
  baseUrl?: string | undefined;
  /** Fallback for `baseUrl`, used for one minute after a connection failure. Regions have their own. */
  fallbackUrl?: string | undefined;
  /** Allows plain http to other machines. The URL holds a UserSig that administers the app. Defaults to false. */
  allowHttp?: boolean | undefined;
  /** Wire name of the user in `account_import` and `kick`. Defaults to `Identifier`. */
  accountField?: 'Identifier' | 'UserID' | undefined;
  /** Timeout of a call with all its attempts, in milliseconds. Defaults to 30,000. */
  timeoutMs?: number | undefined;
  /** Timeout of one attempt, in milliseconds. Defaults to 8,000. */
  attemptTimeoutMs?: number | undefined;
  /** Retries after the first attempt, for calls that are safe to retry. Defaults to 3. 0 disables retries. */
  maxRetries?: number | undefined;
  /**
   * Base backoff before the first retry, in milliseconds. Doubles with each retry; the actual backoff is drawn evenly
   * from 0 up to it. Defaults to 200.
   */
  backoffMs?: number | undefined;
  /** Longest backoff before a retry, in milliseconds. Defaults to 5,000. */
  maxBackoffMs?: number | undefined;
  /**
   * Retries that all calls of the client together may make in a row without a success, so that an outage is not
   * multiplied. Each success gives half a retry back. Defaults to 50.
   */
  retryBudget?: number | undefined;
  /**
   * Calls per documented period by name, such as `{ 'accounts.kick': 100 }`. Defaults to the documented rate limits;
   * `false` disables them.
   */
  rateLimits?: { readonly [op: string]: number } | boolean | undefined;
  /** Share of the documented rate limits for this client, if several processes use one app. Defaults to 1. */
  rateShare?: number | undefined;
  /** Lifetime of the admin's UserSig, in seconds. It is refreshed automatically. Defaults to 86,400. */
  sigExpireS?: number | undefined;
  /** Function that sends the requests. Defaults to the platform's own way. */
  fetch?: FetchLike | undefined;
  /**
   * Receives what happens to calls, for logs and metrics. Runs in the middle of a call, so keep it quick. What it throws
   * does not affect calls; the first time is reported on the console.
   */
  onEvent?: EventHook | undefined;
  /**
   * Allows a secret key in a browser. Anyone who opens the page can read the key and do anything to the app: use it only
   * for pages that nobody else can open, such as a tool on your own machine. Defaults to false.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** Regions of the service. Each app belongs to one, chosen at its creation. */
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
  /** Timeout of the call with all its attempts, in milliseconds. Defaults to the client's value. */
  timeoutMs?: number | undefined;
  /** Timeout of one attempt, in milliseconds. Defaults to the client's value. */
  attemptTimeoutMs?: number | undefined;
  /** Retries after the first attempt, if the call is safe to retry. Defaults to the client's value. 0 disables retries. */
  maxRetries?: number | undefined;
  /** Base backoff before the first retry, in milliseconds. Defaults to the client's value. */
  backoffMs?: number | undefined;
  /** Longest backoff before a retry, in milliseconds. Defaults to the client's value. */
  maxBackoffMs?: number | undefined;
  /** Whether retries count against the client's `retryBudget`. Defaults to true. */
  useRetryBudget?: boolean | undefined;
  /** Cancels the call when aborted. The `CallCancelledError` says whether it may have taken effect. */
  signal?: AbortSignal | undefined;
  /** Raw fields by wire name, added to the body, for what this version does not know. */
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

/** Settings read here. All others go to the core, which refuses unknown ones. */
const OWN = ['sdkAppId', 'secretKey', 'fetch', 'onEvent', 'dangerouslyAllowBrowser'];

/** Collects a client's settings. `foreign` are the names of settings that only the package around this has. */
export function readSettings(native: Native | undefined, options: ClientOptions, foreign: readonly string[]): Settings {
  if (typeof options !== 'object' || options === null) {
    throw errorHere({
      kind: 'Config',
      message: 'the settings are not an object',
      cure: "write new Client({ sdkAppId: 1400000000, secretKey: '…' })",
    });
  }
  if (options.onEvent !== undefined && typeof options.onEvent !== 'function') {
    const cure = 'write onEvent: (event) => console.log(event)';
    throw errorHere({ kind: 'Config', path: 'onEvent', message: 'not a function', cure });
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

/** Returns the app id as a whole number. Defaults to the environment's. The core refuses 0. */
export function readAppId(
  native: Pick<Native, 'readVariable'> | undefined,
  given: unknown,
  others: object = {},
): number {
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

/** Returns the secret key. Defaults to the environment's. The core checks its form. */
export function readSecretKey(native: Native | undefined, given: unknown, others: object = {}): string {
  const value = given ?? readEnvironment(native, 'TENCENT_IM_SECRET_KEY') ?? missing('secretKey', others);
  if (typeof value !== 'string') {
    throw errorHere({ kind: 'Config', path: 'secretKey', message: 'not text', cure: 'pass the key as text' });
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
    message: misspelt === undefined ? 'missing' : `missing; ${misspelt} is unknown`,
    cure: `pass ${name}, or set the environment variable ${variable}`,
  });
}

/** Merges a call's settings over the defaults. Raw fields of both are kept; the call's win. */
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

/** Returns a call's settings in the form that the core takes, and its signal. */
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
      message: "the call's settings are not an object",
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
      message: 'not an AbortSignal',
      cure: 'pass the signal of an AbortController',
    });
  }
  const json = encode(rest, { kind: 'Config', operation });
  return { json: json === '{}' ? undefined : json, signal: signal ?? undefined };
}
