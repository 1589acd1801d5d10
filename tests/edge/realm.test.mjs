// Vercel's edge runtime, also that of Next.js: the module and all errors come from outside of the realm of the program.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';
import { startEmulator } from './shared/servers.mjs';

const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

test('an edge route of Next.js, whose realm is not that of the module', async () => {
  const emulator = await startEmulator();
  const program = `
    import { Client, inspectUserSig, InvalidInputError, TencentImError } from 'tencent-im-wasm';
    globalThis.route = async () => {
      const im = new Client({ sdkAppId: ${APP}, secretKey: '${KEY}', baseUrl: '${emulator.url}' });
      await im.accounts.importAccount({ userId: 'alice' });
      const { results } = await im.accounts.check({ accounts: ['alice'] });
      const refused = await im.accounts.kick({ userId: '' }).catch((error) => error);
      const controller = new AbortController();
      controller.abort();
      const aborted = await im.accounts.kick({ userId: 'a' }, { signal: controller.signal }).catch((error) => error);
      return JSON.stringify([
        results[0].accountStatus,
        inspectUserSig(im.signUserSig('alice')).userId,
        [refused instanceof InvalidInputError, refused instanceof TencentImError, refused instanceof Error, refused.path],
        aborted.name,
      ]);
    };`;
  const wasmFromOutside = {
    name: 'as Next.js hands it over',
    setup(esbuild) {
      esbuild.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
      esbuild.onLoad({ filter: /./, namespace: 'wasm' }, () => ({ contents: 'export default globalThis.wasmModule;' }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: dirname(fileURLToPath(import.meta.url)) },
    bundle: true,
    format: 'iife',
    conditions: ['edge-light'],
    plugins: [wasmFromOutside],
    write: false,
  });
  const file = createRequire(import.meta.url).resolve('tencent-im-wasm/tencent_im.wasm');
  const vm = new EdgeVM({
    extend: (context) => Object.assign(context, { wasmModule: new WebAssembly.Module(readFileSync(file)) }),
  });
  assert.equal(vm.evaluate('wasmModule instanceof WebAssembly.Module'), false, 'two realms');
  vm.evaluate(outputFiles[0].text);
  const told = JSON.parse(await vm.evaluate('route()'));
  assert.deepEqual(told, ['Imported', 'alice', [true, true, true, 'userId'], 'CallCancelledError']);
  await emulator.stop();
});
