// What several tests check of an error.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { TencentImError } from 'tencent-im';
import { KEY } from './emulator.mjs';

/** Checks that a call fails as it should, and that the error says what to do and gives no secret away. */
export async function fails(call, { kind, maybeApplied, says }) {
  let error;
  await assert.rejects(call, (thrown) => {
    error = thrown;
    return true;
  });
  assert.ok(error instanceof TencentImError, inspect(error));
  assert.deepEqual({ kind: error.kind, maybeApplied: error.maybeApplied }, { kind, maybeApplied }, inspect(error));
  if (says !== undefined) {
    assert.match(error.message, says);
  }
  assert.ok(error.cure ?? error.kind === 'Cancelled', inspect(error));
  const shown = [error.message, error.stack, inspect(error, { depth: 9 }), JSON.stringify(error)].join('\n');
  assert.doesNotMatch(shown, /usersig=|eA[\w*-]{60}|https?:\/\/\S*\?/i);
  assert.ok(!shown.includes(KEY));
  return error;
}

/** Waits for something to come true. */
export async function until(condition) {
  const end = Date.now() + 60_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'it did not happen');
    await sleep(5);
  }
}
