/** Environment variables, where the runtime has any. */

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
 * Reads a variable; nothing when there is none, when it is blank, and when reading is not allowed.
 *
 * @throws ConfigError that names the variable, for quotation marks and invisible characters. Where the core must be
 * waited for, it refuses them in the text itself later.
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
      // Deno would stop and ask the user for a permission that was not given.
      const state = Deno.permissions?.querySync?.({ name: 'env', variable: name }).state;
      return state === undefined || state === 'granted' ? Deno.env.get(name) || undefined : undefined;
    }
    return process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}
