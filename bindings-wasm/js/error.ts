/** The base of all errors, with the facts a caller needs to act. The classes of the kinds are in `errors.ts`. */

import type { ErrorKind } from './errors.js';
import type { ErrorRecord } from './native.js';

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

nameClass(TencentImError, 'TencentImError');

/** Names a class on its prototype, so that the first line of `stack` has the name. */
export function nameClass(errorClass: typeof TencentImError, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true });
}
