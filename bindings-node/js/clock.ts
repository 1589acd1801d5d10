/**
 * Node's own timers, taken when the package is imported: fake timers, which tests install later, would block calls
 * forever. Taken from the modules, since Jest's jsdom hides some of the globals.
 */

import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export const { setTimeout, clearTimeout, setImmediate } = timers;
export const { queueMicrotask } = globalThis;

/** Returns the time of a monotonic clock in milliseconds, with fractions. */
export const preciseMs: () => number = performance.now.bind(performance);
