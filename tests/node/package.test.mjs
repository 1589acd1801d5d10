// The package as it is installed: module formats, types, runtimes that load no addon, machines without one.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Miniflare } from 'miniflare';
import * as esm from 'tencent-im';
import * as wasm from 'tencent-im-wasm';
import { bundle } from '../edge/bundle.mjs';
import { root, startEmulator } from './support/emulator.mjs';
import { run } from './support/program.mjs';
import { project } from './support/project.mjs';

const require = createRequire(import.meta.url);
// The compiler of today, and the last one written in TypeScript, which many still use.
const COMPILERS = ['typescript', 'typescript5'].map((name) => [
  require(`${name}/package.json`).version,
  join(dirname(require.resolve(`${name}/package.json`)), 'bin/tsc'),
]);
let emulator;

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

test('import and require give one copy', () => {
  const { __esModule: _, ...byImport } = esm;
  assert.deepEqual(byImport, { ...require('tencent-im') });
});

test('the package has what its twin for edge workers has', () => {
  // The classes that hold the calls are not exported: clients have them as properties.
  const groups = Object.keys(new esm.Client({ sdkAppId: 1, secretKey: 'x' }));
  const internal = new Set(['__esModule', 'module.exports', 'default', 'Resources']);
  const expected = Object.keys(wasm).filter(
    (name) => !internal.has(name) && !groups.includes(name[0].toLowerCase() + name.slice(1)),
  );
  assert.deepEqual(
    expected.filter((name) => !(name in esm)),
    [],
  );
  assert.ok(expected.length > 20 && groups.includes('accounts'));
});

const CALLS = `
  const im = new Client(${'{ sdkAppId: Number(process.env.APP), secretKey: process.env.KEY, baseUrl: process.env.URL }'});
  await im.accounts.importAccount({ userId: 'alice' });
  const { results } = await im.accounts.check({ accounts: ['alice'] });
  const refused = await im.accounts.kick({ userId: '' }).catch((error) => error);
  const sig = signUserSig({ sdkAppId: Number(process.env.APP), secretKey: process.env.KEY, userId: 'alice' });
  console.log(JSON.stringify({
    backend: backend(), status: results[0].accountStatus, path: refused.path, user: inspectUserSig(sig).userId,
  }));`;

async function runCalls(directory) {
  writeFileSync(
    join(directory, 'main.mjs'),
    `import { Client, backend, signUserSig, inspectUserSig } from 'tencent-im';${CALLS}`,
  );
  const commonJs = `const { Client, backend, signUserSig, inspectUserSig } = require('tencent-im');(async () => {${CALLS}})();`;
  writeFileSync(join(directory, 'main.cjs'), commonJs);
  const { sdkAppId, secretKey, baseUrl } = emulator.settings;
  const env = { ...process.env, APP: String(sdkAppId), KEY: secretKey, URL: baseUrl };
  const runs = ['main.mjs', 'main.cjs'].map((file) => run([file], { cwd: directory, env }));
  const [byImport, byRequire] = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout));
  assert.deepEqual(byImport, byRequire);
  const { backend, ...answers } = byImport;
  assert.deepEqual(answers, { status: 'Imported', path: 'userId', user: 'alice' });
  return backend;
}

test('installed with the addon', async () => {
  assert.deepEqual(await runCalls(project('whole')), { name: 'native' });
});

test('without an addon for this machine it is the WebAssembly module', async () => {
  const { name, reason } = await runCalls(project('without-addon', 'native'));
  assert.equal(name, 'wasm');
  assert.match(reason, /^this package does not include tencent-im\.\w+-\w+/);
});

test('and with one that cannot be loaded', async () => {
  const directory = project('broken-addon');
  const native = join(directory, 'node_modules/tencent-im/native');
  for (const file of readdirSync(native)) {
    writeFileSync(join(native, file), 'for another machine');
  }
  const { name, reason } = await runCalls(directory);
  assert.equal(name, 'wasm');
  assert.ok(reason.length > 0);
});

test('runtimes that load no addons get the twin', async () => {
  const directory = project('conditions', 'native');
  const script = "console.log(import.meta.resolve('tencent-im').split('/').slice(-2).join('/'))";
  const resolve = async (...conditions) => {
    const args = [...conditions.map((condition) => `--conditions=${condition}`), '--input-type=module', '-e', script];
    return (await run(args, { cwd: directory })).stdout.trim();
  };
  assert.equal(await resolve(), 'dist/index.mjs');
  for (const runtime of ['workerd', 'edge-light', 'deno', 'bun']) {
    assert.equal(await resolve(runtime), 'dist/edge.mjs', runtime);
  }
});

const EDGE = `
  import { Client } from 'tencent-im';
  const im = new Client({ sdkAppId: 'APP', secretKey: 'KEY', baseUrl: 'URL' });
  const check = async () => (await im.accounts.check({ accounts: ['nobody'] })).results[0].accountStatus;`;

function edgeProgram(end) {
  const { sdkAppId, secretKey, baseUrl } = emulator.settings;
  return (EDGE + end).replace('APP', sdkAppId).replace('KEY', secretKey).replace('URL', baseUrl);
}

for (const [runtime, ...args] of [
  ['deno', 'run', '--no-prompt', '--allow-net', '--allow-env', '--allow-read'],
  ['bun', 'run'],
]) {
  test(`in ${runtime}`, async () => {
    const directory = project(runtime, 'native');
    writeFileSync(join(directory, 'main.mjs'), edgeProgram('console.log(await check());'));
    const program = join(root, 'node_modules/.bin', runtime);
    const { stdout } = await promisify(execFile)(program, [...args, 'main.mjs'], { cwd: directory, timeout: 60_000 });
    assert.equal(stdout, 'NotImported\n');
  });
}

test('in workerd', async () => {
  const contents = edgeProgram('export default { fetch: async () => new Response(await check()) };');
  const resolveDir = project('workerd', 'native');
  const modules = await bundle({ stdin: { contents, resolveDir } }, ['workerd', 'worker', 'browser']);
  const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
  try {
    assert.equal(await (await worker.dispatchFetch('http://worker/')).text(), 'NotImported');
  } finally {
    await worker.dispose();
  }
});

for (const [module, moduleResolution, file] of [
  ['NodeNext', 'NodeNext', 'consumer.mts'],
  ['NodeNext', 'NodeNext', 'consumer.cts'],
  ['ESNext', 'Bundler', 'consumer.ts'],
]) {
  test(`types for ${file} by ${moduleResolution}`, async () => {
    const directory = project(`types-${file.replace('.', '-')}`);
    cpSync(new URL('consumer.ts', import.meta.url), join(directory, file));
    cpSync(new URL('webhooks_consumer.ts', import.meta.url), join(directory, `webhooks_${file}`));
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module,
          moduleResolution,
          target: 'ES2022',
          lib: ['ES2022', 'DOM', 'ESNext.Disposable'],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          skipLibCheck: false,
        },
        files: [file, `webhooks_${file}`],
      }),
    );
    for (const [version, compiler] of COMPILERS) {
      try {
        await run([compiler, '-p', directory], { cwd: directory });
      } catch (error) {
        assert.fail(`TypeScript ${version}: ${error.message}`);
      }
    }
  });
}

for (const name of ['tencent-im', 'tencent-im-wasm']) {
  test(`${name}: types come first, each file is there, and resolution without exports finds the same`, () => {
    const directory = join(root, name === 'tencent-im' ? 'bindings-node' : 'bindings-wasm');
    const { exports, main, types, typesVersions } = require(`${name}/package.json`);
    const files = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(files));
    for (const file of [main, types, ...files(exports), ...files(typesVersions)]) {
      assert.ok(existsSync(join(directory, file)), file);
    }
    const typesComeFirst = (path, entry) => {
      if (typeof entry === 'string') return;
      if (Object.values(entry).some((value) => typeof value === 'string')) {
        assert.equal(Object.keys(entry)[0], 'types', path);
      } else {
        for (const [condition, inner] of Object.entries(entry)) typesComeFirst(`${path} ${condition}`, inner);
      }
    };
    for (const [path, entry] of Object.entries(exports)) {
      typesComeFirst(path, entry);
      if (!/^\.$|\.(json|wasm)$/.test(path)) assert.ok(path.slice(2) in typesVersions['*'], path);
    }
  });
}
