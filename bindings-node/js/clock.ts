/**
 * Node's own timers, taken when the package is imported: fake timers, which tests put in place later, would stop calls
 * for good. From the modules, since Jest's jsdom hides some of the globals.
 */

import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export const { setTimeout, clearTimeout, setImmediate } = timers;
export const { queueMicrotask } = globalThis;

/** Milliseconds of a clock that never jumps back, with fractions. */
export const preciseMs: () => number = performance.now.bind(performance);
