/**
 * Time. Taken from the runtime when the package is imported: fake timers, which tests put in place later, would stop
 * calls for good. The date stays the one that the program sees.
 */

const { performance } = globalThis;

/** The runtime's own timers. */
export const { setTimeout, clearTimeout, queueMicrotask } = globalThis;

/** Milliseconds of a clock that never jumps back, with fractions. */
export const preciseMs: () => number = performance.now.bind(performance);

/** The same as a whole number. */
export function monoMs(): number {
  return Math.floor(preciseMs());
}

/** Milliseconds since 1970. */
export function unixMs(): number {
  return Date.now();
}

/** Unix seconds. */
export function unixS(): number {
  return Math.floor(Date.now() / 1000);
}
