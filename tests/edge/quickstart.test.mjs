// The JavaScript quickstarts of the project's README run as they stand there.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { startEmulator } from './shared/servers.mjs';

const here = import.meta.dirname;
const APP = '1400000001';
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const readme = readFileSync(join(here, '../../README.md'), 'utf8');
const code = Object.fromEntries(
  [...readme.matchAll(/<!-- quickstart: (node|edge) -->\n```js\n(.*?)```/gs)].map(([, name, text]) => [name, text]),
);
let emulator;
let folder;
let settings;
before(async () => {
  emulator = await startEmulator(Number(APP), KEY);
  settings = { TENCENT_IM_SDK_APP_ID: APP, TENCENT_IM_SECRET_KEY: KEY, TENCENT_IM_BASE_URL: emulator.url };
  // Below this folder, so that the packages are found.
  folder = mkdtempSync(join(here, 'quickstart-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

test('Node', async () => {
  const file = join(folder, 'node.mjs');
  writeFileSync(file, code.node);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { env: { ...process.env, ...settings } });
  assert.match(stdout, /accountStatus: 'Imported'/);
  assert.match(stdout, /userId use at most 32 bytes/);
});

test('edge', async () => {
  const input = { stdin: { contents: code.edge, resolveDir: folder }, external: ['cloudflare:workers'] };
  const worker = new Miniflare({
    modules: await bundle(input, ['workerd', 'worker', 'browser']),
    compatibilityDate: '2026-04-01',
    bindings: settings,
  });
  try {
    const { results } = await (await worker.dispatchFetch('http://worker/')).json();
    assert.deepEqual(
      results.map(({ userId, accountStatus }) => [userId, accountStatus]),
      [
        ['test', 'Imported'],
        ['nobody', 'NotImported'],
      ],
    );
  } finally {
    await worker.dispose();
  }
});
