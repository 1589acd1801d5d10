/** Environment variables, in runtimes that have them. */

import type { Native } from './native.js';
import { asked } from './records.js';

interface Globals {
  Deno?: {
    env?: { get(name: string): string | undefined };
    permissions?: { querySync?(query: { name: 'env'; variable: string }): { state: string } };
  };
  process?: { env?: Record<string, string | undefined> };
}

/**
 * Reads a variable. Returns undefined if it is unset, blank or not readable.
 *
 * @throws ConfigError that names the variable if it has quotation marks or invisible characters. Before the core is
 * loaded nothing is checked; the core refuses such a value later.
 */
export function readEnvironment(native: Pick<Native, 'readVariable'> | undefined, name: string): string | undefined {
  const text = variable(name);
  if (text === undefined || native === undefined) {
    return text?.trim() || undefined;
  }
  return asked(() => native.readVariable(name, text)) ?? undefined;
}

function variable(name: string): string | undefined {
  const { Deno, process } = globalThis as Globals;
  try {
    if (Deno?.env !== undefined) {
      // Deno would stop and ask the user for a missing permission.
      const state = Deno.permissions?.querySync?.({ name: 'env', variable: name }).state;
      return state === undefined || state === 'granted' ? Deno.env.get(name) || undefined : undefined;
    }
    return process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}
