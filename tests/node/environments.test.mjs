// Where tests of users run: other realms, fake timers, environments that hide parts of Node. And what is left of memory.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { APP, KEY, root } from './support/emulator.mjs';
import { runScript } from './support/program.mjs';
import { deadPort, httpServer, OK, tcpServer } from './support/servers.mjs';

/** What each context has of its own. */
const OF_THE_LANGUAGE = ['global', ...vm.runInNewContext('Object.getOwnPropertyNames(globalThis)')];

/**
 * The package as Jest loads it: its files run in a context whose classes are not those of Node's own modules and of the
 * addon. `hidden` are globals that the context lacks.
 */
function inRealm(packageName, hidden = []) {
  const globals = {};
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!OF_THE_LANGUAGE.includes(name) && !hidden.includes(name)) {
      globals[name] = globalThis[name];
    }
  }
  const context = vm.createContext(globals);
  const cache = new Map();
  const load = (file) => {
    if (!cache.has(file)) {
      const module = { exports: {} };
      cache.set(file, module);
      const require = createRequire(file);
      const inner = (name) => {
        const path = require.resolve(name);
        const isOurs = path.startsWith(root) && /bindings-(node|wasm)\/dist|node_modules\/undici/.test(path);
        return isOurs ? load(path) : require(name);
      };
      inner.resolve = require.resolve;
      const wrapped = `(function (module, exports, require, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`;
      const run = vm.runInContext(wrapped, context, { filename: file });
      run(module, module.exports, inner, file, dirname(file));
    }
    return cache.get(file).exports;
  };
  return load(createRequire(import.meta.url).resolve(packageName));
}

/** What Jest's jsdom takes away. */
const JSDOM = ['TextDecoder', 'TextEncoder', 'structuredClone', 'setImmediate', 'clearImmediate'];

for (const [packageName, ...environments] of [
  ['tencent-im', ['another realm', []]],
  ['tencent-im-wasm', ['another realm', []], ["Jest's jsdom", JSDOM]],
]) {
  for (const [where, hidden] of environments) {
    test(`${packageName} in ${where}: the same errors`, async (t) => {
      const sdk = inRealm(packageName, hidden);
      assert.ok(!(sdk.TencentImError.prototype instanceof Error));
      const server = await httpServer(t, (request, response) => {
        response.end(request.url.includes('/kick?') ? '{"ErrorCode":70402,"ErrorInfo":"bad"}' : OK);
      });
      const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY, baseUrl: server.url, maxRetries: 0 });
      const nowhere = new sdk.Client({
        sdkAppId: APP,
        secretKey: KEY,
        baseUrl: `http://127.0.0.1:${await deadPort()}`,
        maxRetries: 0,
      });
      t.after(() => Promise.all([im.close(), nowhere.close()]));
      await im.accounts.importAccount({ userId: 'a' });
      await im.withOptions({ extraBody: { Nick: 'x' } }).accounts.importAccount({ userId: 'a' });
      assert.ok(server.requests[1].body.includes('"Nick":"x"'));
      const kindOf = (run) => {
        try {
          run();
          return 'none';
        } catch (error) {
          return [error.kind, error.maybeApplied, error instanceof sdk.TencentImError].join(' ');
        }
      };
      const later = (promise) =>
        promise.then(
          () => 'none',
          (error) => [error.kind, error.maybeApplied, error.message].join(' '),
        );
      const sig = sdk.signUserSig({ sdkAppId: APP, secretKey: KEY, userId: 'a' });
      assert.equal(
        kindOf(() => sdk.signUserSig({ sdkAppId: APP, secretKey: KEY, userId: '' })),
        'InvalidInput false true',
      );
      assert.equal(
        kindOf(() => sdk.verifyUserSig(sig, { secretKey: KEY.replace('5', '6') })),
        'Signature false true',
      );
      assert.equal(
        kindOf(() => new sdk.Client({ sdkAppId: APP, secretKey: KEY, nothing: 1 })),
        'Config false true',
      );
      assert.match(await later(im.accounts.kick({ userId: 'a' })), /^InvalidInput false .*70402/);
      assert.match(await later(im.accounts.kick({ userId: 1 })), /^InvalidInput false .*userId/);
      assert.match(await later(nowhere.accounts.kick({ userId: 'a' })), /^Transport false .*ECONNREFUSED/);
      const refused = Object.defineProperty({}, 'userId', {
        enumerable: true,
        get() {
          throw new Error('no reading');
        },
      });
      assert.match(await later(im.accounts.kick(refused)), /^InvalidInput false .*no reading/);
      const reply = { status: 200, body: new TextEncoder().encode(OK) };
      assert.deepEqual({ ...im.parse('accounts.kick', reply) }, {});
    });
  }
}

test("undici cannot be had in Jest's jsdom: the error says what to do, and signing works", async () => {
  const sdk = inRealm('tencent-im', JSDOM);
  const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY, baseUrl: 'http://127.0.0.1:9' });
  assert.equal(sdk.verifyUserSig(im.signUserSig('a'), { secretKey: KEY }).userId, 'a');
  const error = await im.accounts.kick({ userId: 'a' }).catch((thrown) => thrown);
  assert.deepEqual([error.kind, error.attempts], ['Config', 0]);
  assert.match(error.cure, /environment "node"/);
});

test('a proxy, certificates and a fetch of another realm are taken', async (t) => {
  const sdk = inRealm('tencent-im');
  const certificate = readFileSync(new URL('certificates/ca.pem', import.meta.url));
  const proxy = new URL('http://proxy.example:3128');
  const fetch = () => Promise.reject(Object.assign(new Error('fetch failed'), { cause: { code: 'ECONNREFUSED' } }));
  const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY, proxy, ca: certificate, fetch, maxRetries: 0 });
  t.after(() => im.close());
  const error = await im.accounts.kick({ userId: 'a' }).catch((thrown) => thrown);
  assert.deepEqual([error.kind, error.maybeApplied], ['Transport', false]);
});

test('without a fetch it says so', async () => {
  const sdk = inRealm('tencent-im-wasm', ['fetch']);
  const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY, baseUrl: 'http://127.0.0.1:9', maxRetries: 0 });
  const error = await im.accounts.kick({ userId: 'a' }).catch((thrown) => thrown);
  assert.deepEqual([error.kind, error.maybeApplied], ['Transport', false]);
  assert.match(error.message, /has no fetch/);
});

test('without TextDecoder and without Node it says what to do', () => {
  const hidden = ['TextDecoder', 'TextEncoder', 'process'];
  assert.throws(() => inRealm('tencent-im-wasm', hidden), { name: 'ConfigError', cure: /require\('node:util'\)/ });
});

// As @sinonjs/fake-timers does it, which Jest and Vitest take: everything that waits is replaced and never fires.
for (const [when, before] of [
  ['after the first call', 'await call();'],
  ['before the first call', ''],
]) {
  test(`fake timers, installed ${when}, do not stop calls`, async (t) => {
    const server = await httpServer(t);
    const script = `
      const im = new Client({ rateLimits: { 'accounts.kick': 20 } });
      const call = () => im.accounts.kick({ userId: 'a' });
      ${before}
      const never = () => ({ unref() {}, ref() {} });
      Object.assign(globalThis, { setTimeout: never, setImmediate: never, setInterval: never, queueMicrotask: never });
      performance.now = () => 5;
      for (let i = 0; i < 25; i++) await call();
      await im.close();
      console.log('done');`;
    const { stdout } = await runScript(script, { TENCENT_IM_BASE_URL: server.url });
    assert.equal(stdout, 'done\n');
    assert.equal(server.requests.length, before === '' ? 25 : 26);
  });
}

/** A server that answers with a body of 16 MiB in chunks of one byte. */
async function crumbs(t) {
  const size = 16 * 1024 * 1024 - OK.length;
  const block = Buffer.from('1\r\n \r\n'.repeat(10_000));
  return tcpServer(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      let left = size;
      const more = () => {
        while (left > 0) {
          const count = Math.min(left, 10_000);
          left -= count;
          if (!socket.write(block.subarray(0, count * 6))) {
            socket.once('drain', more);
            return;
          }
        }
        socket.end(`${OK.length.toString(16)}\r\n${OK}\r\n0\r\n\r\n`);
      };
      more();
    });
    socket.on('error', () => {});
  });
}

for (const [how, settings] of [
  ['by undici', ''],
  ['by fetch', ', fetch: (url, init) => fetch(url, init)'],
]) {
  test(`an answer of 16 MiB in chunks of one byte takes no more memory than others, ${how}`, async (t) => {
    const server = await crumbs(t);
    const script = `
      const im = new Client({ timeoutMs: 110000, attemptTimeoutMs: 110000, maxRetries: 0${settings} });
      await im.accounts.kick({ userId: 'a' });
      console.log(process.resourceUsage().maxRSS > 400 * 1024 ? process.resourceUsage().maxRSS : 'small');
      await im.close();`;
    const environment = { TENCENT_IM_BASE_URL: server.url, NODE_OPTIONS: '--max-old-space-size=96' };
    assert.equal((await runScript(script, environment, { timeoutMs: 110_000 })).stdout, 'small\n');
  });
}

test('an answer with HTTP status 101: nobody knows what became of the call', async (t) => {
  const server = await tcpServer(t, (socket) => {
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    );
  });
  for (const sdk of [inRealm('tencent-im'), await import('tencent-im'), await import('tencent-im-wasm')]) {
    const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY, baseUrl: server.url, maxRetries: 0, timeoutMs: 5000 });
    const error = await im.accounts.kick({ userId: 'a' }).catch((thrown) => thrown);
    assert.equal(error.maybeApplied, true, error.stack);
    await im.close({ force: true });
  }
});

test('a closed client is given up at once, however long its calls may take', async (t) => {
  const server = await httpServer(t);
  const script = `
    import { setTimeout as sleep } from 'node:timers/promises';
    const gone = [];
    async function use() {
      const im = new Client({ timeoutMs: 3600000, attemptTimeoutMs: 3600000 });
      await im.accounts.kick({ userId: 'a' });
      await im.close();
      gone.push(new WeakRef(im), new WeakRef(im.accounts));
    }
    for (let i = 0; i < 10; i++) await use();
    for (let i = 0; i < 500 && gone.some((one) => one.deref()); i++) {
      await sleep(20);
      gc();
    }
    console.log(gone.filter((one) => one.deref()).length, process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length);`;
  const { stdout } = await runScript(`${script}`, { TENCENT_IM_BASE_URL: server.url, NODE_OPTIONS: '--expose-gc' });
  assert.equal(stdout, '0 0\n');
});
