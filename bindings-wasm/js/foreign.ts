/**
 * Telling what comes from outside. Never by `instanceof`: in Jest, in vm contexts and in Next.js's edge runtime the
 * classes that made a value are not those that this code sees.
 */

/** The words of anything thrown. */
export function wordsOf(thrown: unknown): string {
  try {
    const { message } = (thrown ?? {}) as { message?: unknown };
    return typeof message === 'string' ? message : String(thrown);
  } catch {
    // A getter threw, or an object has no way to become text.
    return 'something that cannot be shown was thrown';
  }
}

/** Whether a value is a list of bytes. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

/** Whether a value is a URL. */
export function isUrl(value: unknown): value is URL {
  return tagOf(value) === 'URL';
}

/** What a value calls itself, such as `Map`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
