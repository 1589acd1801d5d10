// `tencent-im-wasm/usersig`: the small module that only signs, in every runtime.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import * as whole from 'tencent-im-wasm';
import * as signing from 'tencent-im-wasm/usersig';
import { bundle } from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '../../node_modules/.bin');
const run = promisify(execFile);
const APP = { sdkAppId: 1400000001, secretKey: '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e' };
const AT = { now: 1700000000, expire: 86_400 };
const EXPECTED = whole.signUserSig({ ...APP, ...AT, userId: 'alice' });
// Waits, since a browser must.
const PROGRAM = `
  import { ready, signUserSig } from 'tencent-im-wasm/usersig';
  const sign = async () => {
    await ready();
    return signUserSig(${JSON.stringify({ ...APP, ...AT, userId: 'alice' })});
  };`;

test('it signs as the whole package does, and both formats are one copy', () => {
  assert.equal(createRequire(import.meta.url)('tencent-im-wasm/usersig').Signer, signing.Signer);
  const signer = new signing.Signer(APP);
  const users = ['alice', '小明', 'a"b\\c'];
  assert.deepEqual(signer.signMany(users, AT), new whole.Signer(APP).signMany(users, AT));
  assert.equal(signer.sign('alice', AT), EXPECTED);
  assert.equal(whole.verifyUserSig(EXPECTED, { ...APP, now: AT.now }).userId, 'alice');
  assert.equal(signing.version(), whole.version());
});

test('its errors are those of the whole package, word for word', () => {
  for (const params of [
    { ...APP, userId: '' },
    { ...APP, userId: 'x'.repeat(33) },
    { ...APP, userId: 'a', expire: 0 },
    { ...APP, userId: 'a', now: 1700000000000 },
    { ...APP, userId: 'a', secretKey: ' spoilt' },
    { ...APP, userId: 'a', sdkAppId: 0 },
    { userId: 'a', secretKey: 'x' },
    { ...APP, userId: 7 },
  ]) {
    const thrown = [signing, whole].map(({ signUserSig }) => {
      try {
        return signUserSig(params);
      } catch (error) {
        return { ...error, message: error.message, name: error.name };
      }
    });
    assert.equal(typeof thrown[0], 'object', JSON.stringify(Object.keys(params)));
    assert.deepEqual(thrown[0], thrown[1]);
  }
  const wrong = () => new signing.Signer(APP).signMany(['a', '\u0007']);
  assert.throws(wrong, (error) => error instanceof signing.InvalidInputError && error.path === 'userIds[1]');
});

for (const [runtime, ...args] of [
  ['deno', 'run', '--no-prompt', '--allow-env', '--allow-read'],
  ['bun', 'run'],
]) {
  test(`in ${runtime}`, async () => {
    const directory = mkdtempSync(join(here, `usersig-${runtime}-`));
    try {
      writeFileSync(join(directory, 'main.mjs'), `${PROGRAM} console.log(await sign());`);
      const { stdout } = await run(join(bin, runtime), [...args, 'main.mjs'], { cwd: directory, timeout: 100_000 });
      assert.equal(stdout.trim(), EXPECTED);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}

for (const conditions of [['workerd', 'worker'], ['edge-light']]) {
  test(`in workerd, by the condition ${conditions[0]}, with the small module alone`, async () => {
    const contents = `${PROGRAM} export default { fetch: async () => new Response(await sign()) };`;
    const modules = await bundle({ stdin: { contents, resolveDir: here } }, conditions);
    assert.deepEqual(
      modules.filter(({ type }) => type === 'CompiledWasm').map(({ path }) => path),
      ['tencent_im_usersig.wasm'],
    );
    const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
    try {
      assert.equal(await (await worker.dispatchFetch('http://worker/')).text(), EXPECTED);
    } finally {
      await worker.dispose();
    }
  });
}

test('a bundle of it has neither the calls of the service nor the whole module', async () => {
  const { metafile } = await build({
    stdin: { contents: `${PROGRAM} export { sign };`, resolveDir: here },
    ...{ bundle: true, format: 'esm', minify: true, metafile: true, write: false },
  });
  const inputs = Object.keys(metafile.inputs);
  assert.ok(
    inputs.every((path) => !/resources\/|client\.js|wasm\/tencent_im\.js/.test(path)),
    inputs.join(),
  );
});

test('in a browser the module is fetched once it is waited for, and the key is kept out', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `${PROGRAM}
        import { Signer } from 'tencent-im-wasm/usersig';
        globalThis.fetch = async () => new Response(Deno.readFileSync(Deno.args[0]), { headers: { 'Content-Type': 'application/wasm' } });
        const told = [];
        try { signUserSig({ ...${JSON.stringify(APP)}, userId: 'alice' }) } catch (error) { told.push(error.cure) }
        told.push(await sign());
        globalThis.window = globalThis;
        globalThis.document = {};
        try { new Signer(${JSON.stringify(APP)}) } catch (error) { told.push(error.path) }
        console.log(JSON.stringify(told));`,
      resolveDir: here,
    },
    ...{ bundle: true, format: 'esm', write: false },
  });
  const directory = mkdtempSync(join(here, 'usersig-browser-'));
  try {
    writeFileSync(join(directory, 'main.mjs'), outputFiles[0].text);
    const module = createRequire(import.meta.url).resolve('tencent-im-wasm/tencent_im_usersig.wasm');
    const args = ['run', '--no-prompt', '--no-config', '--allow-read', join(directory, 'main.mjs'), module];
    const [early, sig, path] = JSON.parse((await run(join(bin, 'deno'), args, { timeout: 100_000 })).stdout);
    assert.match(early, /await ready\(\)/);
    assert.deepEqual([sig, path], [EXPECTED, 'secretKey']);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
