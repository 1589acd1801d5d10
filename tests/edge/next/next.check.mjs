// Next.js: builds an app with middleware, an edge route and Node.js routes, and sends calls and webhooks to each.
// Takes 15 seconds: `npm run test:next --workspace tests/edge`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signWebhook } from 'tencent-im/webhooks';
import { APP, KEY, root, startEmulator } from '../../node/support/emulator.mjs';
import { run } from '../../node/support/program.mjs';
import { AFTER, BEFORE, message, signed, TOKEN } from '../shared/webhook_tools.mjs';

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
    TENCENT_IM_WEBHOOK_TOKEN: TOKEN,
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
  for (const route of ['edge', 'node', 'native']) {
    await checkHooks(`${url}/hooks/${route}`);
  }
});

/** Sends the webhooks of a message to a route, and one that is not genuine. */
async function checkHooks(url) {
  const send = async (command, text, token = TOKEN) => {
    const query = new URLSearchParams(signed({ signWebhook }, command, token));
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }];
    const body = JSON.stringify(message(command, { From_Account: 'alice', To_Account: 'bob', MsgBody }));
    const response = await fetch(`${url}?${query}`, { method: 'POST', body });
    return [response.status, (await response.json()).ErrorCode];
  };
  assert.deepEqual(await send(BEFORE, 'hello'), [200, 0], url);
  assert.deepEqual(await send(BEFORE, 'the casino'), [200, 120001], url);
  assert.deepEqual(await send(BEFORE, 'the casino', 'another token'), [401, 1], url);
  assert.deepEqual(await send(AFTER, 'hello'), [200, 0], url);
  let notes = [];
  for (let tries = 0; notes.length === 0 && tries < 100; tries++) {
    notes = await (await fetch(url)).json();
  }
  assert.deepEqual(notes, ['alice to bob'], url);
}
