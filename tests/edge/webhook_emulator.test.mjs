// A message sent by a client, decided by a handler, in each runtime: client, emulator and receiver from end to end.

import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { PROGRAM_RUNTIMES, serving } from './shared/programs.mjs';
import { startEmulator } from './shared/servers.mjs';
import { drive } from './shared/webhook_emulator.mjs';

const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const here = dirname(fileURLToPath(import.meta.url));
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

for (const runtime of PROGRAM_RUNTIMES) {
  test(runtime, { timeout: 120_000 }, async () => {
    const settings = JSON.stringify({ baseUrl: emulator.url, secretKey: KEY });
    await serving(runtime, serve('../shared', settings), (url) => drive(url, emulator.url));
  });
}
