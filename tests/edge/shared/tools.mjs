// What the cases share.

import { check } from './json.mjs';

/** A client of the context's emulator. Without retries and pacing, so that a case sees what one try gives. */
export function clientOf({ sdk, url, appId, key }, options = {}) {
  return new sdk.Client({
    sdkAppId: appId,
    secretKey: key,
    baseUrl: url,
    maxRetries: 0,
    rateLimits: false,
    ...options,
  });
}

/** Asks the emulator's control plane. */
export async function control({ url }, command, body) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}/_emulator/${command}`, init);
  check(answer.ok, `${command}: ${answer.status}`);
  return answer.json();
}

/** What the emulator counted for a call, by the last part of its path. */
export async function counted(context, command) {
  const { calls } = await control(context, 'counters');
  const path = Object.keys(calls).find((path) => path.endsWith(`/${command}`));
  return path === undefined ? { requests: 0, applied: 0 } : calls[path];
}

/** The error that something throws or a promise ends in; it must be one of the SDK and of the class named. */
export async function refused({ sdk, key }, className, run) {
  let error;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  check(error !== undefined, 'it threw nothing');
  check(error instanceof sdk.TencentImError, `it threw ${error?.stack}`);
  check(error instanceof sdk[className] && error.name === className, `it threw ${error.stack}`);
  checkNoSecrets(error, key);
  return error;
}

/** An error shows no secret key, no UserSig and no query, however it is looked at. */
export function checkNoSecrets(error, key) {
  const shown = [error.message, error.stack, String(error), JSON.stringify(error), ...Object.values(error).map(String)];
  for (const text of shown) {
    check(!text.includes(key) && !/usersig=|\?\S*random=/i.test(text), `a secret shows: ${text}`);
  }
}

/** Longest wait, in milliseconds, for what must come: many times what a busy machine needs. */
export const PATIENCE = 60_000;

/** Waits for something to come true. */
export async function until(condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    check(Date.now() < end, 'it did not happen');
    await sleep(5);
  }
}

/** A promise, and the function that resolves it. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Waits. */
export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Fails where a promise takes longer than it may. */
export async function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
