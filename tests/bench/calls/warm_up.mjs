/** What a program does before it is measured: V8 goes on compiling for thousands of calls. */

import { setTimeout as sleep } from 'node:timers/promises';

/** Whichever is reached first. */
const CALLS = 20_000;
const LONGEST_MS = 4_000;
const IN_FLIGHT = 64;

/** Calls again and again, with so many in flight. Gives what tells the number of answers, and what stops. */
export function keepCalling(call, inFlight) {
  let answers = 0;
  let stopping = false;
  const work = async () => {
    while (!stopping) {
      await call();
      answers++;
    }
  };
  const workers = Array.from({ length: inFlight }, work);
  const stop = () => {
    stopping = true;
    return Promise.all(workers);
  };
  return { answers: () => answers, stop };
}

/** Makes calls until the code is compiled and V8's memory has the size that calls give it; gives their number. */
export async function warmUp(call) {
  const endMs = performance.now() + LONGEST_MS;
  const { answers, stop } = keepCalling(call, IN_FLIGHT);
  while (answers() < CALLS && performance.now() < endMs) {
    await sleep(10);
  }
  await stop();
  return answers();
}
