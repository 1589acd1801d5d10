// Receiving webhooks in Node: the cases that hold for both packages, and what only a process can show.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { TencentImError } from 'tencent-im';
import * as sdk from 'tencent-im/webhooks';
import { AFTER, BEFORE, message, open, signed, WEBHOOK_CASES } from '../edge/shared/webhooks.mjs';

for (const { name, run } of WEBHOOK_CASES) {
  test(name, () => run({ sdk }));
}

describe('the package', () => {
  test('import and require give one copy, and errors are those of the client', () => {
    const required = createRequire(import.meta.url)('tencent-im/webhooks');
    assert.equal(required.Webhooks, sdk.Webhooks);
    assert.equal(sdk.TencentImError, TencentImError);
    assert.throws(() => new sdk.Webhooks({ sdkAppId: 1 }), TencentImError);
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
      hooks.on(BEFORE, () => new Promise((resolve) => setTimeout(resolve, 40)));
      hooks.on(AFTER, () => {
        throw new Error('the database is away');
      });
      const query = signed(sdk);
      await hooks.receive({ ...query, Sign: query.Sign.toUpperCase() }, message());
      await hooks.receive(query, message());
      await hooks.receive(signed(sdk, AFTER), message(AFTER));
      await hooks.idle();
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

  test('100,000 events leave nothing behind', { timeout: 60_000 }, () => {
    const program = `
      import * as sdk from 'tencent-im/webhooks';
      import { AFTER, BEFORE, message, open, signed } from '../edge/shared/webhooks.mjs';
      const { hooks } = open({ sdk }, { store: new sdk.MemoryStore(1000), onError() {} });
      hooks.on(BEFORE, async (event) => (event.signal.aborted, sdk.reject(120001)));
      hooks.on(AFTER, async () => {});
      const query = { [BEFORE]: signed(sdk), [AFTER]: signed(sdk, AFTER) };
      const body = { [BEFORE]: message(), [AFTER]: message(AFTER) };
      const wrong = { ...query[BEFORE], Sign: 'x' };
      async function take(count) {
        for (let at = 0; at < count; at++) {
          const command = at % 2 === 0 ? BEFORE : AFTER;
          await hooks.receive(at % 10 === 9 ? wrong : query[command], { ...body[command], MsgKey: String(at) });
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
});
