// Calls whose request has ended in workerd: their timers and fetches are gone, and nothing ever wakes them.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Miniflare } from 'miniflare';

import { bundle } from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** One client for all requests. `/call` leaves a call that is never answered. */
const WORKER = `
  import { Client } from 'tencent-im-wasm';
  let im;
  let aborts = 0;
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = function (...reason) {
    aborts++;
    return abort.apply(this, reason);
  };
  export default {
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      im ??= new Client({ sdkAppId: 1, secretKey: 'k', baseUrl: searchParams.get('url'), maxRetries: 0, attemptTimeoutMs: 500 });
      if (pathname === '/call') {
        im.accounts.kick({ userId: 'alice' }).catch(() => {});
        return new Response('left');
      }
      if (pathname === '/other') {
        const call = im.accounts.kick({ userId: 'bob' });
        const givenUp = aborts;
        await call.catch(() => {});
        return new Response(givenUp + ' given up');
      }
      await im.close({ force: pathname === '/force' });
      return new Response('closed');
    },
  };
`;

/** Runs the worker beside a service that never answers. */
async function withWorker(t) {
  const service = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => service.once('listening', resolve));
  const url = `http://127.0.0.1:${service.address().port}`;
  const modules = await bundle({ stdin: { contents: WORKER, resolveDir: here } }, ['workerd', 'worker', 'browser']);
  const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
  t.after(async () => {
    await worker.dispose();
    service.closeAllConnections();
    service.close();
  });
  return async (path) => (await worker.dispatchFetch(`http://worker/${path}?url=${encodeURIComponent(url)}`)).text();
}

test('close waits for no call whose request has ended', { timeout: 60_000 }, async (t) => {
  const ask = await withWorker(t);
  assert.equal(await ask('call'), 'left');
  assert.equal(await ask('close'), 'closed');
});

test('such a call is given up when a later one is made', { timeout: 60_000 }, async (t) => {
  const ask = await withWorker(t);
  assert.equal(await ask('call'), 'left');
  // Each adds its own call, whose time runs out.
  let others = 0;
  let givenUp;
  do {
    givenUp = Number.parseInt(await ask('other'), 10);
    assert.ok(givenUp === others || givenUp === others + 1, `${givenUp} beside ${others}`);
  } while (givenUp !== ++others);
});

test('closing by force ends calls of other requests, too', { timeout: 60_000 }, async (t) => {
  const ask = await withWorker(t);
  assert.equal(await ask('call'), 'left');
  assert.equal(await ask('force'), 'closed');
});
