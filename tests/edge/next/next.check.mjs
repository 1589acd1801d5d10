// Next.js: builds an app with middleware, an edge route and Node.js routes, and asks each. Not part of the quick tests:
// `npm run test:next --workspace tests/edge`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { APP, KEY, root, startEmulator } from '../../node/support/emulator.mjs';
import { run } from '../../node/support/program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const next = join(here, 'node_modules/next/dist/bin/next');

/** Puts the packages where npm would install them. */
function install() {
  for (const [name, folder] of [
    ['tencent-im', 'bindings-node'],
    ['tencent-im-wasm', 'bindings-wasm'],
  ]) {
    const installed = join(here, 'node_modules', name);
    rmSync(installed, { recursive: true, force: true });
    for (const entry of name === 'tencent-im' ? ['package.json', 'dist', 'native'] : ['package.json', 'dist']) {
      cpSync(join(root, folder, entry), join(installed, entry), { recursive: true });
    }
  }
}

test('Next.js: middleware, an edge route and Node.js routes', async (t) => {
  const emulator = await startEmulator();
  t.after(() => emulator.stop());
  install();
  const env = {
    PATH: process.env.PATH,
    NEXT_TELEMETRY_DISABLED: '1',
    TENCENT_IM_SDK_APP_ID: String(APP),
    TENCENT_IM_SECRET_KEY: KEY,
    TENCENT_IM_BASE_URL: emulator.url,
  };
  const { tookMs } = await run([next, 'build', here], { env, cwd: here, timeoutMs: 110_000 });
  console.log(`next build took ${(tookMs / 1000).toFixed(0)} s`);

  const flags = ['start', here, '--port', '0', '--hostname', '127.0.0.1'];
  const server = spawn(process.execPath, [next, ...flags], { env, cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  const url = await new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`next start ended with ${code}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found !== null) resolve(found[0]);
    });
  });
  for (const route of ['middleware', 'edge', 'node', 'native']) {
    const response = await fetch(`${url}/${route}`);
    const text = await response.text();
    assert.deepEqual([route, response.status, text], [route, 200, text]);
    assert.deepEqual(JSON.parse(text), ['Imported', 'alice', [true, true, 'userId']], route);
  }
});
