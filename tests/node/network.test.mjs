// Connections: whether anything was sent is told right, connections are kept and bounded, idle ones do no harm.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFile, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Client } from 'tencent-im';
import { fails, until } from './support/checks.mjs';
import { APP, KEY } from './support/emulator.mjs';
import { deadPort, httpServer, OK, tcpServer } from './support/servers.mjs';

/** A client that tries once, closed at the end of the test. */
function client(t, baseUrl, settings = {}) {
  const im = new Client({ sdkAppId: APP, secretKey: KEY, baseUrl, maxRetries: 0, ...settings });
  t.after(() => im.close({ force: true }));
  return im;
}

const kick = (im, options) => im.accounts.kick({ userId: 'alice' }, options);

test('nobody listens: not sent', async (t) => {
  const im = client(t, `http://127.0.0.1:${await deadPort()}`);
  const error = await fails(kick(im), { kind: 'Transport', maybeApplied: false, says: /ECONNREFUSED/ });
  assert.equal(error.operation, 'accounts.kick');
});

test('an unknown host: not sent', async (t) => {
  const im = client(t, 'http://nowhere.invalid', { allowHttp: true, timeoutMs: 10_000 });
  await fails(kick(im), { kind: 'Transport', maybeApplied: false });
});

test('a port that accepts and never answers the TLS handshake: not sent, after the time to connect', async (t) => {
  const server = await tcpServer(t, () => {});
  const im = client(t, `https://127.0.0.1:${server.port}`, { connectTimeoutMs: 300 });
  const start = performance.now();
  await fails(kick(im), { kind: 'Transport', maybeApplied: false, says: /connect/i });
  // Without the time to connect, that of an attempt would count: 8 s.
  assert.ok(performance.now() - start < 7_000);
});

test('a server that hangs up on the TLS handshake: not sent, and not asked again and again', async (t) => {
  const server = await tcpServer(t, (socket) => socket.once('data', () => socket.end()));
  const im = client(t, `https://127.0.0.1:${server.port}`);
  await fails(kick(im), { kind: 'Transport', maybeApplied: false });
  assert.equal(server.connections(), 1);
  await sleep(200);
  assert.equal(server.connections(), 1);
});

test('no connection free in time: not sent', async (t) => {
  const server = await httpServer(t, () => {});
  const im = client(t, server.url, { connections: 1 });
  const controller = new AbortController();
  const first = fails(kick(im, { signal: controller.signal, timeoutMs: 600_000, attemptTimeoutMs: 600_000 }), {
    kind: 'Cancelled',
    maybeApplied: true,
  });
  await until(() => server.requests.length === 1);
  await fails(kick(im, { timeoutMs: 200 }), { kind: 'Timeout', maybeApplied: false, says: /no connection/ });
  controller.abort();
  await first;
  await sleep(50);
  assert.equal(server.requests.length, 1);
});

test('calls in a row share a connection', async (t) => {
  const server = await tcpServer(t, answerAll);
  const im = client(t, server.url);
  for (let i = 0; i < 20; i++) {
    await kick(im);
  }
  assert.equal(server.connections(), 1);
});

test('calls at once take so many connections and no more', async (t) => {
  let atOnce = 0;
  let most = 0;
  const server = await httpServer(t, async (_request, response) => {
    most = Math.max(most, ++atOnce);
    await sleep(20);
    atOnce--;
    response.end(OK);
  });
  const im = client(t, server.url, { connections: 3 });
  await Promise.all(Array.from({ length: 30 }, () => kick(im)));
  assert.deepEqual([most, server.requests.length, server.sockets.size], [3, 30, 3]);
});

test('an idle connection that the server closed is not an error', async (t) => {
  const server = await httpServer(t);
  server.server.keepAliveTimeout = 100;
  const im = client(t, server.url);
  for (let i = 0; i < 3; i++) {
    await kick(im);
    await sleep(i === 0 ? 0 : 1500);
  }
  assert.equal(server.requests.length, 3);
});

for (const ending of ['fin', 'rst']) {
  test(`nor is it when the program was busy while the server closed it, with ${ending}`, async (t) => {
    const server = await closingServer(t, ending);
    const im = client(t, server.url);
    // Wherever in its turn the event loop is: what it has read before is old news.
    const places = [
      (go) => go(),
      (go) => setImmediate(go),
      (go) => setTimeout(go, 1),
      (go) => readFile(fileURLToPath(import.meta.url), go),
      (go) => process.nextTick(go),
    ];
    for (const place of places) {
      await kick(im);
      const again = new Promise((resolve) => {
        place(() => {
          server.untilClosed();
          resolve(kick(im));
        });
      });
      assert.deepEqual(await again, {}, String(place));
      server.untilClosed();
    }
  });
}

test('nor when it was closed just now', async (t) => {
  const server = await closingServer(t, 'rst');
  const im = client(t, server.url);
  for (let i = 0; i < 10; i++) {
    assert.deepEqual(await kick(im), {});
    server.untilClosed();
  }
});

test('an answer in pieces, after an interim one, with headers in any case', async (t) => {
  const server = await tcpServer(t, (socket) => {
    socket.on('data', async () => {
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nDATE: Sun, 22 Nov 2026 20:00:00 GMT\r\n',
      );
      await sleep(10);
      socket.write(`Transfer-Encoding: chunked\r\n\r\n5\r\n${OK.slice(0, 5)}\r\n`);
      await sleep(10);
      socket.write(`${(OK.length - 5).toString(16)}\r\n${OK.slice(5)}\r\n0\r\n\r\n`);
    });
  });
  const im = client(t, server.url);
  assert.deepEqual(await kick(im), {});
  assert.deepEqual(await kick(im), {});
  assert.equal(server.connections(), 1);
});

test('an answer that drips in is bounded by the time of the call', async (t) => {
  const server = await httpServer(t, (_request, response) => {
    response.write('{');
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  const start = performance.now();
  await fails(kick(client(t, server.url), { timeoutMs: 2_000 }), { kind: 'Timeout', maybeApplied: true });
  // The time of an attempt is 8 s.
  assert.ok(performance.now() - start < 7_000);
});

test('a redirect is not followed: the URL holds a UserSig', async (t) => {
  const elsewhere = await httpServer(t);
  const server = await httpServer(t, (request, response) => {
    response.writeHead(307, { location: elsewhere.url + request.url }).end();
  });
  await fails(kick(client(t, server.url)), { kind: 'Protocol', maybeApplied: false, says: /redirects/ });
  assert.equal(elsewhere.requests.length, 0);
});

test('a compressed answer, which nobody asked for, is told from a broken one', async (t) => {
  for (const [encoding, compress] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ]) {
    const server = await httpServer(t, (_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(OK));
    });
    const im = client(t, server.url, { maxRetries: 3 });
    const error = await fails(kick(im), { kind: 'Protocol', maybeApplied: true, says: /compressed/ });
    assert.equal(error.cause, `it came as ${encoding}, although the request accepts no compression`);
    assert.equal(server.requests.length, 1);
  }
});

test('a byte order mark before the answer', async (t) => {
  const server = await httpServer(t, (_request, response) => response.end(`\ufeff${OK}`));
  await kick(client(t, server.url));
});

test('an answer that is not HTTP', async (t) => {
  const server = await tcpServer(t, (socket) => socket.on('data', () => socket.end('SSH-2.0-whatever\r\n')));
  await fails(kick(client(t, server.url)), { kind: 'Transport', maybeApplied: true });
});

test('a path before the calls, as a gateway has it', async (t) => {
  const server = await httpServer(t);
  await kick(client(t, `${server.url}/some/where/`));
  assert.match(server.requests[0].url, /^\/some\/where\/v4\/im_open_login_svc\/kick\?sdkappid=/);
  assert.equal(server.requests[0].headers['content-type'], 'application/json');
  assert.equal(server.requests[0].headers['accept-encoding'], 'identity');
  assert.equal(server.requests[0].body, '{"Identifier":"alice"}');
});

/** Answers each request of a connection. */
function answerAll(socket) {
  socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`));
}

/**
 * A server in a process of its own, which goes on while this one is busy: it answers each request and then ends the
 * connection. `untilClosed` keeps this process from doing anything else until all connections so far are closed.
 */
async function closingServer(t, ending) {
  const directory = mkdtempSync(join(tmpdir(), 'tencent-im-'));
  const note = join(directory, 'closed');
  const program = fileURLToPath(new URL('support/closing_server.mjs', import.meta.url));
  const server = spawn(process.execPath, [program, ending, note], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => {
    server.stdin.end();
    rmSync(directory, { recursive: true });
  });
  const [port] = await once(server.stdout, 'data');
  let closed = 0;
  const untilClosed = () => {
    closed++;
    const end = Date.now() + 60_000;
    while (!existsSync(`${note}${closed}`)) {
      assert.ok(Date.now() < end, 'the server does not close');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  };
  return { url: `http://127.0.0.1:${String(port).trim()}`, untilClosed };
}
