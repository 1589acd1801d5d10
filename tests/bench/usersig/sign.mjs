/**
 * Signs as often as it can by one npm package, and prints one JSON line for each way.
 *
 *   node sign.mjs official|tencent-im|tencent-im-wasm SECONDS
 */

import { createRequire } from 'node:module';

const sdkAppId = Number(process.env.BENCH_APP);
const secretKey = process.env.BENCH_KEY;
const USER = 'administrator';
const EXPIRE = 15_552_000;
const MANY = Array(1000).fill(USER);
const [subject, seconds] = process.argv.slice(2);

function official() {
  const { Api } = createRequire(import.meta.url)('tls-sig-api-v2');
  const api = new Api(sdkAppId, secretKey);
  return [['genUserSig', 1, () => api.genUserSig(USER, EXPIRE)]];
}

/** All ways there are. */
async function ours() {
  const im = await import(subject);
  if (subject === 'tencent-im' && im.backend().name !== 'native') {
    throw new Error(`tencent-im runs without its addon: ${im.backend().reason}`);
  }
  const client = new im.Client({ sdkAppId, secretKey });
  const ways = [
    ['signUserSig', 1, () => im.signUserSig({ sdkAppId, secretKey, userId: USER })],
    ['Client.signUserSig', 1, () => client.signUserSig(USER)],
  ];
  if (typeof im.Signer === 'function') {
    const signer = new im.Signer({ sdkAppId, secretKey });
    ways.push(['Signer.sign', 1, () => signer.sign(USER)]);
    if (typeof signer.signMany === 'function') {
      ways.push(['Signer.signMany', MANY.length, () => signer.signMany(MANY)]);
    }
  }
  return ways;
}

/** Signatures a second of CPU time. */
function rate(work, each, length) {
  const batch = Math.max(1, Math.floor(200 / each));
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  for (let runs = 0; ; ) {
    for (let i = 0; i < batch; i++) work();
    runs += batch;
    if (performance.now() - start < length * 1000) continue;
    const { user, system } = process.cpuUsage(cpuStart);
    return (runs * each * 1e6) / (user + system);
  }
}

for (const [name, each, work] of subject === 'official' ? official() : await ours()) {
  const sig = [work()].flat().at(-1);
  rate(work, each, seconds / 4);
  console.log(JSON.stringify({ name, per_s: rate(work, each, Number(seconds)), sig }));
}
