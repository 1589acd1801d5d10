/** The errors: one class for each kind of failure under one base, with the facts a caller needs to act. */

import type { ErrorRecord } from './native.js';

/** Kinds of failures, named alike in every language. */
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
 * what to do. Errors never contain a secret key, a UserSig or a URL with one.
 */
export class TencentImError extends Error {
  /** Kind of failure. */
  readonly kind: ErrorKind;
  /** What is wrong: `message` without the call, the field, the code, the cause and the cure. */
  readonly summary: string;
  /** The service's `ErrorCode`, or the one it would return. */
  declare readonly code?: number;
  /** The service's own `ErrorInfo`. */
  declare readonly errorInfo?: string;
  /** The call, such as `accounts.import_account`, named alike in every language. */
  declare readonly operation?: string;
  /** The field, such as `accounts[3].nick`. */
  declare readonly path?: string;
  /**
   * Why this happens, as text. Never the HTTP library's own error, which may show the URL and with it a UserSig that
   * administers the app.
   */
  declare readonly cause?: string;
  /** What to do about it. */
  declare readonly cure?: string;
  /**
   * HTTP status of the reply. The service sends 200 with most errors: look at `code`. For a refused webhook, the status to
   * answer with.
   */
  declare readonly httpStatus?: number;
  /** Number of attempts sent. */
  readonly attempts: number;
  /** Whether the call may have taken effect although it failed. False means that it certainly has not. */
  readonly maybeApplied: boolean;
  /** Time to wait before another attempt, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** Beginning of the reply's body if it was a failure, at most 2 kB. */
  declare readonly body?: string;

  /** Makes the error of a record. For the SDK's own use. */
  constructor(record: ErrorRecord) {
    super(record.text);
    this.kind = record.kind as ErrorKind;
    this.summary = record.message;
    this.attempts = record.attempts ?? 0;
    this.maybeApplied = record.maybeApplied ?? false;
    for (const fact of OPTIONAL_FACTS) {
      const value = record[fact];
      if (value !== undefined) {
        // Not enumerable: `cause`, as in every Error, and `body`, which would flood a log.
        const enumerable = fact !== 'cause' && fact !== 'body';
        Object.defineProperty(this, fact, { value, enumerable, configurable: true });
      }
    }
  }

  /** Returns the facts as plain data, for logs. */
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

/** The input is wrong. */
export class InvalidInputError extends TencentImError {}
/** The settings are wrong, or the client is closed. Nothing was sent. */
export class ConfigError extends TencentImError {}
/** A UserSig is invalid, as found here or by the service. */
export class SignatureError extends TencentImError {}
/** The service rejects the app or the caller. */
export class AuthError extends TencentImError {}
/** The caller may not do this. */
export class PermissionDeniedError extends TencentImError {}
/** Something the call names does not exist. */
export class NotFoundError extends TencentImError {}
/** What the call would create already exists, or the current state forbids it. */
export class ConflictError extends TencentImError {}
/** Too many calls. Wait before the next one. */
export class RateLimitedError extends TencentImError {}
/** A quota of the edition or of an object is exhausted. */
export class QuotaError extends TencentImError {}
/** Moderation or the app's own webhook rejected the content. */
export class ContentRejectedError extends TencentImError {}
/** The service failed. */
export class ServerError extends TencentImError {}
/** The reply does not follow the protocol. */
export class ProtocolError extends TencentImError {}
/** The network failed. */
export class TransportError extends TencentImError {}
/** The call timed out. */
export class CallTimeoutError extends TencentImError {}
/** The caller cancelled the call by its AbortSignal, or closed the client by force. */
export class CallCancelledError extends TencentImError {
  /** The `reason` of the caller's AbortSignal. */
  declare readonly reason?: unknown;
}
/** Some items of a reply failed; the others took effect. Thrown by `raiseForItems`. */
export class PartialError extends TencentImError {
  /** The items that failed, as they stand in the reply. */
  declare readonly items: readonly unknown[];
}
/** A webhook request is forged or unreadable. */
export class WebhookError extends TencentImError {}
/** A bug in this SDK. Please report it. */
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

// Text, because a minifier renames classes; on the prototypes, so that the first line of `stack` has the name.
nameClass(TencentImError, 'TencentImError');
for (const [name, errorClass] of Object.values(CLASSES)) {
  nameClass(errorClass, name);
}

function nameClass(errorClass: typeof TencentImError, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}
