// Receiving webhooks in each runtime: the cases within it, and a program of its own that is asked over the network.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import * as whole from 'tencent-im-wasm';
import * as sdk from 'tencent-im-wasm/webhooks';
import { bundle } from './bundle.mjs';
import { PROGRAM_RUNTIMES, printed, serving } from './shared/programs.mjs';
import { until } from './shared/tools.mjs';
import { AFTER, BEFORE, message, signed } from './shared/webhook_tools.mjs';
import { WEBHOOK_CASES } from './shared/webhooks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '../../node_modules/.bin');
const run = promisify(execFile);

/** A program's receiver, the same for all: its own handlers, and what they have seen under `/seen`. */
const PROGRAM = `
  import { Webhooks, reject } from 'tencent-im-wasm/webhooks';
  const seen = [];
  const hooks = new Webhooks({ sdkAppId: 1400000001, token: 'the-token-of-the-tests', maxBodyBytes: 20_000, onError() {} });
  hooks.on('${BEFORE}', ({ body }) => {
    if (body.msgBody[0].msgContent.text.includes('red packet')) return reject(120001, 'no advertisements');
  });
  hooks.on('${AFTER}', async ({ id }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(id);
  });
  const serve = (request, ...context) =>
    request.url.endsWith('/seen') ? Response.json(seen) : hooks.fetch(request, ...context);`;

/** Asks a program as the service does. `ask` takes a path and what fetch takes. */
async function askProgram(ask) {
  const post = async (query, body) => {
    const answer = await ask(`/hooks?${new URLSearchParams(query)}`, { method: 'POST', body });
    return [answer.status, await answer.json()];
  };
  const json = JSON.stringify(message());
  const ok = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
  const refusal = { ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: 'refused' };
  const no = { ...ok, ErrorCode: 120001, ErrorInfo: 'no advertisements' };
  assert.deepEqual(await post(signed(sdk), json), [200, no]);
  assert.deepEqual(await post(signed(sdk), json.replace('red packet', 'hi')), [200, ok]);
  assert.deepEqual(await post(signed(sdk, BEFORE, 'wrong'), json), [401, refusal]);
  // Small enough to be sent whole before the answer comes: what is left unread would reset the connection.
  assert.deepEqual(await post(signed(sdk), 'x'.repeat(30_000)), [413, refusal]);
  const got = await ask(`/hooks?${new URLSearchParams(signed(sdk))}`);
  assert.deepEqual([got.status, got.headers.get('allow'), await got.json()], [405, 'POST', refusal]);
  assert.deepEqual(await post(signed(sdk, AFTER), JSON.stringify(message(AFTER))), [200, ok]);
  let seen = [];
  await until(async () => {
    seen = await (await ask('/seen')).json();
    return seen.length > 0;
  });
  assert.deepEqual(seen, [`${AFTER}/jared/Jonh/48374_2837546_1557481126`]);
}

describe('in Node', () => {
  for (const { name, run } of WEBHOOK_CASES) {
    test(name, () => run({ sdk }));
  }
  test('both formats are one copy, and errors are those of the whole package', () => {
    assert.equal(createRequire(import.meta.url)('tencent-im-wasm/webhooks').Webhooks, sdk.Webhooks);
    assert.equal(sdk.TencentImError, whole.TencentImError);
  });
});

const MAIN = `
  import * as sdk from 'tencent-im-wasm/webhooks';
  import { runWebhookCases } from '../shared/webhooks.mjs';`;

for (const runtime of PROGRAM_RUNTIMES) {
  describe(`in ${runtime}`, () => {
    test('every case', { timeout: 120_000 }, async (t) => {
      const stdout = await printed(runtime, `${MAIN} console.log(JSON.stringify(await runWebhookCases({ sdk })));`);
      const results = JSON.parse(stdout.slice(stdout.indexOf('[{"name"')));
      assert.equal(results.length, WEBHOOK_CASES.length);
      for (const { name, error } of results) {
        await t.test(name, () => assert.equal(error, undefined));
      }
    });

    test('its own server', { timeout: 120_000 }, () =>
      serving(runtime, PROGRAM, (url) => askProgram((path, init) => fetch(url + path, init))),
    );
  });
}

for (const conditions of [['workerd', 'worker', 'browser'], ['edge-light']]) {
  describe(`in workerd, by the condition ${conditions[0]}`, () => {
    const inWorker = async (contents, use) => {
      const modules = await bundle({ stdin: { contents, resolveDir: here } }, conditions);
      assert.deepEqual(
        modules.filter(({ type }) => type === 'CompiledWasm').map(({ path }) => path),
        ['tencent_im_webhooks.wasm'],
      );
      const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
      try {
        return await use(worker);
      } finally {
        await worker.dispose();
      }
    };

    test('every case', { timeout: 120_000 }, async (t) => {
      const contents = `${MAIN.replace('../shared', './shared')}
        export default { fetch: async () => Response.json(await runWebhookCases({ sdk, isBoundToRequest: true })) };`;
      const results = await inWorker(contents, async (worker) => (await worker.dispatchFetch('http://worker/')).json());
      assert.equal(results.length, WEBHOOK_CASES.length);
      for (const { name, error } of results) {
        await t.test(name, () => assert.equal(error, undefined));
      }
    });

    test('a worker of its own', { timeout: 120_000 }, async () => {
      // The receiver is made at the top of the module, where workerd forbids I/O, timers and random numbers.
      const contents = `${PROGRAM} export default { fetch: serve };`;
      await inWorker(contents, (worker) =>
        askProgram((path, init) => worker.dispatchFetch(`http://worker${path}`, init)),
      );
    });
  });
}

test('where the module must be waited for, the first request waits', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import * as sdk from 'tencent-im-wasm/webhooks';
        import { BEFORE, message, open, signed } from './shared/webhook_tools.mjs';
        globalThis.fetch = async () => new Response(Deno.readFileSync(Deno.args[0]), { headers: { 'Content-Type': 'application/wasm' } });
        const { hooks } = open({ sdk });
        hooks.on(BEFORE, () => sdk.reject(120001));
        const told = [];
        try { sdk.listWebhooks() } catch (error) { told.push(error.cure) }
        told.push((await hooks.receive('', message())).status);
        await sdk.ready();
        told.push((await hooks.receive(signed(sdk), message())).body);
        console.log(JSON.stringify(told));`,
      resolveDir: here,
    },
    ...{ bundle: true, format: 'esm', write: false },
  });
  const directory = mkdtempSync(join(here, 'webhooks-browser-'));
  try {
    writeFileSync(join(directory, 'main.mjs'), outputFiles[0].text);
    const module = createRequire(import.meta.url).resolve('tencent-im-wasm/tencent_im_webhooks.wasm');
    const args = ['run', '--no-prompt', '--no-config', '--allow-read', join(directory, 'main.mjs'), module];
    const [early, status, body] = JSON.parse((await run(join(bin, 'deno'), args, { timeout: 120_000 })).stdout);
    assert.match(early, /await ready\(\)/);
    assert.deepEqual([status, JSON.parse(body).ErrorCode], [401, 120001]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a worker that makes calls and receives nothing has nothing of webhooks', async () => {
  const contents = `
    import { Client } from 'tencent-im-wasm';
    const im = new Client({ sdkAppId: 1400000001, secretKey: 'made up' });
    export default { fetch: () => new Response(im.prepare('accounts.kick', { userId: 'a' }).body) };`;
  for (const conditions of [['workerd', 'worker', 'browser'], ['edge-light']]) {
    const [script, ...modules] = await bundle({ stdin: { contents, resolveDir: here } }, conditions);
    assert.deepEqual(
      modules.map(({ path }) => path),
      ['tencent_im.wasm'],
    );
    // The names of its functions, and of its glue's.
    assert.doesNotMatch(script.contents, /openReceiver|answerWebhook|nativereceiver/);
    assert.ok(!modules[0].contents.includes('CallbackCommand'));
  }
});

test('a bundle of it has neither the calls of the service nor the whole module', async () => {
  const { metafile } = await build({
    stdin: { contents: `${PROGRAM} export { serve };`, resolveDir: here },
    ...{ bundle: true, format: 'esm', minify: true, metafile: true, write: false },
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(
    inputs.every((path) => !/resources\/|client\.js|wasm\/tencent_im\.js/.test(path)),
    inputs.join(),
  );
});
