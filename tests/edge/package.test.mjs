// The package as such: its entries, its two module formats, and what it does when it is merely imported.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import * as sdk from 'tencent-im-wasm';
import * as native from '../../bindings-wasm/dist/esm/wasm/tencent_im.js';
import { bundle } from './bundle.mjs';
import { startEmulator } from './shared/servers.mjs';
import { runVectors } from './shared/vectors.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../../bindings-wasm/dist');
const run = promisify(execFile);
const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

test('import and require give the same classes', () => {
  const required = createRequire(import.meta.url)('tencent-im-wasm');
  assert.deepEqual({ ...sdk, __esModule: true }, { ...required, __esModule: true });
});

test('nothing is missing', () => {
  const functions = Object.entries(sdk).filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name));
  const names = [
    'explainUserSig',
    'inspectUserSig',
    'parsePrivateMapKey',
    'raiseForItems',
    'ready',
    'signPrivateMapKey',
    'signUserSig',
  ];
  assert.deepEqual(functions.map(([name]) => name).sort(), [...names, 'verifyUserSig', 'version']);
});

test('the facade has no WebAssembly in it, in both formats the same', async () => {
  const facade = await import('tencent-im-wasm/facade');
  const required = createRequire(import.meta.url)('tencent-im-wasm/facade');
  assert.equal(facade.createSdk, required.createSdk);
  assert.equal(facade.TencentImError, sdk.TencentImError);
  const { metafile } = await build({
    stdin: { contents: "export * from 'tencent-im-wasm/facade'", resolveDir: here },
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
  });
  assert.ok(Object.keys(metafile.inputs).every((path) => !path.includes('wasm/tencent_im')));
});

test('a core that breaks is an InternalError, which may have taken effect once something was sent', async () => {
  const { createSdk } = await import('tencent-im-wasm/facade');
  const trap = () => {
    throw new WebAssembly.RuntimeError('unreachable');
  };
  const clientOf = (broken) => {
    const core = { seed() {}, start: () => 's1 1000\nhttp://127.0.0.1/?usersig=secret\n{}', onReply: trap, ...broken };
    const send = (_request, receiver) => {
      setTimeout(() => receiver.onReply(200, undefined, '{}'));
      return { stop() {} };
    };
    const transport = { send };
    const platform = { native: () => ({ open: () => core }), load: trap, transport: () => transport };
    return new (createSdk(platform).Client)({ sdkAppId: APP, secretKey: KEY });
  };
  const kick = (broken) => clientOf(broken).accounts.kick({ userId: 'a' });
  const facts = { name: 'InternalError', operation: 'accounts.kick', message: /unreachable.*Cure/ };
  await assert.rejects(kick({ start: trap }), { ...facts, attempts: 0, maybeApplied: false });
  await assert.rejects(kick({}), { ...facts, attempts: 1, maybeApplied: true });
});

test('what the core throws is never an InternalError where it is a record, whatever stands around it', async () => {
  const { createSdk } = await import('tencent-im-wasm/facade');
  const record = { kind: 'Config', text: 'maxRetries: too many. Cure: fewer', message: 'too many', path: 'maxRetries' };
  const json = JSON.stringify(record);
  const thrown = [
    new Error(json),
    new Error(`GenericFailure: ${json}`),
    { message: `Error: ${json}\n` },
    json,
    new sdk.ConfigError(record),
  ];
  for (const each of thrown) {
    const breaking = () => {
      throw each;
    };
    const platform = (core) => ({ native: () => core, load: breaking, transport: () => ({}) });
    const open = (core) => new (createSdk(platform(core)).Client)({ sdkAppId: APP, secretKey: KEY });
    const facts = { name: 'ConfigError', message: record.text, path: 'maxRetries' };
    assert.throws(() => open({ open: breaking }), facts);
    const call = open({ open: () => ({ seed() {}, start: breaking }) }).accounts.kick({ userId: 'a' });
    await assert.rejects(call, facts);
  }
  const other = () => {
    throw new Error('{"kind":"Config"}');
  };
  const { Client } = createSdk({ native: () => ({ open: other }), load: other, transport: () => ({}) });
  assert.throws(() => new Client({ sdkAppId: APP, secretKey: KEY }), { name: 'InternalError', message: /report it/ });
});

test('a transport that reports twice, or too early, ends no call twice', async () => {
  const { createSdk } = await import('tencent-im-wasm/facade');
  let replies = 0;
  const onReply = () => {
    replies++;
    return 'r{}';
  };
  const core = {
    seed() {},
    start: () => 's1 1000\nhttp://127.0.0.1/\n{}',
    onReply,
    onFailure: () => assert.fail('a failure'),
  };
  const send = (_request, receiver) => {
    receiver.onFault(new Error('too early'));
    setTimeout(() => {
      receiver.onReply(200, undefined, '{}');
      receiver.onReply(200, undefined, '{}');
      receiver.onFault(new Error('too late'));
    });
    return { stop() {} };
  };
  const platform = { native: () => ({ open: () => core }), load: assert.fail, transport: () => ({ send }) };
  const im = new (createSdk(platform).Client)({ sdkAppId: APP, secretKey: KEY });
  assert.deepEqual(await im.accounts.kick({ userId: 'a' }), {});
  assert.equal(replies, 1);
  await im.close();
});

test('a call that waits for the core to be loaded can be ended, and is then not begun', async () => {
  const { createSdk } = await import('tencent-im-wasm/facade');
  const ready = [];
  let isLoaded = false;
  let begun = 0;
  const start = () => {
    begun++;
    return 'r{}';
  };
  const platform = {
    native: () => (isLoaded ? { open: () => ({ seed() {}, start }) } : undefined),
    load: () => new Promise((resolve) => ready.push(resolve)),
    transport: () => ({}),
  };
  const im = new (createSdk(platform).Client)({ sdkAppId: APP, secretKey: KEY });
  const kick = (options) => im.accounts.kick({ userId: 'a' }, options);
  const controller = new AbortController();
  const facts = { name: 'CallCancelledError', operation: 'accounts.kick', attempts: 0, maybeApplied: false };
  const aborted = assert.rejects(kick({ signal: controller.signal }), { ...facts, reason: 'changed my mind' });
  const waiting = kick();
  controller.abort('changed my mind');
  await aborted;
  isLoaded = true;
  for (const resolve of ready) resolve();
  assert.deepEqual(await waiting, {});
  assert.equal(begun, 1);
});

test('the classes of errors', () => {
  const classes = Object.entries(sdk).filter(([name]) => name.endsWith('Error'));
  assert.ok(sdk.ERROR_KINDS.length >= 18);
  assert.equal(classes.length, sdk.ERROR_KINDS.length + 1);
  for (const [name, errorClass] of classes) {
    const error = new errorClass({ kind: 'Server', text: 'what. Cure: how', message: 'what', attempts: 2 });
    assert.ok(error instanceof sdk.TencentImError && error instanceof Error);
    assert.equal(error.name, name);
    assert.ok(error.stack.startsWith(`${name}: what. Cure: how`), error.stack);
    assert.deepEqual([error.attempts, error.maybeApplied, error.code], [2, false, undefined]);
  }
});

test('importing and making a client does no I/O and asks for no time and no random number', async () => {
  const program = `
    const refuse = (name) => () => { throw new Error(name + ' at module scope'); };
    globalThis.fetch = refuse('fetch');
    globalThis.setTimeout = refuse('setTimeout');
    globalThis.setInterval = refuse('setInterval');
    crypto.getRandomValues = refuse('getRandomValues');
    Math.random = refuse('Math.random');
    performance.now = refuse('performance.now');
    Date.now = refuse('Date.now');
    const { Client } = await import('tencent-im-wasm');
    new Client({ sdkAppId: ${APP}, secretKey: 'made up' });
  `;
  await run(process.execPath, ['--input-type=module', '-e', program], { cwd: here });
});

test('settings from the environment, and a program that ends without closing', async () => {
  const emulator = await startEmulator();
  const program = `
    import { Client } from 'tencent-im-wasm';
    console.log(JSON.stringify(await new Client().accounts.importAccount({ userId: 'a' })));
    try { new Client({ secretKey: '' }) } catch (error) { console.log(error.path) }
    delete process.env.TENCENT_IM_SDK_APP_ID;
    try { new Client() } catch (error) { console.log(error.path, error.cure) }
  `;
  const env = {
    ...process.env,
    TENCENT_IM_SDK_APP_ID: String(APP),
    TENCENT_IM_SECRET_KEY: KEY,
    TENCENT_IM_ADMIN: 'administrator',
    TENCENT_IM_BASE_URL: emulator.url,
  };
  const args = ['--input-type=module', '-e', program];
  const { stdout } = await run(process.execPath, args, { cwd: here, env, timeout: 100_000 });
  const cure = 'pass sdkAppId, or set the environment variable TENCENT_IM_SDK_APP_ID';
  assert.deepEqual(stdout.trim().split('\n'), ['{}', 'secretKey', `sdkAppId ${cure}`]);
  await emulator.stop();
});

test('the environment is read as people fill it in', async () => {
  const program = `
    import { Client, signUserSig, Signer, verifyUserSig } from 'PACKAGE';
    const told = [];
    for (const run of [
      () => new Client().close(),
      () => new Signer().sign('a'),
      () => verifyUserSig(signUserSig({ userId: 'a' })),
      () => new Client({ sdkAppID: 5 }),
    ]) {
      try { await run(); told.push('fine'); } catch (error) { told.push([error.name, error.path, error.message].join(' ')); }
    }
    console.log(JSON.stringify(told));
  `;
  const runWith = async (packageName, variables) => {
    const env = {
      PATH: process.env.PATH,
      TENCENT_IM_SDK_APP_ID: String(APP),
      TENCENT_IM_SECRET_KEY: KEY,
      ...variables,
    };
    const args = ['--input-type=module', '-e', program.replace('PACKAGE', packageName)];
    return JSON.parse(
      (await run(process.execPath, args, { cwd: join(here, '../node'), env, timeout: 100_000 })).stdout,
    );
  };
  for (const packageName of ['tencent-im-wasm', 'tencent-im']) {
    const blanks = { TENCENT_IM_SDK_APP_ID: ` ${APP}\r\n`, TENCENT_IM_SECRET_KEY: `${KEY}\n`, TENCENT_IM_REGION: ' ' };
    const [client, signer, verified, misspelt] = await runWith(packageName, blanks);
    assert.deepEqual([client, signer, verified], ['fine', 'fine', 'fine']);
    assert.match(misspelt, /^ConfigError sdkAppID sdkAppID: unknown field, did you mean sdkAppId\?.*secretKey/);
    assert.doesNotMatch(misspelt, /extraBody/);
    for (const [variables, says] of [
      [{ TENCENT_IM_SECRET_KEY: `"${KEY}"` }, /^ConfigError TENCENT_IM_SECRET_KEY .*quotation/],
      [{ TENCENT_IM_SECRET_KEY: `\ufeff${KEY}` }, /^ConfigError TENCENT_IM_SECRET_KEY .*byte order/],
      [{ TENCENT_IM_SECRET_KEY: `${KEY}\u200b` }, /^ConfigError TENCENT_IM_SECRET_KEY .*invisible/],
      [{ TENCENT_IM_SDK_APP_ID: `'${APP}'` }, /^ConfigError TENCENT_IM_SDK_APP_ID .*quotation/],
    ]) {
      const told = await runWith(packageName, variables);
      for (const one of told.slice(0, 3)) assert.match(one, says);
      assert.ok(!told.join().includes(KEY));
    }
    assert.match(
      (await runWith(packageName, { TENCENT_IM_BASE_URL: '"https://x"' }))[0],
      /^ConfigError TENCENT_IM_BASE_URL/,
    );
  }
});

test('what the console shows of errors, clients and prepared requests', () => {
  const im = new sdk.Client({ sdkAppId: APP, secretKey: KEY });
  const request = im.prepare('accounts.kick', { userId: 'a' });
  for (const shown of [inspect(im, { depth: 9, showHidden: true }), inspect(request, { depth: 9 })]) {
    assert.ok(!shown.includes(KEY) && !shown.includes('usersig'), shown);
  }
  assert.ok(inspect(request).includes('console.tim.qq.com/v4/im_open_login_svc/kick'));
  const wrong = () => im.parse('accounts.kick', { status: 200, body: '{"ErrorCode":70009}' });
  assert.throws(wrong, (error) => inspect(error).includes('code: 70009') && inspect(error).includes(error.cause));
});

test('slim: the caller hands over the module', async () => {
  const slim = await import('tencent-im-wasm/slim');
  assert.throws(() => new slim.Client({ sdkAppId: APP, secretKey: KEY }), {
    name: 'ConfigError',
    message: /init\(module\)/,
  });
  const file = createRequire(import.meta.url).resolve('tencent-im-wasm/tencent_im.wasm');
  slim.init(new WebAssembly.Module(readFileSync(file)));
  const sig = slim.signUserSig({ sdkAppId: APP, secretKey: KEY, userId: 'a' });
  assert.equal(sdk.verifyUserSig(sig, { secretKey: KEY }).userId, 'a');
});

test('edge-light: the module comes by an import with ?module', async () => {
  const entry = `
    import { Client } from 'tencent-im-wasm';
    const im = new Client({ sdkAppId: ${APP}, secretKey: 'made up' });
    export default { fetch: () => new Response(im.prepare('accounts.kick', { userId: 'a' }).body) };
  `;
  const modules = await bundle({ stdin: { contents: entry, resolveDir: here } }, ['edge-light']);
  const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
  try {
    assert.equal(await (await worker.dispatchFetch('http://worker/')).text(), '{"Identifier":"a"}');
  } finally {
    await worker.dispose();
  }
});

test('browser: the module is fetched at the first call, and the secret key is kept out', async () => {
  // Deno imports modules by HTTP and streams WebAssembly as a browser does.
  const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(extname(request.url));
    const path = request.url === '/page.mjs' ? join(here, 'page.mjs') : join(dist, request.url);
    response.setHeader('Content-Type', types[extname(path)]);
    response.end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const emulator = await startEmulator();
  try {
    const page = `http://127.0.0.1:${server.address().port}/page.mjs`;
    const deno = join(here, '../../node_modules/.bin/deno');
    const flags = ['run', '--no-prompt', '--no-config', '--reload', '--allow-import=127.0.0.1', '--allow-net'];
    const { stdout } = await run(deno, [...flags, page, emulator.url, KEY], { timeout: 100_000, cwd: here });
    assert.deepEqual(JSON.parse(stdout), { passed: true });
    assert.equal(requests.filter((type) => type === '.wasm').length, 1);
  } finally {
    await emulator.stop();
    server.close();
  }
});

test('the runner of the vectors notices what is wrong', () => {
  native.initSync({ module: readFileSync(join(dist, 'wasm/tencent_im.wasm')) });
  const script = (reply, result) => ({
    op: 'accounts.kick',
    input: { user_id: 'a' },
    script: [
      { at: 0, do: 'start', hi: 7, lo: 0, gives: { send: { random: 7, timeout_ms: 8000, issued_at: 1700000000 } } },
      { at: 5, do: 'poll', gives: { wait: 8000 } },
      { at: 100, do: 'reply', status: 200, body: reply, gives: result },
    ],
  });
  const refused = { error: { kind: 'InvalidInput', code: 70402, maybe_applied: false, attempts: 1 } };
  const files = {
    'poems/file.json': [],
    'requests/empty.json': [],
    'replies/wrong.json': [{ op: 'accounts.kick', status: 200, body: '{}', result: {} }],
    'errors/wrong.json': [{ code: 70009, kind: 'Quota', retry: 'no' }],
    'requests/wrong.json': [{ op: 'accounts.kick', input: { user_id: 'a' }, wire: { UserID: 'a' } }],
    'flow/wrong.json': [script('{"ErrorCode":70402}', { result: true }), script('{"ErrorCode":0}', refused)],
    'requests/good.json': [{ op: 'accounts.kick', input: { user_id: 'a' }, wire: { Identifier: 'a' } }],
    'flow/good.json': [script('{"ErrorCode":70402}', refused), script('{"ErrorCode":0}', { result: true })],
  };
  const texts = Object.entries(files).map(([file, vectors]) => [file, JSON.stringify({ vectors })]);
  const results = runVectors(sdk, native, Object.fromEntries(texts));
  assert.deepEqual(
    results.map(({ failures }) => failures.length),
    [1, 1, 1, 1, 1, 2, 0, 0],
    JSON.stringify(results, null, 1),
  );
});
