// Events through `receive`, without a network.
//
//   node receive.mjs SECONDS
//
// Prints how many events a second of CPU time were read, verified, handled and answered.

import { reject, Webhooks } from 'tencent-im/webhooks';
import { ANSWER, APP, BODY, COMMAND, query, TOKEN } from './event.mjs';

const seconds = Number(process.argv[2]);
const hooks = new Webhooks({ sdkAppId: APP, token: TOKEN });
hooks.on(COMMAND, ({ body }) => (body.fromAccount === 'jared' ? reject(120001, 'no') : undefined));
const [line, bytes] = [query(), Buffer.from(BODY)];

async function run(length) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let events = 0;
  while (performance.now() - start < length * 1000) {
    for (let at = 0; at < 100; at++) {
      const { body } = await hooks.receive(line, bytes);
      if (body !== ANSWER) {
        throw new Error(body);
      }
    }
    events += 100;
  }
  const { user, system } = process.cpuUsage(cpu);
  return (events * 1e6) / (user + system);
}

await run(Math.max(0.5, seconds / 2));
console.log(JSON.stringify({ per_s: await run(seconds) }));
