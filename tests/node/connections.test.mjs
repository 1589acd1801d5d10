// Few connections for many calls: who gets one, and what becomes of one whose call was given up.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'tencent-im';
import { fails, until } from './support/checks.mjs';
import { APP, KEY } from './support/emulator.mjs';
import { httpServer, keepingServer, OK, tcpServer } from './support/servers.mjs';

/** A client that tries once, over one connection, closed at the end of the test. */
function client(t, baseUrl, settings = {}) {
  const common = { sdkAppId: APP, secretKey: KEY, maxRetries: 0, rateLimits: false, connections: 1 };
  const im = new Client({ ...common, baseUrl, ...settings });
  t.after(() => im.close({ force: true }));
  return im;
}

const kick = (im, userId, options) => im.accounts.kick({ userId }, options);
const usersOf = (server) => server.requests.map(({ body }) => JSON.parse(body).Identifier);

test('calls that wait for a connection get it in their order', async (t) => {
  const server = await httpServer(t);
  const im = client(t, server.url);
  const users = Array.from({ length: 20 }, (_, n) => `user${n}`);
  await Promise.all(users.map((user) => kick(im, user)));
  assert.deepEqual(usersOf(server), users);
  assert.equal(server.sockets.size, 1);
});

test('one that was given up while it waited is passed over, and is not sent', async (t) => {
  const server = await keepingServer(t);
  const im = client(t, server.url);
  const controller = new AbortController();
  const first = kick(im, 'first');
  const aborted = fails(kick(im, 'aborted', { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: false });
  const late = fails(kick(im, 'late', { timeoutMs: 50 }), { kind: 'Timeout', maybeApplied: false, says: /no conn/ });
  const last = kick(im, 'last');
  controller.abort();
  await Promise.all([aborted, late]);
  await until(() => server.kept.length > 0);
  server.kept.shift()();
  await first;
  await until(() => server.kept.length > 0);
  server.kept.shift()();
  await last;
  assert.deepEqual(usersOf(server), ['first', 'last']);
  assert.equal(server.sockets.size, 1);
});

for (const [how, options, kind] of [
  ['aborted', (signal) => ({ signal }), 'Cancelled'],
  ['out of time', () => ({ timeoutMs: 2_000 }), 'Timeout'],
]) {
  test(`one that is ${how} under way makes room for the next, on another connection`, async (t) => {
    const server = await keepingServer(t);
    const im = client(t, server.url);
    const controller = new AbortController();
    const ended = fails(kick(im, 'first', options(controller.signal)), { kind, maybeApplied: true });
    const next = kick(im, 'next');
    await until(() => server.kept.length === 1);
    controller.abort();
    await ended;
    await until(() => server.kept.length === 2);
    // The late answer to the first belongs to nobody.
    for (const answer of server.kept) answer();
    assert.deepEqual(await next, {});
    assert.deepEqual(usersOf(server), ['first', 'next']);
    await until(() => server.sockets.size === 1);
  });
}

for (const [how, head, close] of [
  ['says so', 'Connection: close\r\n', (socket) => socket.end()],
  ['does not say so', '', (socket) => socket.end()],
  ['resets', '', (socket) => socket.resetAndDestroy()],
]) {
  test(`a server that closes after each answer and ${how}: those that wait are sent all the same, once`, async (t) => {
    const bodies = [];
    const server = await tcpServer(t, (socket) => {
      socket.once('data', (data) => {
        bodies.push(JSON.parse(String(data).split('\r\n\r\n')[1]).Identifier);
        socket.write(`HTTP/1.1 200 OK\r\n${head}Content-Length: ${OK.length}\r\n\r\n${OK}`, () => close(socket));
      });
    });
    const im = client(t, server.url);
    const users = Array.from({ length: 10 }, (_, n) => `user${n}`);
    // A reset may overtake the answer, or meet a request that is just going out: the service has acted, or may have.
    const outcomes = await Promise.allSettled(users.map((user) => kick(im, user)));
    for (const { reason } of outcomes.filter(({ status }) => status === 'rejected')) {
      assert.deepEqual([how, reason.kind, reason.maybeApplied], ['resets', 'Transport', true]);
    }
    assert.deepEqual(bodies, how === 'resets' ? bodies.filter((user, n) => bodies.indexOf(user) === n) : users);
  });
}

test('nor does it harm calls in a row that such a server closes after each answer', async (t) => {
  const server = await tcpServer(t, (socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`, () => socket.end());
    });
  });
  const im = client(t, server.url, { connections: 8 });
  for (let n = 0; n < 20; n++) {
    assert.deepEqual(await kick(im, `user${n}`), {});
  }
});

/** A proxy that makes a connection only when it is told to. */
async function slowProxy(t, port) {
  const asked = [];
  const proxy = http.createServer().on('connect', (_request, socket) => {
    socket.on('error', () => {});
    asked.push((status = 200) => {
      socket.write(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
      const onward = net.connect(port, '127.0.0.1').on('error', () => socket.destroy());
      socket.pipe(onward).pipe(socket);
      t.after(() => onward.destroy());
    });
    t.after(() => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  return { proxy: `http://127.0.0.1:${proxy.address().port}`, asked };
}

for (const [how, options, kind, maybeApplied] of [
  ['aborted', (signal) => ({ signal }), 'Cancelled', true],
  ['out of time', () => ({ timeoutMs: 100 }), 'Transport', false],
]) {
  test(`${how} while its connection comes about: that is for the next call, and for it alone`, async (t) => {
    const server = await httpServer(t);
    const { proxy, asked } = await slowProxy(t, server.port);
    const im = client(t, server.url, { proxy });
    const controller = new AbortController();
    const ended = fails(kick(im, 'first', options(controller.signal)), { kind, maybeApplied });
    await until(() => asked.length === 1);
    controller.abort();
    await ended;
    const next = kick(im, 'next');
    await sleep(50);
    assert.equal(server.requests.length, 0);
    asked[0]();
    assert.deepEqual(await next, {});
    assert.deepEqual(await kick(im, 'last'), {});
    assert.deepEqual(usersOf(server), ['next', 'last']);
    assert.deepEqual([asked.length, server.sockets.size], [1, 1]);
  });
}

test('a connection that does not come about makes room for the next call, also when nobody waits for it', async (t) => {
  const server = await httpServer(t);
  const { proxy, asked } = await slowProxy(t, server.port);
  const im = client(t, server.url, { proxy });
  const controller = new AbortController();
  const aborted = fails(kick(im, 'first', { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: true });
  await until(() => asked.length === 1);
  controller.abort();
  await aborted;
  const second = fails(kick(im, 'second'), { kind: 'Transport', maybeApplied: false, says: /refused.*502/ });
  const third = kick(im, 'third');
  asked[0](502);
  await until(() => asked.length === 2);
  asked[1](502);
  await second;
  await until(() => asked.length === 3);
  asked[2]();
  assert.deepEqual(await third, {});
  assert.deepEqual(usersOf(server), ['third']);
});

test('a connection that hangs in the air is left aside as long as there may be more', async (t) => {
  const server = await httpServer(t);
  const { proxy, asked } = await slowProxy(t, server.port);
  const im = client(t, server.url, { proxy, connections: 2 });
  for (const user of ['first', 'second']) {
    await fails(kick(im, user, { timeoutMs: 100 }), { kind: 'Transport', maybeApplied: false });
  }
  await until(() => asked.length === 2);
  const next = [kick(im, 'third'), kick(im, 'fourth')];
  await sleep(50);
  for (const answer of asked) answer();
  assert.deepEqual(await Promise.all(next), [{}, {}]);
  assert.deepEqual([asked.length, server.sockets.size, usersOf(server).sort()], [2, 2, ['fourth', 'third']]);
});

test('one that is aborted while its idle connection is looked at gives it back', async (t) => {
  const server = await httpServer(t);
  const im = client(t, server.url);
  await kick(im, 'first');
  await sleep(20);
  const controller = new AbortController();
  const aborted = fails(kick(im, 'aborted', { signal: controller.signal }), { kind: 'Cancelled', maybeApplied: true });
  controller.abort();
  await aborted;
  await Promise.all([kick(im, 'next'), kick(im, 'last')]);
  assert.deepEqual(usersOf(server), ['first', 'next', 'last']);
  assert.equal(server.sockets.size, 1);
});

test('a program whose calls fail one after the other opens one connection for each', async (t) => {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    socket.on('error', () => {}).once('data', () => socket.resetAndDestroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const im = client(t, `http://127.0.0.1:${server.address().port}`, { connections: 8 });
  for (let n = 0; n < 5; n++) {
    await fails(kick(im, `user${n}`), { kind: 'Transport', maybeApplied: true });
  }
  await sleep(50);
  assert.equal(connections, 5);
});

test('closing by force while a connection comes about', async (t) => {
  const server = await httpServer(t);
  const { proxy, asked } = await slowProxy(t, server.port);
  const im = client(t, server.url, { proxy });
  const call = fails(kick(im, 'first'), { kind: 'Cancelled', maybeApplied: true });
  await until(() => asked.length === 1);
  await im.close({ force: true });
  await call;
  asked[0]();
  await sleep(50);
  assert.deepEqual([server.requests.length, asked.length], [0, 1]);
});
