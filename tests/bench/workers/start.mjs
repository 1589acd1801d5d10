// The cold start of a worker: workerd as a process of its own, from its start to its first answers.
//
//   node start.mjs nothing|client|webhooks|both
//
// Prints the milliseconds until workerd listens, of the first and of the second request, the CPU time of workerd until the
// first answer, and the size of what is uploaded.

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Miniflare } from 'miniflare';
import { bundle } from '../../edge/bundle.mjs';

const APP = 1400000001;
const CLIENT = `
  import { Client } from 'tencent-im-wasm';
  const im = new Client({ sdkAppId: ${APP}, secretKey: 'made up' });
  const call = () => im.prepare('accounts.kick', { userId: 'a' }).body;`;
const WEBHOOKS = `
  import { reject, signWebhook, Webhooks } from 'tencent-im-wasm/webhooks';
  const hooks = new Webhooks({ sdkAppId: ${APP}, token: 'made up' });
  hooks.on('C2C.CallbackBeforeSendMsg', () => reject(120001));
  const query = { SdkAppid: '${APP}', CallbackCommand: 'C2C.CallbackBeforeSendMsg' };
  const receive = async () => (await hooks.receive({ ...query, ...signWebhook('made up') }, { MsgBody: [] })).body;`;
const WORKERS = {
  nothing: "const answer = async () => 'nothing';",
  client: `${CLIENT} const answer = async () => call();`,
  webhooks: `${WEBHOOKS} const answer = receive;`,
  // It makes calls; that it could receive, too, must cost it nothing until it does.
  both: `${CLIENT} ${WEBHOOKS} const answer = async (path) => (path === '/hooks' ? receive() : call());`,
};
const ANSWERS = { nothing: 'nothing', client: '{"Identifier":"a"}', webhooks: /120001/, both: '{"Identifier":"a"}' };

const [kind] = process.argv.slice(2);
const contents = `${WORKERS[kind]}
  export default { fetch: async (request) => new Response(await answer(new URL(request.url).pathname)) };`;
const modules = await bundle({ stdin: { contents, resolveDir: import.meta.dirname }, minify: true }, [
  'workerd',
  'worker',
  'browser',
]);
const [script, ...wasm] = modules;
const size = (bytes) => gzipSync(bytes, { level: 9 }).length;

const times = [performance.now()];
const worker = new Miniflare({ modules, compatibilityDate: '2026-04-01' });
await worker.ready;
times.push(performance.now());
const ask = async () => {
  const text = await (await worker.dispatchFetch('http://worker/')).text();
  if (!(ANSWERS[kind] instanceof RegExp ? ANSWERS[kind].test(text) : ANSWERS[kind] === text)) {
    throw new Error(text);
  }
  times.push(performance.now());
};
await ask();
const cpu_ms = cpuOfWorkerd();
await ask();
await worker.dispose();
const [listening_ms, first_ms, second_ms] = times.slice(1).map((time, at) => time - times[at]);
console.log(
  JSON.stringify({
    ...{ listening_ms, first_ms, second_ms, cpu_ms },
    ...{ script_gzip: size(script.contents), wasm_gzip: wasm.reduce((sum, module) => sum + size(module.contents), 0) },
  }),
);

/** The CPU time of workerd, our child, in milliseconds; null where the system does not say it in the way of Linux. */
function cpuOfWorkerd() {
  const read = (path) => readFileSync(`/proc/${path}`, 'utf8').trim();
  try {
    const children = read(`self/task/${process.pid}/children`).split(' ');
    const pid = children.find((child) => read(`${child}/comm`) === 'workerd');
    const spent = readdirSync(`/proc/${pid}/task`).map((task) =>
      Number(read(`${pid}/task/${task}/schedstat`).split(' ')[0]),
    );
    return spent.reduce((sum, each_ns) => sum + each_ns / 1e6, 0);
  } catch {
    return null;
  }
}
