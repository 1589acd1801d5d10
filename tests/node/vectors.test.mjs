// Every vector file through the addon: the same files as in every other language.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as sdk from 'tencent-im';
import { readVectors, recordVectors } from '../edge/shared/files.mjs';
import { checkNeedsSeed } from '../edge/shared/flow.mjs';
import { runVectors } from '../edge/shared/vectors.mjs';

const { native } = createRequire(import.meta.url)('../../bindings-node/dist/native.js');

test('every vector file', async (t) => {
  assert.equal(sdk.backend().name, 'native');
  const results = runVectors(sdk, native(), readVectors());
  for (const { file, count, failures } of results) {
    await t.test(`${file}: ${count} vectors`, () => assert.deepEqual(failures, []));
  }
  recordVectors('node', results);
});

test('a client that was given no seed makes no call', () => checkNeedsSeed(native()));
