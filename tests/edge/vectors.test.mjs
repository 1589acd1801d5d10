// Every vector file in WebAssembly under Node; the other runtimes run them in runtimes.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import { readVectors, recordVectors } from './shared/files.mjs';
import { runVectors } from './shared/vectors.mjs';

native.initSync({ module: readFileSync(new URL('../../bindings-wasm/dist/wasm/tencent_im.wasm', import.meta.url)) });

test('every vector file', async (t) => {
  const results = runVectors(sdk, native, readVectors());
  for (const { file, count, failures } of results) {
    await t.test(`${file}: ${count} vectors`, () => assert.deepEqual(failures, []));
  }
  recordVectors('wasm', results);
});
