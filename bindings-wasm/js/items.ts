/** Replies whose items succeed or fail alone: a call that succeeded may hold items that failed. */

import type { Native } from './native.js';
import { asked, errorOfJson } from './records.js';
import { FAILED_NAMES } from './resources/failed_names.js';

/** An item, and its path in the reply. */
interface Placed<Item> {
  path: string;
  item: Item;
}

/** Returns a reply if every item of it succeeded. `native` returns the core, which makes the error. */
export function raiseForItems<Reply extends object>(native: () => Native, reply: Reply): Reply {
  const items = [...itemsOf(reply, '')];
  // If items have an outcome of their own, a list of names only repeats which of them failed.
  const failed = items.length === 0 ? failedNames(reply) : items.filter(({ item }) => item.ok === false);
  const first = failed[0];
  if (first === undefined) {
    return reply;
  }
  const { code, cause, cure } = factsOf(first.item);
  const error = errorOfJson(asked(() => native().partialError(failed.length, first.path, code, cause, cure)));
  Object.defineProperty(error, 'items', { value: failed.map(({ item }) => item), enumerable: false });
  throw error;
}

/** Returns the names in the reply's lists of failures. Objects in such a list have an outcome of their own. */
function failedNames(reply: object): Placed<unknown>[] {
  const lists = Object.entries(reply).filter(([name, value]) => FAILED_NAMES.includes(name) && Array.isArray(value));
  return lists.flatMap(([name, value]) =>
    (value as unknown[])
      .filter((item) => typeof item !== 'object')
      .map((item, at) => ({ path: `${name}[${at}]`, item })),
  );
}

/** Yields the items that have an outcome of their own. */
function* itemsOf(value: unknown, path: string): Generator<Placed<{ ok: boolean }>> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (typeof (value as { ok?: unknown }).ok === 'boolean') {
    yield { path, item: value as { ok: boolean } };
  }
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : `${path === '' ? '' : '.'}${name}`;
    yield* itemsOf(inner, path + step);
  }
}

/** Returns an item's code, which is the number before `ok`, and what the core wrote beside it. */
function factsOf(item: unknown): { code?: number | undefined; cause?: string | undefined; cure?: string | undefined } {
  if (typeof item !== 'object' || item === null) {
    return {};
  }
  const entries = Object.entries(item);
  const code = entries[entries.findIndex(([name]) => name === 'ok') - 1]?.[1];
  const { cause, cure } = item as { cause?: unknown; cure?: unknown };
  return {
    // An item whose number is not one of the service's codes fails with 0.
    code: Number.isSafeInteger(code) && code !== 0 ? (code as number) : undefined,
    cause: typeof cause === 'string' ? cause : undefined,
    cure: typeof cure === 'string' ? cure : undefined,
  };
}
