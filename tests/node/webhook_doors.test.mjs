// The doors into the receiver of webhooks, each in its framework, over a real connection.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, connect as openHttp2 } from 'node:http2';
import { createRequire } from 'node:module';
import { connect as openSocket } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { serve as serveHono } from '@hono/node-server';
import connect from 'connect';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import * as sdk from 'tencent-im/webhooks';
import { reject } from 'tencent-im/webhooks';
import { until } from '../edge/shared/tools.mjs';
import { AFTER, BEFORE, message, open, signed } from '../edge/shared/webhook_tools.mjs';

const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
const REFUSAL = { ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: 'refused' };

/** Serves a listener of node:http on a port of its own. */
const listen = async (listener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: server.address().port, close: () => server.close().closeAllConnections() };
};

const inExpress =
  (...middleware) =>
  (hooks) => {
    const app = express();
    for (const each of middleware) {
      app.use(each);
    }
    // Mounted, so that the path is not the one of the URL.
    app.use('/api', express.Router().all('/hooks', hooks.node));
    return listen(app);
  };

const inConnect =
  (...middleware) =>
  (hooks) => {
    const app = connect();
    for (const each of middleware) {
      app.use(each);
    }
    app.use('/api/hooks', hooks.node);
    return listen(app);
  };

/** How each framework serves hooks under /api/hooks. `parses`: something reads the body before. */
const FRAMEWORKS = {
  'node:http': { serve: (hooks) => listen(hooks.node) },
  'Express without a body parser': { serve: inExpress() },
  'Express after express.json()': { serve: inExpress(express.json()), parses: true },
  'Express after express.raw()': { serve: inExpress(express.raw({ type: () => true })), parses: true },
  'Express after express.text()': { serve: inExpress(express.text({ type: () => true })), parses: true },
  'Express after a middleware that pauses the request': {
    serve: inExpress((req, _res, next) => {
      req.pause();
      setTimeout(next, 5);
    }),
  },
  'Express after parsers that do not know the content type': {
    serve: inExpress(express.json({ type: 'x/json' }), express.urlencoded({ extended: true })),
  },
  Connect: { serve: inConnect() },
  'Connect after an old parser that puts an empty object': {
    serve: inConnect((req, _res, next) => {
      req.body = {};
      next();
    }),
  },
  'Connect after express.json()': { serve: inConnect(express.json()), parses: true },
  Fastify: {
    serve: async (hooks) => {
      const app = fastify();
      app.register(hooks.fastify, { prefix: '/api', path: '/hooks' });
      // Its own routes keep their parsers.
      app.post('/own', async ({ body }) => ({ own: body.value }));
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address();
      const own = await fetch(`http://127.0.0.1:${port}/own`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"value":7}',
      });
      assert.deepEqual(await own.json(), { own: 7 });
      return { port, close: () => app.close() };
    },
  },
  'Fastify with a prefix alone': {
    path: '/api',
    serve: async (hooks) => {
      const app = fastify();
      app.register(hooks.fastify, { prefix: '/api' });
      await app.listen({ port: 0, host: '127.0.0.1' });
      return { port: app.server.address().port, close: () => app.close() };
    },
  },
  Hono: {
    serve: async (hooks) => {
      const app = new Hono();
      app.all('/api/hooks', (c) => hooks.fetch(c.req.raw));
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
      await new Promise((resolve) => server.once('listening', resolve));
      return { port: server.address().port, close: () => server.close() };
    },
  },
};

for (const [name, { serve, parses = false, path = '/api/hooks' }] of Object.entries(FRAMEWORKS)) {
  describe(name, () => {
    let server;
    let handled;
    const { hooks, faults } = open({ sdk }, { budget: 400 });
    hooks.on(BEFORE, async ({ body }) => {
      const [{ msgContent }] = body.msgBody;
      if (msgContent.text === 'never') {
        await new Promise(() => {});
      }
      if (msgContent.text === 'throw') {
        throw new Error('the database is away');
      }
      return msgContent.text.startsWith('red packet') ? reject(120001, '不行') : undefined;
    });
    hooks.on(AFTER, ({ id }) => void handled.push(id));
    before(async () => {
      server = await serve(hooks);
    });
    after(() => server?.close());

    const ask = async (query, { body, method = 'POST', headers = {} } = {}) => {
      const url = `http://127.0.0.1:${server.port}${path}?${new URLSearchParams(query)}`;
      const init = body === undefined ? { method } : { method, body, duplex: 'half' };
      const answer = await fetch(url, { ...init, headers: { 'Content-Type': 'application/json', ...headers } });
      return [answer.status, await answer.json(), answer.headers];
    };
    const saying = (text) =>
      JSON.stringify(message(BEFORE, { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }] }));

    test('events are answered', async () => {
      handled = [];
      const [status, answer, headers] = await ask(signed(sdk), { body: saying('red packet 红包 😀') });
      assert.deepEqual([status, answer], [200, { ...OK, ErrorCode: 120001, ErrorInfo: '不行' }]);
      assert.match(headers.get('content-type'), /^application\/json/);
      assert.equal(Number(headers.get('content-length')), Buffer.byteLength(JSON.stringify(answer)));
      assert.deepEqual((await ask(signed(sdk), { body: saying('hi') })).slice(0, 2), [200, OK]);
      const chunked = new ReadableStream({
        start(controller) {
          const bytes = new TextEncoder().encode(saying('red packet'));
          for (let at = 0; at < bytes.length; at += 100) {
            controller.enqueue(bytes.subarray(at, at + 100));
          }
          controller.close();
        },
      });
      assert.equal((await ask(signed(sdk), { body: chunked }))[1].ErrorCode, 120001);
      assert.deepEqual((await ask(signed(sdk, AFTER), { body: JSON.stringify(message(AFTER)) })).slice(0, 2), [
        200,
        OK,
      ]);
      await hooks.idle();
      assert.deepEqual(handled, [`${AFTER}/jared/Jonh/48374_2837546_1557481126`]);
      assert.deepEqual(faults.splice(0), []);
    });

    test('a handler that throws or never returns is no failure of the request', async () => {
      assert.deepEqual((await ask(signed(sdk), { body: saying('throw') })).slice(0, 2), [200, OK]);
      const start = performance.now();
      assert.deepEqual((await ask(signed(sdk), { body: saying('never') })).slice(0, 2), [200, OK]);
      assert.ok(performance.now() - start < 30_000);
      assert.deepEqual(
        faults.splice(0).map(({ what }) => what),
        ['handler', 'late'],
      );
    });

    test('what is not genuine is refused', async () => {
      const query = signed(sdk);
      const body = saying('hi');
      const wrong = { ...query, Sign: query.Sign.replace(/./, (digit) => (digit === '0' ? '1' : '0')) };
      assert.deepEqual((await ask(wrong, { body })).slice(0, 2), [401, REFUSAL]);
      assert.deepEqual((await ask({ ...query, Sign: query.Sign.toUpperCase() }, { body })).slice(0, 2), [401, REFUSAL]);
      const doubled = [...Object.entries(query), ['Sign', query.Sign]];
      assert.deepEqual((await ask(doubled, { body })).slice(0, 2), [401, REFUSAL]);
      const old = signed(sdk, BEFORE, undefined, Math.floor(Date.now() / 1000) - 100);
      assert.deepEqual((await ask(old, { body })).slice(0, 2), [401, REFUSAL]);
      assert.deepEqual((await ask({ ...query, SdkAppid: 7 }, { body })).slice(0, 2), [403, REFUSAL]);
      const [status, answer, headers] = await ask(query, { method: 'GET' });
      assert.deepEqual([status, answer, headers.get('allow')], [405, REFUSAL, 'POST']);
      const html = { 'Content-Type': 'text/html' };
      assert.deepEqual((await ask(query, { body, headers: html })).slice(0, 2), [415, REFUSAL]);
      const shown = faults.splice(0).map(({ error }) => `${error.message}${error.stack}${JSON.stringify(error)}`);
      assert.equal(shown.length, 7);
      assert.ok(!shown.join().includes(query.Sign) && !shown.join().includes('the-token-of-the-tests'));
    });

    test('200 events at once', async () => {
      const asked = Array.from({ length: 200 }, () => ask(signed(sdk), { body: saying('red packet') }));
      assert.ok((await Promise.all(asked)).every(([status, { ErrorCode }]) => status === 200 && ErrorCode === 120001));
      assert.deepEqual(faults.splice(0), []);
    });

    // Where a parser reads the body, its length and its time are the parser's.
    if (!parses) {
      test('a body that is no event, too long, or without end is refused', async () => {
        assert.deepEqual((await ask(signed(sdk), { body: '{"MsgBody":' })).slice(0, 2), [400, REFUSAL]);
        assert.deepEqual((await ask(signed(sdk), { body: '' })).slice(0, 2), [400, REFUSAL]);
        assert.deepEqual((await ask(signed(sdk), { body: 'x'.repeat(1_100_000) })).slice(0, 2), [413, REFUSAL]);
        let sent = 0;
        let isOver = false;
        const endless = new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setImmediate(resolve));
            // fetch does not always cancel the body of a request whose connection has ended.
            if (isOver) return controller.error(new Error('over'));
            sent += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
        });
        // The sender may still be sending when the connection ends: what it reads then is up to its library.
        await ask(signed(sdk), { body: endless }).then(
          ([status]) => assert.equal(status, 413),
          (error) => assert.equal(error.name, 'TypeError'),
        );
        isOver = true;
        assert.ok(sent < 500_000_000, `${sent} bytes were sent`);
        const errors = faults.splice(0).map(({ error }) => error.httpStatus);
        assert.deepEqual(errors, [400, 400, 413, 413]);
      });

      test('a body that dribbles has the time of the budget', async () => {
        const [answer, ms] = await dribble(server.port, path);
        assert.match(answer, /^HTTP\/1.1 408 /);
        assert.ok(answer.endsWith(JSON.stringify(REFUSAL)), answer);
        assert.ok(ms > 300 && ms < 30_000, `${ms} ms`);
        assert.deepEqual(
          faults.splice(0).map(({ error }) => error.httpStatus),
          [408],
        );
      });

      test('a sender that goes away within the body is no failure of the program', async () => {
        const socket = openSocket(server.port, '127.0.0.1');
        socket.write(
          `POST ${path}?${new URLSearchParams(signed(sdk))} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`,
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
        socket.destroy();
        await until(() => faults.length > 0);
        assert.equal(faults.splice(0).length, 1);
        assert.equal((await ask(signed(sdk), { body: saying('hi') }))[0], 200);
      });
    }
  });
}

/** Sends a body byte by byte without end; gives what came back, and after which time. */
function dribble(port, path) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const socket = openSocket(port, '127.0.0.1');
    let answer = '';
    socket.write(
      `POST ${path}?${new URLSearchParams(signed(sdk))} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`,
    );
    const timer = setInterval(() => socket.write(' '), 20);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      resolve([answer, performance.now() - start]);
    };
    socket.on('data', (data) => {
      answer += data;
      if (answer.includes('"refused"}')) {
        end();
      }
    });
    socket.on('close', end);
    socket.on('error', reject);
  });
}

test('HTTP/2 by the compatible API of Node', async () => {
  const { hooks, faults } = open({ sdk });
  hooks.on(BEFORE, () => reject(120001));
  const warnings = [];
  const warned = (warning) => warnings.push(warning);
  process.on('warning', warned);
  const server = createHttp2Server(hooks.node).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const client = openHttp2(`http://127.0.0.1:${server.address().port}`);
  const ask = (body) =>
    new Promise((resolve, reject) => {
      const path = `/hooks?${new URLSearchParams(signed(sdk))}`;
      const stream = client.request({ ':method': 'POST', ':path': path });
      let text = '';
      let status;
      stream.on('response', (headers) => {
        status = headers[':status'];
      });
      stream.on('data', (data) => {
        text += data;
      });
      stream.on('end', () => resolve([status, JSON.parse(text).ErrorCode]));
      stream.on('error', reject);
      stream.end(body);
    });
  try {
    assert.deepEqual(await ask(JSON.stringify(message())), [200, 120001]);
    assert.deepEqual(await ask('x'.repeat(1_100_000)), [413, 1]);
    assert.deepEqual(await ask(JSON.stringify(message())), [200, 120001]);
    assert.deepEqual([faults.length, warnings], [1, []]);
  } finally {
    process.off('warning', warned);
    client.close();
    server.close();
  }
});

describe('Next.js', () => {
  test('a route handler is the door itself', async () => {
    const { hooks } = open({ sdk });
    hooks.on(BEFORE, () => reject(120001));
    // As `export const POST = hooks.fetch` in app/api/hooks/route.ts: called with the request and the route's parameters.
    const { fetch: POST } = hooks;
    const url = `https://example.com/api/hooks?${new URLSearchParams(signed(sdk))}`;
    const request = new Request(url, { method: 'POST', body: JSON.stringify(message()) });
    const answer = await POST(request, { params: Promise.resolve({}) });
    assert.ok(answer instanceof Response);
    assert.equal((await answer.json()).ErrorCode, 120001);
  });
});

describe('without a framework', () => {
  test('AWS Lambda: query and body of its event', async () => {
    const { hooks } = open({ sdk }, { maxQueue: 0 });
    hooks.on(BEFORE, () => reject(120001));
    const body = JSON.stringify(message());
    const query = signed(sdk);
    const rawQueryString = String(new URLSearchParams(query));
    for (const event of [
      { rawQueryString, body, isBase64Encoded: false },
      { rawQueryString, body: Buffer.from(body).toString('base64'), isBase64Encoded: true },
      // Of a load balancer, or of the first version of the gateway.
      { multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([k, v]) => [k, [v]])), body },
    ]) {
      const {
        status,
        headers,
        body: answer,
      } = await hooks.receive(event.rawQueryString ?? event.multiValueQueryStringParameters, event.body, {
        base64: event.isBase64Encoded,
        method: 'POST',
      });
      assert.deepEqual(
        [status, headers['Content-Type'], JSON.parse(answer).ErrorCode],
        [200, 'application/json', 120001],
      );
    }
  });

  test('a body that was read before is told', async () => {
    const { hooks, faults } = open({ sdk });
    const server = await listen(async (req, res) => {
      for await (const _ of req);
      await hooks.node(req, res);
    });
    const url = `http://127.0.0.1:${server.port}/?${new URLSearchParams(signed(sdk))}`;
    const answer = await fetch(url, { method: 'POST', body: '{}' });
    server.close();
    assert.equal(answer.status, 400);
    assert.match(faults[0].error.cure, /hooks\.receive/);
  });
});

test('the doors fit the types of the frameworks', async () => {
  const here = import.meta.dirname;
  const directory = mkdtempSync(join(here, 'webhook-types-'));
  try {
    const compilerOptions = {
      ...{ module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', lib: ['ES2022', 'ESNext.Disposable'] },
      // The frameworks' own declarations are not ours to check.
      ...{ types: ['node'], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true },
    };
    const config = { compilerOptions, files: ['../webhook_frameworks.ts'] };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
    const require = createRequire(import.meta.url);
    for (const name of ['typescript', 'typescript5']) {
      const compiler = join(dirname(require.resolve(`${name}/package.json`)), 'bin/tsc');
      await promisify(execFile)(process.execPath, [compiler, '-p', directory]).catch(({ stdout }) =>
        assert.fail(stdout),
      );
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
