/** Settings of a receiver of webhooks. */

import { encode } from '../encode.js';
import { readEnvironment } from '../environment.js';
import type { TencentImError } from '../errors.js';
import type { WebhookNative } from '../native.js';
import { readAppId } from '../options.js';
import { errorHere } from '../records.js';
import type { AnyWebhookEvent } from './event.js';
import type { LateAnswer } from './handlers.js';
import type { WebhookStore } from './store.js';

/** Settings of a receiver. Each defaults to its environment variable, if it has one, or to a fixed value. */
export interface WebhooksOptions {
  /** SDKAppID from the console. Requests for another app are refused. Defaults to `TENCENT_IM_SDK_APP_ID`. */
  sdkAppId?: number | string | undefined;
  /**
   * Token of webhook authentication from the console, or up to 16 while it is being rotated. Defaults to
   * `TENCENT_IM_WEBHOOK_TOKEN`.
   */
  token?: string | readonly string[] | undefined;
  /**
   * `false` accepts unsigned requests. Anyone can then send events, unless a proxy checks the service's certificate.
   * Defaults to true.
   */
  verify?: boolean | undefined;
  /** Maximum difference between the time of a request and the clock, in seconds. Defaults to 60. */
  tolerance?: number | undefined;
  /** Maximum size of a body, in bytes. Defaults to 1 MB. */
  maxBodyBytes?: number | undefined;
  /**
   * Time limit for the answer, in milliseconds from the start of the request. Must be below 2,000, after which the service
   * stops waiting. Defaults to 1,500.
   */
  budget?: number | undefined;
  /**
   * Answer when a handler is late or fails: `'allow'`, `'reject'` or a decision. If the webhook does not support that
   * decision, the event is rejected without a code. Defaults to `'allow'`, which is also what the service does.
   */
  onLate?: LateAnswer | undefined;
  /**
   * Receives every error: refused requests, handlers that fail or are late, decisions that a webhook does not support,
   * failures of the store. None of it is sent to the sender of a request. Defaults to logging on the console.
   */
  onError?: ((error: unknown, fault: WebhookFault) => void | Promise<void>) | undefined;
  /**
   * Maximum number of events handled in the background at once; further events are handled before their answer. 0 handles
   * all events before their answer. Applies only to events whose answer decides nothing. Defaults to 1,000.
   */
  maxQueue?: number | undefined;
  /** Remembers events, so that one that the service sends again is handled only once. Defaults to none. */
  store?: WebhookStore | undefined;
}

/** What went wrong. */
export interface WebhookFault {
  /**
   * `request`: it was refused. `handler`: it failed. `decision`: the webhook does not support it. `late`: the handler
   * exceeded the budget; reported again when it ends. `store`: it failed, and the event was handled anyway. `waitUntil`: it
   * threw, and the event was handled before its answer.
   */
  readonly what: 'request' | 'handler' | 'decision' | 'late' | 'store' | 'waitUntil';
  /** The event, if the request was genuine. */
  readonly event?: AnyWebhookEvent;
}

/** What a receiver is made with. */
export interface WebhookSettings {
  /** The core's own settings as JSON text. */
  readonly json: string;
  /** Names of the other settings, joined by commas. */
  readonly own: string;
  readonly sdkAppId: number;
  readonly budgetMs: number;
  readonly onLate: LateAnswer;
  readonly onError: (error: unknown, fault: WebhookFault) => unknown;
  readonly maxQueue: number;
  readonly store: WebhookStore | undefined;
}

/** Settings that are read here; the others are the core's, which also refuses unknown ones. */
const OWN = ['budget', 'onLate', 'onError', 'maxQueue', 'store'];

const ACTIONS = ['allow', 'reject', 'drop', 'replace', 'refuse', 'decide'];

/** Reads the settings. */
export function readWebhookSettings(native: WebhookNative | undefined, options: WebhooksOptions): WebhookSettings {
  if (typeof options !== 'object' || options === null) {
    throw wrong(
      undefined,
      'the settings are not an object',
      "write new Webhooks({ sdkAppId: 1400000000, token: '…' })",
    );
  }
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !OWN.includes(name)) {
      rest[name] = value;
    }
  }
  const sdkAppId = readAppId(native, options.sdkAppId, rest);
  const { onError, store } = options;
  if (onError !== undefined && typeof onError !== 'function') {
    throw wrong('onError', 'not a function', 'write onError: (error) => console.error(error)');
  }
  if (store !== undefined && typeof (store as WebhookStore | null)?.add !== 'function') {
    throw wrong('store', 'it has no method add', 'pass new MemoryStore(), or an object with add(key, ttlS)');
  }
  const token =
    options.token ?? (options.verify === false ? undefined : readEnvironment(native, 'TENCENT_IM_WEBHOOK_TOKEN'));
  const tokens = typeof token === 'string' ? [token] : token;
  return {
    json: encode({ ...rest, sdkAppId, token: tokens }, { kind: 'Config' }),
    own: OWN.join(','),
    sdkAppId,
    budgetMs: wholeNumber('budget', options.budget, 1500, 1, 1999),
    onLate: readLateAnswer(options.onLate) ?? 'allow',
    onError: onError ?? logged,
    maxQueue: wholeNumber('maxQueue', options.maxQueue, 1000, 0, 1_000_000),
    store,
  };
}

/** Reads the settings of a handler. A name that is misspelt must not let events pass. */
export function readHandlerOptions(options: unknown): LateAnswer | undefined {
  if (options === undefined || options === null) {
    return undefined;
  }
  if (typeof options !== 'object') {
    throw wrong('options', 'not an object', "write { onLate: 'reject' }");
  }
  const unknown = Object.keys(options).find((name) => name !== 'onLate');
  if (unknown !== undefined) {
    throw wrong(unknown.slice(0, 64), 'unknown field', 'the only setting of a handler is onLate');
  }
  return readLateAnswer((options as { onLate?: unknown }).onLate);
}

/** Checks an answer for when a handler is late; whether a webhook takes it shows when it is needed. */
function readLateAnswer(given: unknown): LateAnswer | undefined {
  const action = typeof given === 'object' && given !== null ? (given as { action?: unknown }).action : given;
  const known: unknown[] = typeof given === 'string' ? ['allow', 'reject'] : ACTIONS;
  if (given !== undefined && !known.includes(action)) {
    throw wrong('onLate', 'not an answer', "pass 'allow', 'reject' or a decision such as reject(120001, 'busy')");
  }
  return given as LateAnswer | undefined;
}

function wholeNumber(path: string, given: unknown, byDefault: number, least: number, most: number): number {
  if (given === undefined) {
    return byDefault;
  }
  if (typeof given !== 'number' || !Number.isInteger(given) || given < least || given > most) {
    throw wrong(path, `not a whole number from ${least} to ${most}`, `pass ${byDefault}, the default, or leave it out`);
  }
  return given;
}

function wrong(path: string | undefined, message: string, cure: string): TencentImError {
  return errorHere({ kind: 'Config', ...(path === undefined ? {} : { path }), message, cure });
}

/** Writes to the console. Of an error of the SDK the message says it all; that of a handler is the app's, shown in full. */
function logged(error: unknown, { what, event }: WebhookFault): void {
  const where = event === undefined ? '' : ` in ${event.id}`;
  if (what === 'request') {
    console.warn(`tencent-im: webhook refused: ${(error as TencentImError).message}`);
  } else if (what === 'late' || what === 'decision') {
    console.error(`tencent-im: webhook${where}: ${(error as TencentImError).message}`);
  } else if (what === 'waitUntil') {
    console.error("tencent-im: waitUntil of a webhook's request failed:", error);
  } else {
    console.error(`tencent-im: the ${what} of a webhook failed${where}:`, error);
  }
}
