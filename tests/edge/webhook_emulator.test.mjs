// A message sent by a client, decided by a handler, in each runtime: client, emulator and receiver from end to end.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { startEmulator } from './shared/servers.mjs';
import { drive } from './shared/webhook_emulator.mjs';

const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '../../node_modules/.bin');
let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

const serve = (shared, settings) => `
  import * as sdk from 'tencent-im-wasm';
  import * as webhooks from 'tencent-im-wasm/webhooks';
  import { program } from '${shared}/webhook_emulator.mjs';
  const { hooks, answer } = program(sdk, webhooks);
  const serve = async (request, env, context) =>
    new URL(request.url).pathname === '/hooks'
      ? hooks.fetch(request, env, context)
      : Response.json(await answer(request.url, ${settings}));`;

test('workerd', { timeout: 120_000 }, async () => {
  const contents = `${serve('./shared', 'env')} export default { fetch: serve };`;
  const worker = new Miniflare({
    modules: await bundle({ stdin: { contents, resolveDir: here } }, ['workerd', 'worker', 'browser']),
    compatibilityDate: '2026-04-01',
    bindings: { baseUrl: emulator.url, secretKey: KEY },
    host: '127.0.0.1',
    port: 0,
  });
  try {
    await drive((await worker.ready).origin, emulator.url);
  } finally {
    await worker.dispose();
  }
});

for (const [runtime, args, server] of [
  [
    'deno',
    ['run', '--no-prompt', '--allow-env', '--allow-read', '--allow-net'],
    'const { port } = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => serve(request)).addr;',
  ],
  [
    'bun',
    ['run'],
    'const { port } = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => serve(request) });',
  ],
]) {
  test(runtime, { timeout: 120_000 }, async () => {
    const directory = mkdtempSync(join(here, `webhook-emulator-${runtime}-`));
    const settings = JSON.stringify({ baseUrl: emulator.url, secretKey: KEY });
    writeFileSync(join(directory, 'main.mjs'), `${serve('../shared', settings)} ${server} console.log(port);`);
    const child = spawn(join(bin, runtime), [...args, 'main.mjs'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const port = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data).trim()));
        child.once('exit', (code) => reject(new Error(`${runtime} ended with ${code}`)));
      });
      await drive(`http://127.0.0.1:${port}`, emulator.url);
    } finally {
      child.kill();
      rmSync(directory, { recursive: true });
    }
  });
}
