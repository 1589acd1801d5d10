// workerd: what a request began belongs to that request, and ends with it.

import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { bundle } from './bundle.mjs';
import { startEmulator } from './shared/servers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
let emulator;
let worker;

before(async () => {
  emulator = await startEmulator();
  const contents = `
    import { Client } from 'tencent-im-wasm';
    const im = new Client({
      sdkAppId: 1400000001,
      secretKey: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e',
      baseUrl: '${emulator.url}',
      rateLimits: { 'accounts.importAccount': 2 },
    });
    const call = (options) => im.accounts.importAccount({ userId: 'a' }, { timeoutMs: 60_000, ...options });
    export default {
      async fetch(request) {
        const { pathname } = new URL(request.url);
        if (pathname === '/leave') {
          // Several wait, and nobody awaits them when the answer goes out.
          for (let i = 0; i < 5; i++) call().catch(() => {});
          return new Response('left');
        }
        if (pathname === '/abort') {
          const controller = new AbortController();
          const calls = Array.from({ length: 10 }, () => call({ signal: controller.signal }).catch((error) => error.kind));
          controller.abort();
          return Response.json(await Promise.all(calls));
        }
        return call().then(
          () => new Response('done'),
          (error) => new Response(error.message),
        );
      },
    };`;
  const modules = await bundle({ stdin: { contents, resolveDir: here } }, ['workerd', 'worker', 'browser']);
  worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
});
after(() => Promise.all([worker?.dispose(), emulator?.stop()]));

const ask = async (path) => (await worker.dispatchFetch(`http://worker${path}`)).text();

test('a paced call that its request no longer awaits holds up nobody', async () => {
  assert.equal(await ask('/call'), 'done');
  assert.equal(await ask('/leave'), 'left');
  const start = performance.now();
  for (let i = 0; i < 3; i++) {
    assert.equal(await ask('/call'), 'done');
  }
  assert.ok(performance.now() - start < 30_000, `${performance.now() - start} ms`);
});

test('calls of a request go on while those of another one are cancelled', async () => {
  assert.equal(await ask('/call'), 'done');
  const waiting = Promise.all([ask('/call'), ask('/call'), ask('/call')]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const kinds = JSON.parse(await ask('/abort'));
  assert.ok(kinds.includes('Cancelled'), kinds.join());
  assert.deepEqual(await waiting, ['done', 'done', 'done']);
});
