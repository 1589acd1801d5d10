/** Random numbers, drawn when a call is made and never before: workerd forbids it at module scope. */

/** Many at once: each draw from the platform's generator has a price. */
const buffer = new Uint32Array(1024);
let used = buffer.length;

/** A random unsigned 32-bit number. */
export function random32(): number {
  if (used === buffer.length) {
    globalThis.crypto.getRandomValues(buffer);
    used = 0;
  }
  const number = buffer[used] as number;
  // What was handed out is not kept.
  buffer[used++] = 0;
  return number;
}
