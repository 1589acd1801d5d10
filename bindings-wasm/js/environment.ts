/** Environment variables, where the runtime has any. */

interface Globals {
  Deno?: {
    env?: { get(name: string): string | undefined };
    permissions?: { querySync?(query: { name: 'env'; variable: string }): { state: string } };
  };
  process?: { env?: Record<string, string | undefined> };
}

/** Reads a variable. Gives nothing where there is none, where it is empty, and where reading is not allowed. */
export function readEnvironment(name: string): string | undefined {
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
