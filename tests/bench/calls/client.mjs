/**
 * Imports an account as often as it can by one Node client, and prints one JSON line.
 *
 *   node client.mjs tencent-im|bare-undici IN_FLIGHT SECONDS
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { backend, Client } from 'tencent-im';
import { Pool } from 'undici';
import { keepCalling, warmUp } from './warm_up.mjs';

/** Time for the wanted number in flight to settle down. */
const SETTLE_MS = 200;

const { BENCH_APP, BENCH_KEY, BENCH_URL, BENCH_REQUEST_URL, BENCH_BODY } = process.env;
const [subject, inFlight, seconds] = process.argv.slice(2);

const SUBJECTS = {
  'tencent-im': () => {
    if (backend().name !== 'native') throw new Error(`tencent-im runs without its addon: ${backend().reason}`);
    const im = new Client({ sdkAppId: Number(BENCH_APP), secretKey: BENCH_KEY, baseUrl: BENCH_URL, rateLimits: false });
    // Throws unless the answer is a success.
    return () => im.accounts.importAccount({ userId: 'test', nick: 'Test', faceUrl: 'http://www.qq.com' });
  },
  'bare-undici': () => {
    // The package's own options.
    const pool = new Pool(BENCH_URL, { connections: 64, pipelining: 1, keepAliveTimeout: 20_000 });
    const path = BENCH_REQUEST_URL.slice(BENCH_URL.length);
    const headers = { 'content-type': 'application/json' };
    return async () => {
      const answer = await pool.request({ path, method: 'POST', headers, body: BENCH_BODY });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !text.includes('"ErrorCode":0')) throw new Error(`wrong answer: ${text}`);
    };
  },
};

const call = SUBJECTS[subject]();
const warmedUp = await warmUp(call);
const calls = keepCalling(call, Number(inFlight));

function look() {
  const { user, system } = process.cpuUsage();
  return { answers: calls.answers(), ms: performance.now(), cpuUs: user + system };
}

await sleep(SETTLE_MS);
const before = look();
await sleep(seconds * 1000);
const after = look();
await calls.stop();

const measured = after.answers - before.answers;
const result = {
  per_s: (measured * 1000) / (after.ms - before.ms),
  cpu_us: (after.cpuUs - before.cpuUs) / measured,
  answers: warmedUp + calls.answers(),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
