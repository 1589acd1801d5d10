/** From the core's record of an error to the error, and errors that are found on this side of the border. */

import { CLASSES, type ErrorKind, TencentImError } from './errors.js';
import { wordsOf } from './foreign.js';
import type { ErrorRecord } from './native.js';

/** The error of a record. A kind that this version does not know becomes the base class. */
export function errorOf(record: ErrorRecord): TencentImError {
  const errorClass = Object.hasOwn(CLASSES, record.kind) ? CLASSES[record.kind as ErrorKind][1] : TencentImError;
  return new errorClass(record);
}

/** The error of a record as JSON text. */
export function errorOfJson(json: string): TencentImError {
  return errorOf(JSON.parse(json) as ErrorRecord);
}

/** An error found on this side of the border, with a message put together as the core does it. */
export function errorHere(facts: Omit<ErrorRecord, 'text' | 'kind'> & { kind: ErrorKind }): TencentImError {
  const { operation, path, message, cause, cure } = facts;
  let text = `${operation === undefined ? '' : `${operation}: `}${path === undefined ? '' : `${path}: `}${message}`;
  text += `${cause === undefined ? '' : `. Cause: ${cause}`}${cure === undefined ? '' : `. Cure: ${cure}`}`;
  return errorOf({ ...facts, text });
}

/**
 * The error of what the native side threw: a record as the message, or a fault of its own, such as a trap in the
 * WebAssembly module.
 */
export function errorThrown(thrown: unknown, facts: Partial<ErrorRecord> = {}): TencentImError {
  const message = wordsOf(thrown);
  if (message.startsWith('{')) {
    try {
      return errorOf(JSON.parse(message) as ErrorRecord);
    } catch {
      // No record after all.
    }
  }
  return errorHere({
    ...facts,
    kind: 'Internal',
    message: `the core failed: ${message}`,
    cure: 'please report it, with the call and what it was given',
  });
}

/** Asks the core, and throws what it throws as an error of this SDK; `facts` are those of a fault of the core. */
export function asked<T>(ask: () => T, facts?: Partial<ErrorRecord>): T {
  try {
    return ask();
  } catch (thrown) {
    throw errorThrown(thrown, facts);
  }
}
