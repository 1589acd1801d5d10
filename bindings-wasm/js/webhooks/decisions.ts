/** What a handler can answer. A webhook takes some of these only: the core checks, and so does the compiler. */

import type { MsgElementParam } from '../types/elements.js';

/** Lets the event go on, unchanged. */
export interface Allow {
  readonly action: 'allow';
}

/** Stops the event. */
export interface Reject {
  readonly action: 'reject';
  /** A code of the app's own. It reaches the user who caused the event, and so does `info`. */
  readonly code?: number | undefined;
  /** Text for that user. */
  readonly info?: string | undefined;
}

/** Stops a message, while its sender sees a success. */
export interface Drop {
  readonly action: 'drop';
}

/** What to deliver instead of a message. What is left out stays as it is. */
export interface Replacement {
  /** New elements. */
  readonly msgBody?: readonly MsgElementParam[] | undefined;
  /** New custom data. */
  readonly cloudCustomData?: string | undefined;
}

/** Delivers another message instead. */
export interface Replace extends Replacement {
  readonly action: 'replace';
}

/** Leaves some accounts out, and lets the event go on for the others. */
export interface Refuse {
  readonly action: 'refuse';
  /** The accounts, as the event names them. */
  readonly accounts: readonly string[];
}

/** Decides for each account. */
export interface Decide {
  readonly action: 'decide';
  /** The decisions by account. Accounts that are not named are allowed. */
  readonly results: Readonly<Record<string, Allow | Reject>>;
}

/** Any decision. */
export type Decision = Allow | Reject | Drop | Replace | Refuse | Decide;

const ALLOWED: Allow = Object.freeze({ action: 'allow' });
const DROPPED: Drop = Object.freeze({ action: 'drop' });

/** Lets the event go on. The same as returning nothing. */
export function allow(): Allow {
  return ALLOWED;
}

/**
 * Stops the event.
 *
 * `code` is one of the app's own, within the range of the webhook; it reaches the user who caused the event, and so does
 * `info`. Without a code, that user gets the service's own.
 */
export function reject(code?: number, info?: string): Reject {
  return Object.freeze({ action: 'reject', code, info });
}

/** Stops a message, while its sender sees a success. */
export function drop(): Drop {
  return DROPPED;
}

/** Delivers another message instead. */
export function replace(message: Replacement): Replace {
  return Object.freeze({ ...message, action: 'replace' });
}

/** Leaves these accounts of the event out, and lets it go on for the others. */
export function refuse(accounts: readonly string[]): Refuse {
  return Object.freeze({ action: 'refuse', accounts });
}

/** Decides for each account: `decide({ bob: reject(38001, 'no'), carol: allow() })`. Others are allowed. */
export function decide(results: Readonly<Record<string, Allow | Reject>>): Decide {
  return Object.freeze({ action: 'decide', results });
}
