/**
 * A caller's value as JSON text. Not `JSON.stringify`: that drops functions, turns NaN into null and a Map into `{}`
 * without a word, refuses bigint, and never says where. Here all of these are errors that name the path, and a bigint
 * is written as the number it is: the core reads 64 bits.
 */

import { type ErrorKind, TencentImError } from './errors.js';
import { tagOf, wordsOf } from './foreign.js';
import { errorHere } from './records.js';

/** For whom a value is written: the kind and the call of an error. */
export interface Purpose {
  kind: Extract<ErrorKind, 'InvalidInput' | 'Config'>;
  operation?: string;
}

/** Deepest nesting; the core takes less. It keeps a long chain of objects from overflowing the stack. */
const MAX_DEPTH = 128;

/**
 * Whether a text has half a character in it, which no UTF-8 can hold. The runtime's own look costs next to nothing;
 * not every runtime has it.
 */
export const hasLoneSurrogate: (text: string) => boolean =
  'isWellFormed' in String.prototype
    ? (text) => !(text as string & { isWellFormed(): boolean }).isWellFormed()
    : (text) => /\p{Surrogate}/u.test(text);

/** What to do about one. */
export const CUT_CURE = "cut texts between characters: [...text].slice(0, 10).join('')";

const MAX_U64 = 2n ** 64n - 1n;
const MIN_I64 = -(2n ** 63n);

/** Writes a value. Fields that are undefined are left out. */
export function encode(value: unknown, purpose: Purpose): string {
  const writer = new Writer(purpose);
  try {
    return writer.write(value);
  } catch (error) {
    if (error instanceof TencentImError) {
      throw error;
    }
    // A getter or a proxy of the caller's threw.
    throw writer.refuse(`it cannot be read: ${wordsOf(error).slice(0, 200)}`, 'pass plain data');
  }
}

/** Texts that are written as they are, in quotes: no character that JSON escapes, no half of one. */
const VERBATIM = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

class Writer {
  readonly #purpose: Purpose;
  readonly #path: (string | number)[] = [];
  readonly #ancestors: object[] = [];

  constructor(purpose: Purpose) {
    this.#purpose = purpose;
  }

  write(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.#writeText(value);
      case 'number':
        if (!Number.isFinite(value)) {
          throw this.refuse(`it is ${value}`, 'pass a finite number, or leave it out if the value is absent');
        }
        return String(value);
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        if (value < MIN_I64 || value > MAX_U64) {
          throw this.refuse('the bigint does not fit 64 bits', 'pass a number from -2^63 to 2^64 - 1');
        }
        return value.toString();
      case 'object':
        return value === null ? 'null' : this.#writeObject(value);
      case 'undefined':
        throw this.refuse('undefined', 'pass a value, or leave the entry out');
      default:
        throw this.refuse(`it is a ${typeof value}`, 'pass plain data: text, numbers, true or false, lists, objects');
    }
  }

  #writeText(text: string): string {
    if (VERBATIM.test(text)) {
      return `"${text}"`;
    }
    if (hasLoneSurrogate(text)) {
      throw this.refuse('contains half a character (a lone surrogate)', CUT_CURE);
    }
    return JSON.stringify(text);
  }

  #writeObject(value: object): string {
    if (this.#ancestors.includes(value)) {
      throw this.refuse('it holds itself', 'pass data without circles');
    }
    if (this.#ancestors.length >= MAX_DEPTH) {
      throw this.refuse(`nested more than ${MAX_DEPTH} levels deep`, 'pass flatter data');
    }
    this.#ancestors.push(value);
    const text = Array.isArray(value) ? this.#writeList(value) : this.#writeFields(value);
    this.#ancestors.pop();
    return text;
  }

  #writeList(items: readonly unknown[]): string {
    let text = '[';
    // By index: a hole in a list is undefined, too.
    for (let index = 0; index < items.length; index++) {
      this.#path.push(index);
      text += (index === 0 ? '' : ',') + this.write(items[index]);
      this.#path.pop();
    }
    return `${text}]`;
  }

  /** Objects of a class are taken by their own fields; those whose content is elsewhere are refused. */
  #writeFields(value: object): string {
    const tag = tagOf(value);
    if (tag !== 'Object') {
      throw this.refuse(
        `it is a ${tag}`,
        CURES[tag] ?? 'pass plain data: text, numbers, true or false, lists, objects',
      );
    }
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
      throw this.refuse('it is an object with its own toJSON', 'pass what its toJSON() gives');
    }
    let text = '{';
    for (const key of Object.keys(value)) {
      const field = (value as Record<string, unknown>)[key];
      if (field === undefined) {
        continue;
      }
      const name = this.#writeText(key);
      this.#path.push(key);
      text += `${text === '{' ? '' : ','}${name}:${this.write(field)}`;
      this.#path.pop();
    }
    return `${text}}`;
  }

  /** An error at the current path. */
  refuse(message: string, cure: string): TencentImError {
    const path = this.#path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key.slice(0, 64)}`))
      .join('')
      .replace(/^\./, '');
    return errorHere({ ...this.#purpose, ...(path === '' ? {} : { path }), message, cure });
  }
}

const CURES: Record<string, string | undefined> = {
  Map: 'pass a plain object: Object.fromEntries(map)',
  Set: 'pass a list: [...set]',
  Date: 'pass Unix seconds: Math.floor(date.getTime() / 1000)',
  Promise: 'await it first',
  URL: 'pass its text: url.href',
};
