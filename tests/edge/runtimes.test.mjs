// The vectors and the cases in the other runtimes, each of which resolves the package by its own condition.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { readVectors, recordVectors } from './shared/files.mjs';
import { startServers } from './shared/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '../../node_modules/.bin');

/** How each runtime runs an input, and what differs there. */
const RUNTIMES = {
  workerd: { tellsUnsent: false, isBoundToRequest: true, run: inWorkerd },
  // Without --allow-env: the package must not ask for what it was not given.
  deno: {
    tellsUnsent: true,
    run: (input) => inProcess('deno', ['run', '--no-prompt', '--allow-net', '--allow-read'], input),
  },
  bun: { tellsUnsent: true, run: (input) => inProcess('bun', ['run'], input) },
};

for (const [name, { run, ...differs }] of Object.entries(RUNTIMES)) {
  describe(name, () => {
    let servers;
    before(async () => {
      servers = await startServers();
    });
    after(() => servers?.stop());
    test('every vector and every case', { timeout: 290_000 }, async (t) => {
      const files = readVectors();
      const { vectors, cases } = await run({ context: { ...servers.context, ...differs }, files });
      assert.equal(vectors.length, Object.keys(files).length);
      for (const { file, count, failures } of vectors) {
        await t.test(`${file}: ${count} vectors`, () => assert.deepEqual(failures, []));
      }
      recordVectors(name, vectors);
      assert.ok(cases.length > 100);
      for (const { name, error } of cases) {
        await t.test(name, () => assert.equal(error, undefined));
      }
    });
  });
}

/** Runs main.mjs in a runtime that is a program. */
function inProcess(program, args, input) {
  return new Promise((resolve, reject) => {
    const options = { cwd: here, timeout: 280_000, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(join(bin, program), [...args, 'main.mjs'], options, (error, stdout, stderr) => {
      if (error) {
        reject(new Error(`${error.message}\n${stderr}`));
      } else {
        resolve(JSON.parse(stdout));
      }
    });
    child.stdin.end(JSON.stringify(input));
  });
}

/** Bundles worker.mjs as wrangler does, and runs it in workerd. */
async function inWorkerd(input) {
  const worker = new Miniflare({
    modules: await bundle({ entryPoints: [join(here, 'worker.mjs')] }, ['workerd', 'worker', 'browser']),
    compatibilityDate: '2026-04-01',
  });
  try {
    const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(input) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return await answer.json();
  } finally {
    await worker.dispose();
  }
}
