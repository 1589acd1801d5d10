/** Makes errors: from the records of the core, and for what is found on this side of the border. */

import { CLASSES, type ErrorKind, TencentImError } from './errors.js';
import { wordsOf } from './foreign.js';
import type { ErrorRecord } from './native.js';

/** Returns the error of a record. A kind that this version does not know becomes the base class. */
export function errorOf(record: ErrorRecord): TencentImError {
  const errorClass = Object.hasOwn(CLASSES, record.kind) ? CLASSES[record.kind as ErrorKind][1] : TencentImError;
  return new errorClass(record);
}

/** Returns the error of a record in JSON text. */
export function errorOfJson(json: string): TencentImError {
  return errorOf(JSON.parse(json) as ErrorRecord);
}

/** Returns an error found on this side of the border, with a message put together as the core does it. */
export function errorHere(facts: Omit<ErrorRecord, 'text' | 'kind'> & { kind: ErrorKind }): TencentImError {
  const { operation, path, message, cause, cure } = facts;
  let text = `${operation === undefined ? '' : `${operation}: `}${path === undefined ? '' : `${path}: `}${message}`;
  text += `${cause === undefined ? '' : `. Cause: ${cause}`}${cure === undefined ? '' : `. Cure: ${cure}`}`;
  return errorOf({ ...facts, text });
}

/**
 * Returns the error for what the native side threw: an error of this SDK, a record as the message, or a fault of its
 * own, such as a trap in the WebAssembly module.
 */
export function errorThrown(thrown: unknown, facts: Partial<ErrorRecord> = {}): TencentImError {
  if (thrown instanceof TencentImError) {
    return thrown;
  }
  const message = wordsOf(thrown);
  const record = recordIn(message);
  if (record !== undefined) {
    return errorOf(record);
  }
  return errorHere({
    ...facts,
    kind: 'Internal',
    message: `the core failed: ${message}`,
    cure: 'please report it, with the call and what it was given',
  });
}

/** Reads the record in a message. A runtime may put words of its own around it, such as the name of the error's class. */
function recordIn(message: string): ErrorRecord | undefined {
  const [start, end] = [message.indexOf('{'), message.lastIndexOf('}')];
  if (start < 0 || end < start) {
    return undefined;
  }
  try {
    const record = JSON.parse(message.slice(start, end + 1)) as Partial<ErrorRecord>;
    const isRecord = [record.kind, record.text, record.message].every((value) => typeof value === 'string');
    return isRecord ? (record as ErrorRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the core, and throws what it throws as an error of this SDK. `facts` go into the error if the core broke. */
export function asked<T>(ask: () => T, facts?: Partial<ErrorRecord>): T {
  try {
    return ask();
  } catch (thrown) {
    throw errorThrown(thrown, facts);
  }
}
