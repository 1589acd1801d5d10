/** Replies whose items succeed or fail alone: a call that succeeded may hold items that failed. */

import type { PartialError } from './errors.js';
import { errorHere } from './records.js';
import { FAILED_NAMES } from './resources/failed_names.js';

/** An item that failed, and where it stands in the reply. */
interface FailedItem {
  path: string;
  item: unknown;
}

/**
 * Returns a reply if every item of it succeeded.
 *
 * @throws PartialError with the `items` that failed. The others took effect.
 */
export function raiseForItems<Reply extends object>(reply: Reply): Reply {
  const failed: FailedItem[] = [];
  for (const [name, value] of Object.entries(reply)) {
    if (FAILED_NAMES.includes(name) && Array.isArray(value)) {
      failed.push(...value.filter(isName).map((item, at) => ({ path: `${name}[${at}]`, item })));
    }
  }
  addFailed(reply, '', failed);
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

/** Where a list holds objects, those say themselves whether they failed. */
function isName(item: unknown): boolean {
  return typeof item !== 'object';
}

function addFailed(value: unknown, path: string, failed: FailedItem[]): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if ((value as { ok?: unknown }).ok === false) {
    failed.push({ path, item: value });
  }
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : `${path === '' ? '' : '.'}${name}`;
    addFailed(inner, path + step, failed);
  }
}

/** What the core wrote beside an item's code, and the code: the field before `ok`. */
function factsOf(item: unknown): { cause?: string; cure?: string; code?: number } {
  if (typeof item !== 'object' || item === null) {
    return {};
  }
  const entries = Object.entries(item);
  const code = entries[entries.findIndex(([name]) => name === 'ok') - 1]?.[1];
  const { cause, cure } = item as { cause?: string; cure?: string };
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(cause === undefined ? {} : { cause }),
    ...(cure === undefined ? {} : { cure }),
  };
}
