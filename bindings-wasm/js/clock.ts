/**
 * Time. Timers are taken from the runtime when the package is imported: fake timers, which tests install later, would
 * block calls forever. The date stays the one that the program sees.
 */

const { performance } = globalThis;

/** The runtime's own timers. */
export const { setTimeout, clearTimeout, queueMicrotask } = globalThis;

/** Returns the time of a monotonic clock in milliseconds, with fractions. */
export const preciseMs: () => number = performance.now.bind(performance);

/** Returns the time of the same clock as a whole number. */
export function monoMs(): number {
  return Math.floor(preciseMs());
}

/** Returns the time in Unix milliseconds. */
export function unixMs(): number {
  return Date.now();
}

/** Returns the time in Unix seconds. */
export function unixS(): number {
  return Math.floor(Date.now() / 1000);
}
