/**
 * Imports an account as often as it can by one Node client, and prints one JSON line.
 *
 *   node client.mjs tencent-im|bare-undici IN_FLIGHT SECONDS
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { backend, Client } from 'tencent-im';
import { Pool } from 'undici';

/** What comes before the slice that is measured: V8 goes on compiling for so many calls. Whichever is reached first. */
const WARM_UP_CALLS = 20_000;
const WARM_UP_MS = 4_000;
const WARM_UP_IN_FLIGHT = 64;
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
let answers = 0;

/** Calls with so many in flight until told to stop; gives what tells and waits. */
function keepCalling(inFlight) {
  let stopping = false;
  const work = async () => {
    while (!stopping) {
      await call();
      answers++;
    }
  };
  const workers = Array.from({ length: inFlight }, work);
  return () => {
    stopping = true;
    return Promise.all(workers);
  };
}

const warmUpEndMs = performance.now() + WARM_UP_MS;
const stopWarmUp = keepCalling(WARM_UP_IN_FLIGHT);
while (answers < WARM_UP_CALLS && performance.now() < warmUpEndMs) {
  await sleep(10);
}
await stopWarmUp();

function look() {
  const { user, system } = process.cpuUsage();
  return { answers, ms: performance.now(), cpuUs: user + system };
}

const stop = keepCalling(Number(inFlight));
await sleep(SETTLE_MS);
const before = look();
await sleep(seconds * 1000);
const after = look();
await stop();

const measured = after.answers - before.answers;
const result = {
  per_s: (measured * 1000) / (after.ms - before.ms),
  cpu_us: (after.cpuUs - before.cpuUs) / measured,
  answers,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
