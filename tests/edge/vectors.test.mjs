// Every vector file in WebAssembly under Node; the other runtimes run them in runtimes.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import * as webhooks from '../../bindings-wasm/dist/esm/wasm_webhooks/tencent_im_webhooks.js';
import { readVectors, recordVectors } from './shared/files.mjs';
import { checkNeedsSeed } from './shared/flow.mjs';
import { runVectors } from './shared/vectors.mjs';

const module = (name) => readFileSync(new URL(`../../bindings-wasm/dist/wasm/${name}.wasm`, import.meta.url));
native.initSync({ module: module('tencent_im') });
webhooks.initSync({ module: module('tencent_im_webhooks') });

test('every vector file', async (t) => {
  const results = runVectors(sdk, { ...webhooks, ...native }, readVectors());
  for (const { file, count, failures } of results) {
    await t.test(`${file}: ${count} vectors`, () => assert.deepEqual(failures, []));
  }
  recordVectors('wasm', results);
});

test('a client that was given no seed makes no call', () => checkNeedsSeed(native));
