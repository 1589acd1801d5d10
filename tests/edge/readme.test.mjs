// The code in the package's README runs as it stands there, each block in the runtimes that it is marked with.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { startEmulator } from './shared/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '../../node_modules/.bin');
const APP = '1400000001';
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const PROGRAMS = {
  node: [process.execPath],
  bun: [join(bin, 'bun'), 'run'],
  deno: [join(bin, 'deno'), 'run', '--no-prompt', '--allow-net', '--allow-env', '--allow-read'],
};

const readme = readFileSync(join(here, '../../bindings-wasm/README.md'), 'utf8');
const blocks = [...readme.matchAll(/<!-- run: ([\w, ]+) -->\n```js\n(.*?)```/gs)];
let emulator;
let folder;
before(async () => {
  emulator = await startEmulator(Number(APP), KEY);
  // Below this folder, so that the package is found.
  folder = mkdtempSync(join(here, 'readme-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

test('every block of JavaScript is marked', () => {
  assert.equal(blocks.length, readme.match(/```js/g).length);
  assert.ok(blocks.length > 5);
});

for (const [at, [, runtimes, code]] of blocks.entries()) {
  for (const runtime of runtimes.split(', ')) {
    test(`block ${at + 1} in ${runtime}`, async () => {
      await (runtime === 'workerd' ? inWorkerd(code) : inProgram(PROGRAMS[runtime], at, code));
    });
  }
}

async function inProgram([program, ...args], at, code) {
  const file = join(folder, `block-${at + 1}.mjs`);
  writeFileSync(file, code);
  const env = {
    ...process.env,
    TENCENT_IM_SDK_APP_ID: APP,
    TENCENT_IM_SECRET_KEY: KEY,
    TENCENT_IM_BASE_URL: emulator.url,
  };
  await promisify(execFile)(program, [...args, file], { env, cwd: folder, timeout: 100_000 });
}

async function inWorkerd(code) {
  const local = code.replace('new Client({', 'new Client({ baseUrl: env.TENCENT_IM_BASE_URL,');
  const input = { stdin: { contents: local, resolveDir: folder }, external: ['cloudflare:workers'] };
  const worker = new Miniflare({
    modules: await bundle(input, ['workerd', 'worker', 'browser']),
    compatibilityDate: '2026-04-01',
    bindings: { TENCENT_IM_SDK_APP_ID: APP, TENCENT_IM_SECRET_KEY: KEY, TENCENT_IM_BASE_URL: emulator.url },
  });
  try {
    // Several requests at once share the client.
    const ask = async (user) => (await worker.dispatchFetch(`http://worker/?user=${user}`)).json();
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(ask));
    assert.ok(answers.every(({ userSig }) => userSig.length > 100));
    const refused = await worker.dispatchFetch('http://worker/');
    assert.equal(refused.status, 400);
    assert.ok((await refused.json()).cure.length > 0);
  } finally {
    await worker.dispose();
  }
}
