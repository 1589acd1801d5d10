/** Replies whose items succeed or fail alone: a call that succeeded may hold items that failed. */

import type { PartialError } from './errors.js';
import { errorHere } from './records.js';
import { FAILED_NAMES } from './resources/failed_names.js';

/** An item, and where it stands in the reply. */
interface Placed<Item> {
  path: string;
  item: Item;
}

/**
 * Returns a reply if every item of it succeeded.
 *
 * @throws PartialError with the `items` that failed. The others took effect.
 */
export function raiseForItems<Reply extends object>(reply: Reply): Reply {
  const items = [...itemsOf(reply, '')];
  // Where items tell of themselves, a list of names only says again which of them failed.
  const failed = items.length === 0 ? failedNames(reply) : items.filter(({ item }) => item.ok === false);
  const first = failed[0];
  if (first === undefined) {
    return reply;
  }
  const { cause, cure, code } = factsOf(first.item);
  const error = errorHere({
    kind: 'Partial',
    path: first.path,
    message: failed.length === 1 ? 'an item failed' : `${failed.length} items failed, this one first`,
    maybeApplied: true,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause }),
    cure: cure ?? 'look at each item; those that did not fail took effect',
  }) as PartialError;
  Object.defineProperty(error, 'items', { value: failed.map(({ item }) => item), enumerable: false });
  throw error;
}

/** The names in the lists of failures that a reply holds. Objects in such a list tell of themselves. */
function failedNames(reply: object): Placed<unknown>[] {
  const lists = Object.entries(reply).filter(([name, value]) => FAILED_NAMES.includes(name) && Array.isArray(value));
  return lists.flatMap(([name, value]) =>
    (value as unknown[])
      .filter((item) => typeof item !== 'object')
      .map((item, at) => ({ path: `${name}[${at}]`, item })),
  );
}

/** The items that tell whether they failed. */
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

/** What the core wrote beside an item's code, and the code: the number before `ok`. */
function factsOf(item: unknown): { cause?: string; cure?: string; code?: number } {
  if (typeof item !== 'object' || item === null) {
    return {};
  }
  const entries = Object.entries(item);
  const code = entries[entries.findIndex(([name]) => name === 'ok') - 1]?.[1];
  const { cause, cure } = item as { cause?: string; cure?: string };
  return {
    // An item whose number is none of the service's codes fails with 0.
    ...(typeof code === 'number' && code !== 0 ? { code } : {}),
    ...(cause === undefined ? {} : { cause }),
    ...(cure === undefined ? {} : { cure }),
  };
}
