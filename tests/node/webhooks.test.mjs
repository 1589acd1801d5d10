// Receiving webhooks in Node: the cases that hold for both packages, and what only a process can show.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Miniflare } from 'miniflare';
import { TencentImError } from 'tencent-im';
import * as sdk from 'tencent-im/webhooks';
import * as twin from 'tencent-im-wasm/webhooks';
import { bundle } from '../edge/bundle.mjs';
import { gate } from '../edge/shared/tools.mjs';
import { AFTER, BEFORE, message, open, signed } from '../edge/shared/webhook_tools.mjs';
import { WEBHOOK_CASES } from '../edge/shared/webhooks.mjs';
import { root } from './support/emulator.mjs';
import { project } from './support/project.mjs';

for (const { name, run } of WEBHOOK_CASES) {
  test(name, () => run({ sdk }));
}

test('where no Response can be made, the door fails instead of hanging', async (t) => {
  t.mock.method(globalThis, 'Response', function none() {
    throw new Error('no Response here');
  });
  for (const handler of [() => sdk.allow(), async () => sdk.allow()]) {
    const { hooks } = open({ sdk });
    hooks.on(BEFORE, handler);
    const url = `https://example.com/hooks?${new URLSearchParams(signed(sdk))}`;
    const body = JSON.stringify(message());
    await assert.rejects(hooks.fetch(new Request(url, { method: 'POST', body })), /no Response here/);
  }
});

describe('the package', () => {
  test('import and require give one copy, and errors are those of the client', () => {
    const required = createRequire(import.meta.url)('tencent-im/webhooks');
    assert.equal(required.Webhooks, sdk.Webhooks);
    assert.equal(sdk.TencentImError, TencentImError);
    assert.throws(() => new sdk.Webhooks({ sdkAppId: 1 }), TencentImError);
  });

  test('it has what its twin for edge workers has', () => {
    const names = (exports) =>
      Object.keys(exports).filter((name) => !['__esModule', 'module.exports', 'default'].includes(name));
    assert.deepEqual(names(sdk).sort(), names(twin).sort());
    assert.ok(names(sdk).length > 15);
  });

  const PROGRAM = `
    async function answer() {
      const hooks = new Webhooks({ sdkAppId: 1400000001, token: 'x' });
      hooks.on('${BEFORE}', () => reject(120001));
      const query = { SdkAppid: '1400000001', CallbackCommand: '${BEFORE}', ...signWebhook('x') };
      const { body } = await hooks.receive(query, ${JSON.stringify(message())});
      return String(JSON.parse(body).ErrorCode);
    }`;
  const IMPORT = "import { reject, signWebhook, Webhooks } from 'tencent-im/webhooks';";

  test('without an addon for the machine it takes the WebAssembly module', () => {
    const directory = project('webhooks-without-addon', 'native');
    writeFileSync(join(directory, 'main.mjs'), `${IMPORT} ${PROGRAM} console.log(await answer());`);
    const required = "const { reject, signWebhook, Webhooks } = require('tencent-im/webhooks');";
    writeFileSync(join(directory, 'main.cjs'), `${required} ${PROGRAM} answer().then(console.log);`);
    for (const file of ['main.mjs', 'main.cjs']) {
      assert.equal(execFileSync(process.execPath, [file], { cwd: directory, encoding: 'utf8' }), '120001\n');
    }
  });

  test('runtimes that load no addons get the package for them by the same name', async () => {
    const resolveDir = project('webhooks-edge', 'native');
    const bun = join(root, 'node_modules/.bin/bun');
    writeFileSync(join(resolveDir, 'main.mjs'), `${IMPORT} ${PROGRAM} console.log(await answer());`);
    assert.equal(execFileSync(bun, ['run', 'main.mjs'], { cwd: resolveDir, encoding: 'utf8' }), '120001\n');
    const contents = `${IMPORT} ${PROGRAM} export default { fetch: async () => new Response(await answer()) };`;
    const modules = await bundle({ stdin: { contents, resolveDir } }, ['workerd', 'worker', 'browser']);
    const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
    try {
      assert.equal(await (await worker.dispatchFetch('http://worker/')).text(), '120001');
    } finally {
      await worker.dispose();
    }
  });

  test('settings come from the environment', () => {
    const program = `
      import { Webhooks } from 'tencent-im/webhooks';
      new Webhooks();
      new Webhooks({ verify: false });
      try { new Webhooks({ token: '' }) } catch (error) { console.log(error.path) }`;
    const env = { ...process.env, TENCENT_IM_SDK_APP_ID: '1400000001', TENCENT_IM_WEBHOOK_TOKEN: 'of the environment' };
    const args = ['--input-type=module', '-e', program];
    assert.equal(
      execFileSync(process.execPath, args, { env, cwd: import.meta.dirname, encoding: 'utf8' }),
      'token[0]\n',
    );
  });

  test('what is reported by default goes to the console, and shows no secret', () => {
    const told = [];
    const { warn, error } = console;
    console.warn = (...words) => told.push(words.map(String).join(' '));
    console.error = console.warn;
    return (async () => {
      const { hooks } = open({ sdk }, { onError: undefined, budget: 20, maxQueue: 0 });
      const { opened, open: end } = gate();
      hooks.on(BEFORE, () => opened);
      const { hooks: others } = open({ sdk }, { onError: undefined, maxQueue: 0 });
      others.on(AFTER, () => {
        throw new Error('the database is away');
      });
      const query = signed(sdk);
      await hooks.receive({ ...query, Sign: query.Sign.toUpperCase() }, message());
      await hooks.receive(query, message());
      end();
      await hooks.idle();
      await others.receive(signed(sdk, AFTER), message(AFTER));
      assert.equal(told.length, 4, told.join('\n'));
      assert.match(told[0], /^tencent-im: webhook refused: the Sign has capital letters/);
      assert.match(told[1], /^tencent-im: webhook in C2C.*: the handler takes longer than 20 ms/);
      assert.ok(told.some((line) => /handler of a webhook failed in C2C.*the database is away/.test(line)));
      assert.ok(!told.join().includes('the-token-of-the-tests') && !told.join().toLowerCase().includes(query.Sign));
    })().finally(() => {
      console.warn = warn;
      console.error = error;
    });
  });

  for (const name of ['tencent-im', 'tencent-im-wasm']) {
    test(`100,000 events leave nothing behind: ${name}`, { timeout: 60_000 }, () => {
      const program = `
        import { IncomingMessage, ServerResponse } from 'node:http';
        import * as sdk from '${name}/webhooks';
        import { AFTER, BEFORE, message, open, signed } from '../edge/shared/webhook_tools.mjs';
        const { hooks } = open({ sdk }, { store: new sdk.MemoryStore(1000), onError() {} });
        hooks.on(BEFORE, async (event) => (event.signal.aborted, sdk.reject(120001, event.id)));
        hooks.on(AFTER, async () => {});
        const query = { [BEFORE]: signed(sdk), [AFTER]: signed(sdk, AFTER) };
        const body = { [BEFORE]: message(), [AFTER]: message(AFTER) };
        const wrong = { ...query[BEFORE], Sign: 'x' };
        const url = (query) => 'http://127.0.0.1/?' + new URLSearchParams(query);
        const doors = [
          hooks.receive.bind(hooks),
          (query, body) => hooks.fetch(new Request(url(query), { method: 'POST', body: JSON.stringify(body) })),
          (query, body) => {
            const request = Object.assign(new IncomingMessage(), { method: 'POST', url: url(query), complete: true });
            request.push(JSON.stringify(body));
            request.push(null);
            return hooks.node(request, new ServerResponse(request));
          },
        ];
        async function take(count) {
          for (let at = 0; at < count; at++) {
            const command = at % 2 === 0 ? BEFORE : AFTER;
            const sent = { ...body[command], MsgKey: String(at) };
            await doors[at % doors.length](at % 10 === 9 ? wrong : query[command], sent);
          }
          await hooks.idle();
          gc();
          return process.memoryUsage();
        }
        const before = await take(20000);
        const after = await take(100000);
        console.log(JSON.stringify({ heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss }));`;
      const args = ['--expose-gc', '--input-type=module', '-e', program];
      const { heap, rss } = JSON.parse(
        execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' }),
      );
      assert.ok(heap < 3_000_000, `the heap grew by ${heap} bytes`);
      assert.ok(rss < 40_000_000, `the process grew by ${rss} bytes`);
    });
  }
});
