// Imports the demo's accounts from a worker in workerd, the runtime of Cloudflare Workers.

import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { readAccounts } from './accounts.mjs';

const root = join(import.meta.dirname, '../..');
const { TENCENT_IM_SDK_APP_ID, TENCENT_IM_SECRET_KEY, TENCENT_IM_BASE_URL } = process.env;
const worker = new Miniflare({
  modules: true,
  modulesRoot: root,
  scriptPath: join(root, 'tests/demo/edge_worker.mjs'),
  modulesRules: [
    { type: 'ESModule', include: ['**/*.js', '**/*.mjs'] },
    { type: 'CompiledWasm', include: ['**/*.wasm'] },
  ],
  compatibilityDate: '2026-04-01',
  bindings: { TENCENT_IM_SDK_APP_ID, TENCENT_IM_SECRET_KEY, TENCENT_IM_BASE_URL },
});
try {
  const answer = await worker.dispatchFetch('http://demo/', { method: 'POST', body: JSON.stringify(readAccounts()) });
  if (!answer.ok) throw new Error(await answer.text());
  console.log(JSON.stringify(await answer.json()));
} finally {
  await worker.dispose();
}
