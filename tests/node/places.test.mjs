// Calls for which no connection is free: they wait before the core is asked, which then keeps the rate, and the time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallTimeoutError, Client } from 'tencent-im';
import { fails, until } from './support/checks.mjs';
import { APP, KEY } from './support/emulator.mjs';
import { httpServer, keepingServer, OK } from './support/servers.mjs';

/** A client with one connection that notes its events, closed at the end of the test. */
function client(t, baseUrl, settings = {}) {
  const events = [];
  const onEvent = (event) => events.push(event);
  const im = new Client({ sdkAppId: APP, secretKey: KEY, baseUrl, connections: 1, onEvent, ...settings });
  t.after(() => im.close({ force: true }));
  return { im, tries: () => events.filter(({ event }) => event === 'attempt').length, events };
}

const kick = (im, userId, options) => im.accounts.kick({ userId }, options);
const check = (im, options) => im.accounts.check({ accounts: ['a'] }, options);

test('after a stall no more go out in a second than the rate', async (t) => {
  const RATE = 100;
  const times = [];
  const server = await httpServer(t, (_request, response, number) => {
    times.push(performance.now());
    setTimeout(() => response.end(OK), number <= 2 ? 1_600 : 0);
  });
  const { im } = client(t, server.url, { connections: 2, rateLimits: { 'accounts.kick': RATE } });
  await Promise.all(Array.from({ length: 250 }, (_, n) => kick(im, `user${n}`)));
  assert.equal(times.length, 250);
  // On a busy machine some come later than they were sent, and the next ones then seem to be early.
  const SECOND = 800;
  for (let n = RATE; n < times.length; n++) {
    const tookMs = times[n] - times[n - RATE];
    assert.ok(tookMs >= SECOND, `${RATE + 1} requests from number ${n - RATE} on within ${tookMs} ms`);
  }
});

test('the core is asked for no more calls than there are connections', async (t) => {
  const server = await keepingServer(t);
  const { im, tries } = client(t, server.url, { connections: 2, rateLimits: { 'accounts.kick': 1_000 } });
  const calls = Array.from({ length: 20 }, (_, n) => kick(im, `user${n}`));
  for (let answered = 0; answered < calls.length; answered++) {
    await until(() => server.kept.length > 0);
    await sleep(5);
    assert.ok(tries() <= answered + 2, `${tries()} tries, ${answered} answers`);
    server.kept.shift()();
  }
  await Promise.all(calls);
});

test('no place until the deadline: nothing was tried, and the domain is not to blame', async (t) => {
  const server = await keepingServer(t);
  const fallback = await httpServer(t);
  const { im, events, tries } = client(t, server.url, { fallbackUrl: fallback.url });
  const first = kick(im, 'first');
  await until(() => server.kept.length === 1);
  const late = await fails(kick(im, 'late', { timeoutMs: 100 }), { kind: 'Timeout', maybeApplied: false });
  assert.ok(late instanceof CallTimeoutError);
  assert.deepEqual([late.attempts, late.operation, tries()], [0, 'accounts.kick', 1]);
  server.kept.shift()();
  await first;
  const next = kick(im, 'next');
  await until(() => server.kept.length > 0);
  server.kept.shift()();
  await next;
  assert.deepEqual([server.requests.length, fallback.requests.length], [2, 0]);
  assert.ok(!events.some(({ event }) => event === 'failover' || event === 'failure'));
});

test('a call that waits is aborted at once, and was not sent', async (t) => {
  const server = await keepingServer(t);
  const { im } = client(t, server.url);
  const first = kick(im, 'first');
  await until(() => server.kept.length === 1);
  const controller = new AbortController();
  const waiting = fails(kick(im, 'waiting', { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: false });
  controller.abort('enough');
  assert.deepEqual([(await waiting).reason, (await waiting).attempts], ['enough', 0]);
  server.kept.shift()();
  await first;
  await sleep(20);
  assert.equal(server.requests.length, 1);
});

test('one signal ends the call under way and those that wait, of which none gets its place', async (t) => {
  const server = await keepingServer(t);
  const { im, tries } = client(t, server.url);
  const { signal, abort } = abortable();
  const first = fails(kick(im, 'first', { signal }), { kind: 'Cancelled', maybeApplied: true });
  const others = Array.from({ length: 5 }, (_, n) =>
    fails(kick(im, `user${n}`, { signal }), { kind: 'Cancelled', maybeApplied: false }),
  );
  const last = kick(im, 'last');
  await until(() => server.kept.length === 1);
  abort();
  await Promise.all([first, ...others]);
  await until(() => server.kept.length === 2);
  server.kept[1]();
  assert.deepEqual([await last, server.requests.length, tries()], [{}, 2, 2]);
});

test('bad input fails at once, also where all places are taken', async (t) => {
  const server = await keepingServer(t);
  const { im } = client(t, server.url);
  const first = kick(im, 'first');
  await until(() => server.kept.length === 1);
  await fails(kick(im, ''), { kind: 'InvalidInput', maybeApplied: false });
  await fails(kick(im, 'user', { timeoutMs: 0 }), { kind: 'Config', maybeApplied: false });
  server.kept.shift()();
  await first;
});

/** A server that keeps its answers to checks of accounts, and a client with one kick that has just used up the rate. */
async function paced(t, rate) {
  const kept = [];
  const server = await httpServer(t, (request, response) => {
    if (request.url.includes('/kick?')) response.end(OK);
    else kept.push(() => response.end(JSON.stringify({ ...JSON.parse(OK), ResultItem: [] })));
  });
  const made = client(t, server.url, { rateLimits: { 'accounts.kick': rate, 'accounts.check': 1_000 } });
  await kick(made.im, 'first');
  return { ...made, kept, server };
}

test('a call gives its place back while it waits for its turn, and takes one again for it', async (t) => {
  const { im, kept, server, tries } = await paced(t, 1);
  const sent = kick(im, 'second');
  // Its turn is in 2 s.
  const late = fails(kick(im, 'late', { timeoutMs: 3_000 }), {
    kind: 'Timeout',
    maybeApplied: false,
    says: /connection/,
  });
  // This one finds the place free, and keeps it beyond their turns.
  const other = check(im);
  await late;
  assert.deepEqual([kept.length, tries(), server.requests.length], [1, 2, 2]);
  kept[0]();
  assert.deepEqual(await sent, {});
  await other;
  assert.deepEqual([tries(), server.requests.length], [3, 3]);
});

test('a call whose turn moved up while no place is free goes when one is', async (t) => {
  const { im, kept } = await paced(t, 1);
  const { signal, abort } = abortable();
  const before = Array.from({ length: 30 }, (_, n) =>
    fails(kick(im, `user${n}`, { signal, timeoutMs: 60_000 }), { kind: 'Cancelled', maybeApplied: false }),
  );
  const start = performance.now();
  const last = kick(im, 'last', { timeoutMs: 60_000 });
  const other = check(im);
  await until(() => kept.length === 1);
  abort();
  await Promise.all(before);
  await sleep(20);
  kept[0]();
  assert.deepEqual(await last, {});
  await other;
  // Its turn was 30 s away.
  assert.ok(performance.now() - start < 15_000);
});

test('closing by force: a call under way, one that waits, one asleep, one awake again', async (t) => {
  const { im, kept, server, tries } = await paced(t, 5);
  const notSent = { kind: 'Cancelled', maybeApplied: false };
  const ends = [fails(kick(im, 'awake again'), notSent), fails(kick(im, 'asleep', { timeoutMs: 60_000 }), notSent)];
  ends.push(fails(check(im), { kind: 'Cancelled', maybeApplied: true }), fails(kick(im, 'waits'), notSent));
  await until(() => kept.length === 1);
  await sleep(250);
  await im.close({ force: true });
  await Promise.all(ends);
  await sleep(20);
  assert.deepEqual([tries(), server.requests.length], [2, 2]);
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
