/**
 * What ten thousand calls cost that wait in the queue of the pace, by the Node client: prints one JSON line.
 *
 *   node waiting.mjs CALLS SECONDS
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { backend, CallCancelledError, Client } from 'tencent-im';
import { warmUp } from './warm_up.mjs';

/** Calls let through in a second: few, so that waiting is what is measured. */
const RATE = 10;

const { BENCH_APP, BENCH_KEY, BENCH_URL } = process.env;
const [calls, seconds] = process.argv.slice(2).map(Number);

function cpuS() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

if (backend().name !== 'native') throw new Error(`tencent-im runs without its addon: ${backend().reason}`);
const settings = { sdkAppId: Number(BENCH_APP), secretKey: BENCH_KEY, baseUrl: BENCH_URL };
const im = new Client({ ...settings, timeoutMs: 3_600_000, rateLimits: { 'accounts.importAccount': RATE } });
// Code, connections, UserSig and the room that V8 takes for any calls, up to 32 MB, are not what is measured.
const unpaced = new Client({ ...settings, rateLimits: false });
await warmUp(() => unpaced.accounts.importAccount({ userId: 'first' }));
await im.accounts.importAccount({ userId: 'first' });
const memoryBefore = process.memoryUsage.rss();
const cpuBefore = cpuS();
let answers = 0;
const wrong = [];
const outcomes = Array.from({ length: calls }, (_, n) =>
  im.accounts.importAccount({ userId: `user${n}`, nick: 'Test', faceUrl: 'http://www.qq.com' }).then(
    () => answers++,
    (error) => error instanceof CallCancelledError || wrong.push(error),
  ),
);
// All are in the queue when the processor has nothing more to do.
let cpu = cpuBefore;
for (let last = Number.NEGATIVE_INFINITY; cpu - last >= 0.01; ) {
  await sleep(200);
  last = cpu;
  cpu = cpuS();
}
const joiningS = cpu - cpuBefore;
const bytes = Math.max(0, process.memoryUsage.rss() - memoryBefore);
const sentBefore = answers;
const startedMs = performance.now();
cpu = cpuS();
await sleep(seconds * 1000);
const result = {
  waiting: calls - sentBefore,
  bytes,
  joining_s: joiningS,
  seconds: (performance.now() - startedMs) / 1000,
  cpu_s: cpuS() - cpu,
  sent: answers - sentBefore,
};
await Promise.all([im.close({ force: true }), unpaced.close()]);
await Promise.all(outcomes);
if (wrong.length > 0 || result.sent === 0 || result.sent > result.waiting / 10) {
  throw new Error(`the calls did not wait as they should: ${result.sent} were sent, ${wrong[0]}`);
}
console.log(JSON.stringify(result));
