/**
 * Identifies values from outside. Never by `instanceof`: in Jest, in vm contexts and in Next.js's edge runtime, values are
 * made by other copies of the classes than this code sees.
 */

/** Returns the message of anything thrown. */
export function wordsOf(thrown: unknown): string {
  try {
    const { message } = (thrown ?? {}) as { message?: unknown };
    return typeof message === 'string' ? message : String(thrown);
  } catch {
    // A getter threw, or the object cannot be converted to text.
    return 'something that cannot be shown was thrown';
  }
}

/** Returns whether a value is a Uint8Array. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

/** Returns whether a value is a URL. */
export function isUrl(value: unknown): value is URL {
  return tagOf(value) === 'URL';
}

/** Returns the name of a value's built-in class, such as `Map`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
