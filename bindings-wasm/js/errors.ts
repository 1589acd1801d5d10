/** The errors: one class for each kind of failure, under one base, with the facts a caller needs to act. */

import type { ErrorRecord } from './native.js';

/** What sort of failure it was; the same names in every language. */
export type ErrorKind =
  | 'InvalidInput'
  | 'Config'
  | 'Signature'
  | 'Auth'
  | 'Permission'
  | 'NotFound'
  | 'Conflict'
  | 'RateLimited'
  | 'Quota'
  | 'ContentRejected'
  | 'Server'
  | 'Protocol'
  | 'Transport'
  | 'Timeout'
  | 'Cancelled'
  | 'Partial'
  | 'Webhook'
  | 'Internal';

/**
 * The base of all errors of this SDK. `message` has everything on one line: what, where, the service's words, why and
 * what to do. No error holds a secret key, a UserSig or a URL with one.
 */
export class TencentImError extends Error {
  /** What sort of failure it was. */
  readonly kind: ErrorKind;
  /** What is wrong, alone: `message` without the call, the field, the code, the cause and the cure. */
  readonly summary: string;
  /** The service's `ErrorCode`, or the one it would answer. */
  declare readonly code?: number;
  /** The service's own `ErrorInfo`. */
  declare readonly errorInfo?: string;
  /** The call, such as `accounts.import_account`: the same name in every language. */
  declare readonly operation?: string;
  /** The field, such as `accounts[3].nick`. */
  declare readonly path?: string;
  /**
   * Why this happens, in words. A text and never the HTTP library's own error, since those may show the URL, and the
   * URL holds a UserSig that administers the app.
   */
  declare readonly cause?: string;
  /** What to do about it, in words. */
  declare readonly cure?: string;
  /** HTTP status, where there was an answer. The service itself answers 200 to errors, too: look at `code`. */
  declare readonly httpStatus?: number;
  /** Attempts sent. 0 if nothing was sent. */
  readonly attempts: number;
  /** Whether the call may have taken effect although it failed. False means that it surely has not. */
  readonly maybeApplied: boolean;
  /** When a further attempt makes sense, in milliseconds from now. */
  declare readonly retryAfterMs?: number;
  /** The beginning of the answer's body, when it was a failure; at most 2 kB. */
  declare readonly body?: string;

  /** Makes the error of a record. Callers have no need to: the SDK throws them. */
  constructor(record: ErrorRecord) {
    super(record.text);
    this.kind = record.kind as ErrorKind;
    this.summary = record.message;
    this.attempts = record.attempts ?? 0;
    this.maybeApplied = record.maybeApplied ?? false;
    for (const fact of OPTIONAL_FACTS) {
      const value = record[fact];
      if (value !== undefined) {
        // Not enumerable: `cause` as in every Error; `body` because it would flood a log.
        const enumerable = fact !== 'cause' && fact !== 'body';
        Object.defineProperty(this, fact, { value, enumerable, configurable: true });
      }
    }
  }

  /** The facts as plain data, for logs. */
  toJSON(): Record<string, unknown> {
    const { name, message, kind, attempts, maybeApplied } = this;
    const facts: Record<string, unknown> = { name, message, kind, attempts, maybeApplied };
    for (const fact of OPTIONAL_FACTS) {
      if (this[fact] !== undefined) {
        facts[fact] = this[fact];
      }
    }
    return facts;
  }
}

const OPTIONAL_FACTS = [
  'code',
  'errorInfo',
  'operation',
  'path',
  'cause',
  'cure',
  'httpStatus',
  'retryAfterMs',
  'body',
] as const satisfies readonly (keyof ErrorRecord & keyof TencentImError)[];

/** The caller's data is wrong; nothing was sent. */
export class InvalidInputError extends TencentImError {}
/** The client's settings are wrong, or it was closed; nothing was sent. */
export class ConfigError extends TencentImError {}
/** A UserSig is not valid, here or at the service. */
export class SignatureError extends TencentImError {}
/** The service does not accept the app or the caller. */
export class AuthError extends TencentImError {}
/** The caller may not do this. */
export class PermissionDeniedError extends TencentImError {}
/** What the call names does not exist. */
export class NotFoundError extends TencentImError {}
/** What the call would make exists already, or the state forbids it. */
export class ConflictError extends TencentImError {}
/** Too many calls; wait. */
export class RateLimitedError extends TencentImError {}
/** A limit of the edition or of an object is reached. */
export class QuotaError extends TencentImError {}
/** The content check or the app's own webhook refused the content. */
export class ContentRejectedError extends TencentImError {}
/** The service failed. */
export class ServerError extends TencentImError {}
/** The answer was not what the protocol says. */
export class ProtocolError extends TencentImError {}
/** The network failed. */
export class TransportError extends TencentImError {}
/** Time ran out. */
export class CallTimeoutError extends TencentImError {}
/** The caller gave up, by its AbortSignal. */
export class CallCancelledError extends TencentImError {
  /** The `reason` of the caller's AbortSignal. */
  declare readonly reason?: unknown;
}
/** Items of a reply failed, which `raiseForItems` was asked about. The others took effect. */
export class PartialError extends TencentImError {
  /** The items that failed, as they stand in the reply. */
  declare readonly items: readonly unknown[];
}
/** A webhook request is not genuine or not readable. */
export class WebhookError extends TencentImError {}
/** A fault of this SDK. Please report it. */
export class InternalError extends TencentImError {}

/** The class of each kind, and its name. */
export const CLASSES: Readonly<Record<ErrorKind, readonly [string, typeof TencentImError]>> = {
  InvalidInput: ['InvalidInputError', InvalidInputError],
  Config: ['ConfigError', ConfigError],
  Signature: ['SignatureError', SignatureError],
  Auth: ['AuthError', AuthError],
  Permission: ['PermissionDeniedError', PermissionDeniedError],
  NotFound: ['NotFoundError', NotFoundError],
  Conflict: ['ConflictError', ConflictError],
  RateLimited: ['RateLimitedError', RateLimitedError],
  Quota: ['QuotaError', QuotaError],
  ContentRejected: ['ContentRejectedError', ContentRejectedError],
  Server: ['ServerError', ServerError],
  Protocol: ['ProtocolError', ProtocolError],
  Transport: ['TransportError', TransportError],
  Timeout: ['CallTimeoutError', CallTimeoutError],
  Cancelled: ['CallCancelledError', CallCancelledError],
  Partial: ['PartialError', PartialError],
  Webhook: ['WebhookError', WebhookError],
  Internal: ['InternalError', InternalError],
};

/** All kinds. */
export const ERROR_KINDS: readonly ErrorKind[] = Object.keys(CLASSES) as ErrorKind[];

// As texts, because a minifier renames classes; on the prototypes, so that the first line of `stack` has the name.
nameClass(TencentImError, 'TencentImError');
for (const [name, errorClass] of Object.values(CLASSES)) {
  nameClass(errorClass, name);
}

function nameClass(errorClass: typeof TencentImError, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}
