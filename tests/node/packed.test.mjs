// The packages as npm packs them: what publint says of them, and what old compilers and old versions of Node get.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from './support/emulator.mjs';
import { run } from './support/program.mjs';
import { PACKAGES, project } from './support/project.mjs';

const require = createRequire(import.meta.url);
const typescript5 = join(dirname(require.resolve('typescript5/package.json')), 'bin/tsc');

for (const [name, pkgDir] of Object.entries(PACKAGES)) {
  test(`publint finds nothing in ${name} as packed`, async () => {
    const { messages, pkg } = await publint({ pkgDir, pack: 'npm', strict: true, level: 'suggestion' });
    assert.equal(pkg.name, name);
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  test(`${name} in a Node that is too old says so, before anything else is loaded`, async () => {
    const told = async (version, type) => {
      const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
        // As in Node 18, where undici does not load.
        delete globalThis.File;`;
      const directory = join(root, 'target/tests-node');
      writeFileSync(join(directory, 'fake.cjs'), fake);
      const program =
        type === 'module' ? `import '${name}'; console.log('loaded')` : `require('${name}'); console.log('loaded')`;
      const ran = run(['--require', join(directory, 'fake.cjs'), `--input-type=${type}`, '--eval', program]);
      return (await ran.catch((error) => error)).message ?? 'loaded';
    };
    const { node } = require(`${name}/package.json`).engines;
    const [, oldest] = /^>=([\d.]+)$/.exec(node);
    const refused = (version) =>
      new RegExp(
        `^ConfigError: ${name} needs Node ${oldest} or newer, and this is Node ${version}\\. Cure: install`,
        'm',
      );
    for (const type of ['module', 'commonjs']) {
      for (const version of ['18.20.4', '19.9.0', ...(oldest.includes('.') ? ['20.18.0', '20.9.5'] : [])]) {
        assert.match(await told(version, type), refused(version));
      }
      for (const version of [oldest, '20.19.0', '22.0.0-nightly2024', '100.0.0']) {
        // Without `File` undici may fail; that does not depend on the version.
        assert.doesNotMatch(await told(version, type), /needs Node/, version);
      }
    }
  });
}

test('TypeScript 5 with node10 resolution and CommonJS finds the types of both packages and of all their parts', async () => {
  const directory = project('types-node10');
  mkdirSync(join(directory, 'node_modules/@types'), { recursive: true });
  for (const file of ['consumer.ts', 'webhooks_consumer.ts']) {
    cpSync(new URL(file, import.meta.url), join(directory, file));
  }
  const parts = [
    "import { Client as Edge } from 'tencent-im-wasm';",
    "import { init } from 'tencent-im-wasm/slim';",
    "import { Signer } from 'tencent-im-wasm/usersig';",
    "import { createWebhooks } from 'tencent-im-wasm/webhooks/facade';",
    "import { createSdk } from 'tencent-im-wasm/facade';",
    "import type { ImportAccountParam as A } from 'tencent-im/types';",
    "import type { ImportAccountParam as B } from 'tencent-im-wasm/types';",
    'const same: A = {} as B;',
    'const wrong: number = new Edge().accounts;',
    'export { createSdk, createWebhooks, init, same, Signer, wrong };',
  ];
  writeFileSync(join(directory, 'parts.ts'), parts.join('\n'));
  const compilerOptions = {
    ...{
      module: 'CommonJS',
      moduleResolution: 'node10',
      target: 'ES2022',
      lib: ['ES2022', 'DOM', 'ESNext.Disposable'],
    },
    ...{ types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
  };
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['consumer.ts', 'webhooks_consumer.ts', 'parts.ts'] }),
  );
  const failed = await run([typescript5, '-p', directory], { cwd: directory }).catch((error) => error);
  // What is wrong on purpose is all that it finds: so it does look at the types.
  const lines = failed.message.split('\n').filter((line) => line.includes('error TS'));
  assert.equal(lines.length, 1, failed.message);
  assert.match(lines[0], /^parts\.ts\(9,7\): error TS2322/);
});
