/** The time, as whole numbers. */

/** Milliseconds of a clock that never jumps back. */
export function monoMs(): number {
  return Math.floor(performance.now());
}

/** Milliseconds since 1970. */
export function unixMs(): number {
  return Date.now();
}

/** Unix seconds. */
export function unixS(): number {
  return Math.floor(Date.now() / 1000);
}
