// Cancelling calls, closing clients, ending programs.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CallCancelledError, Client, ConfigError } from 'tencent-im';
import { fails, until } from './support/checks.mjs';
import { APP, KEY } from './support/emulator.mjs';
import { run, runScript } from './support/program.mjs';
import { deadPort, httpServer, keepingServer, OK, tcpServer } from './support/servers.mjs';

function client(t, baseUrl, settings = {}) {
  const im = new Client({ sdkAppId: APP, secretKey: KEY, baseUrl, maxRetries: 0, rateLimits: false, ...settings });
  t.after(() => im.close({ force: true }));
  return im;
}

const kick = (im, options) => im.accounts.kick({ userId: 'alice' }, options);
const slow = (t) => httpServer(t, (_request, response) => setTimeout(() => response.end(OK), 200));

test('a signal aborted before the call: nothing is sent', async (t) => {
  const server = await httpServer(t);
  const im = client(t, server.url);
  const reason = new Error('no longer wanted');
  const error = await fails(kick(im, { signal: AbortSignal.abort(reason) }), {
    kind: 'Cancelled',
    maybeApplied: false,
  });
  assert.ok(error instanceof CallCancelledError);
  assert.equal(error.reason, reason);
  assert.equal(server.requests.length, 0);
});

test('a signal aborted during the call: at once, and it may have taken effect', async (t) => {
  const server = await keepingServer(t);
  const im = client(t, server.url);
  const controller = new AbortController();
  const call = fails(kick(im, { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: true });
  await until(() => server.kept.length === 1);
  controller.abort();
  // It has no answer.
  await call;
  // The connection is not used again: its answer would be taken for the next call's.
  const next = kick(im);
  await until(() => server.kept.length === 2);
  for (const answer of server.kept) answer();
  assert.deepEqual(await next, {});
  assert.equal(server.requests.length, 2);
});

test('a signal aborted during the pause before a repeat', async (t) => {
  const server = await httpServer(t, (_request, response) => {
    response.end(JSON.stringify({ ActionStatus: 'FAIL', ErrorCode: 60007, ErrorInfo: 'too often' }));
  });
  const controller = new AbortController();
  // A pause is drawn up to its bound: this one is long enough to be in it.
  const onEvent = ({ event, delayMs }) =>
    event === 'retry' && delayMs > 5_000 && setImmediate(() => controller.abort());
  const settings = { maxRetries: 20, backoffMs: 600_000, maxBackoffMs: 600_000, timeoutMs: 3_600_000, onEvent };
  const im = client(t, server.url, settings);
  await fails(kick(im, { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: false });
});

test('AbortSignal.timeout', async (t) => {
  const im = client(t, (await keepingServer(t)).url);
  const error = await fails(kick(im, { signal: AbortSignal.timeout(1_500) }), {
    kind: 'Cancelled',
    maybeApplied: true,
  });
  assert.equal(error.reason.name, 'TimeoutError');
});

test('one signal for many calls: no listener is left behind, nobody is warned of a leak', async (t) => {
  const warnings = [];
  const warn = (warning) => warnings.push(warning);
  process.on('warning', warn);
  t.after(() => process.off('warning', warn));
  const server = await httpServer(t);
  const im = client(t, server.url);
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 200 }, () => kick(im, { signal })));
  await sleep(10);
  assert.deepEqual(warnings, []);
});

test('closing waits for calls under way', async (t) => {
  const im = client(t, (await slow(t)).url);
  let isDone = false;
  const call = kick(im).then(() => {
    isDone = true;
  });
  await sleep(50);
  await im.close();
  assert.ok(isDone);
  await call;
});

test('closing by force cancels them, also those that wait, and after a close that waits', async (t) => {
  const server = await httpServer(t, () => {});
  const im = client(t, server.url, { connections: 1 });
  const sent = fails(kick(im), { kind: 'Cancelled', maybeApplied: true });
  const waiting = fails(kick(im), { kind: 'Cancelled', maybeApplied: false });
  await until(() => server.requests.length === 1);
  const closed = im.close();
  await im.close({ force: true });
  await Promise.all([sent, waiting, closed]);
  assert.equal(server.requests.length, 1);
  await until(() => server.sockets.size === 0);
});

test('closing by force ends calls that wait for their turn, and leaves alone those that have ended', async (t) => {
  let asked = 0;
  const server = await httpServer(t, (request, response) => {
    // Of the kicks one in two is answered.
    if (request.url.includes('/kick?') && ++asked % 2 === 0) response.end(OK);
  });
  const im = client(t, server.url, { rateLimits: { 'accounts.check': 0.1 }, timeoutMs: 60_000 });
  let ended = 0;
  const kicks = Array.from({ length: 20 }, () =>
    kick(im).then(
      () => {
        ended++;
        return 'answered';
      },
      (error) => error,
    ),
  );
  const check = (account) => im.accounts.check({ accounts: [account] });
  const firstCheck = check('first').then(
    () => 'answered',
    (error) => error,
  );
  const queued = ['a', 'b', 'c'].map((account) => fails(check(account), { kind: 'Cancelled', maybeApplied: false }));
  // All kicks and the first check.
  await until(() => server.requests.length === 21 && ended === 10);
  await im.close({ force: true });
  const outcomes = await Promise.all([...kicks, firstCheck]);
  await Promise.all(queued);
  const [answered, cancelled] = [outcomes.filter((one) => one === 'answered'), outcomes.filter((one) => one.reason)];
  assert.deepEqual([answered.length, cancelled.length], [10, 11]);
  assert.ok(cancelled.every(({ maybeApplied, reason }) => maybeApplied && reason.message.includes('by force')));
});

test('a hook that aborts the call: nothing is sent', async (t) => {
  const server = await httpServer(t);
  const controller = new AbortController();
  const im = client(t, server.url, { onEvent: ({ event }) => event === 'attempt' && controller.abort() });
  // The core has said "send": it does not know what became of that.
  await fails(kick(im, { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: true });
  assert.equal(server.requests.length, 0);
});

test('a fetch that aborts the call from within ends it, whatever it answers', async (t) => {
  const controller = new AbortController();
  const signals = [];
  const fetch = async (_url, { signal }) => {
    signals.push(signal);
    controller.abort();
    return new Response(OK);
  };
  const im = client(t, 'http://127.0.0.1:9', { fetch });
  await fails(kick(im, { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: true });
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  );
});

test('the stack of an error names who waits for the call', async (t) => {
  const im = client(t, `http://127.0.0.1:${await deadPort()}`);
  async function whoWaits() {
    await kick(im);
  }
  const whoCalls = () => im.accounts.kick({ userId: '' });
  assert.match((await fails(whoWaits(), { kind: 'Transport', maybeApplied: false })).stack, /at async whoWaits/);
  assert.match((await fails(whoCalls(), { kind: 'InvalidInput', maybeApplied: false })).stack, /at whoCalls/);
});

test('a client that is closed: nothing is sent', async (t) => {
  const server = await httpServer(t);
  const im = client(t, server.url);
  await im.close();
  await im.close();
  await fails(kick(im), { kind: 'Config', maybeApplied: false, says: /closed/ });
  assert.throws(() => im.signUserSig('alice'), ConfigError);
  assert.throws(() => im.prepare('accounts.kick', { userId: 'alice' }), ConfigError);
  assert.equal(server.requests.length, 0);
});

test('a client that was never used can be closed, and so can one whose calls failed', async (t) => {
  await client(t, 'http://127.0.0.1:9').close();
  const server = await tcpServer(t, (socket) => socket.resetAndDestroy());
  const im = client(t, server.url);
  await kick(im).catch(() => {});
  await im.close();
});

test('closing at the end of a block', async (t) => {
  const server = await httpServer(t);
  const im = client(t, server.url);
  await kick(im);
  await im[Symbol.asyncDispose]();
  await until(() => server.sockets.size === 0);
});

test('a program that forgets to close ends all the same', async (t) => {
  const server = await httpServer(t);
  const script = `
    const im = new Client();
    await im.accounts.kick({ userId: 'alice' });
    console.log('done');`;
  const { stdout, stderr, tookMs } = await runScript(script, { TENCENT_IM_BASE_URL: server.url });
  assert.deepEqual([stdout, stderr], ['done\n', '']);
  // Idle connections would be kept for 20 s.
  assert.ok(tookMs < 15_000, `${tookMs} ms`);
});

test('nor does a connection that hangs in the air keep it up', async (t) => {
  const server = await tcpServer(t, () => {});
  const script = `
    const im = new Client({ maxRetries: 0, timeoutMs: 300, connectTimeoutMs: 60000 });
    await im.accounts.kick({ userId: 'alice' }).catch((error) => console.log(error.kind, error.maybeApplied));`;
  for (const environment of [
    { TENCENT_IM_BASE_URL: `https://127.0.0.1:${server.port}` },
    { TENCENT_IM_BASE_URL: 'https://im.invalid', HTTPS_PROXY: server.url },
  ]) {
    const { stdout, tookMs } = await runScript(script, environment);
    assert.equal(stdout, 'Transport false\n');
    assert.ok(tookMs < 15_000, `${tookMs} ms`);
  }
});

test('a call under way keeps the program up', async (t) => {
  const server = await slow(t);
  const script = `
    const im = new Client();
    im.accounts.kick({ userId: 'alice' }).then(() => console.log('answered'));`;
  const { stdout } = await runScript(script, { TENCENT_IM_BASE_URL: server.url });
  assert.equal(stdout, 'answered\n');
});

test('a client at the top of a module does nothing until it is used', async () => {
  const script = `
    new Client({ secretKey: 'x', connections: 1 });
    console.log(process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name)).length);`;
  const { stdout } = await runScript(script);
  assert.equal(stdout, '0\n');
});

test('in worker threads, also one that is stopped in the middle of a call', async (t) => {
  const server = await httpServer(t, (request, response) => {
    if (request.url.includes('/kick?')) response.end(OK);
  });
  const script = `
    import { isMainThread, parentPort, Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    if (isMainThread) {
      const workers = [1, 2, 3].map(() => new Worker(new URL(import.meta.url)));
      await Promise.all(workers.map((worker) => once(worker, 'message')));
      await Promise.all(workers.map((worker) => worker.terminate()));
      const im = new Client();
      await im.accounts.kick({ userId: 'alice' });
      await im.close();
      console.log('done');
    } else {
      const im = new Client();
      await im.accounts.kick({ userId: 'alice' });
      void im.accounts.check({ accounts: ['alice'] });
      setTimeout(() => parentPort.postMessage('under way'), 50);
    }`;
  const file = fileURLToPath(new URL('worker-program.mjs', import.meta.url));
  writeFileSync(file, `import { Client } from 'tencent-im';\n${script}`);
  t.after(() => rmSync(file));
  const env = { TENCENT_IM_BASE_URL: server.url, TENCENT_IM_SDK_APP_ID: String(APP), TENCENT_IM_SECRET_KEY: KEY };
  assert.equal((await run([file], { env })).stdout, 'done\n');
});
