// A server that answers events, with hooks or with a constant once it has read the body.
//
//   node server.mjs node|hono hooks|constant
//
// Prints its port and the path to ask; when its standard input closes, the CPU time that it took since the last line on it.

import { createServer } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { reject, Webhooks } from 'tencent-im/webhooks';
import { ANSWER, APP, COMMAND, query, TOKEN } from './event.mjs';

const [framework, kind] = process.argv.slice(2);
const hooks = new Webhooks({ sdkAppId: APP, token: TOKEN });
hooks.on(COMMAND, async ({ body }) => (body.fromAccount === 'jared' ? reject(120001, 'no') : undefined));
const headers = { 'Content-Type': 'application/json' };

const LISTENERS = {
  hooks: hooks.node,
  constant(request, response) {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      JSON.parse(Buffer.concat(pieces));
      response.writeHead(200, { ...headers, 'Content-Length': ANSWER.length });
      response.end(ANSWER);
    });
  },
};
const HANDLERS = {
  hooks: (c) => hooks.fetch(c.req.raw),
  async constant({ req }) {
    JSON.parse(await req.raw.text());
    return new Response(ANSWER, { headers });
  },
};

const server =
  framework === 'node'
    ? createServer(LISTENERS[kind]).listen(0, '127.0.0.1')
    : serve({ fetch: new Hono().post('/hooks', HANDLERS[kind]).fetch, port: 0, hostname: '127.0.0.1' });
server.once('listening', () => console.log(JSON.stringify({ port: server.address().port, path: `/hooks?${query()}` })));

let start = process.cpuUsage();
process.stdin.on('data', () => {
  start = process.cpuUsage();
});
process.stdin.on('end', () => {
  const { user, system } = process.cpuUsage(start);
  process.stdout.write(`${JSON.stringify({ cpu_us: user + system })}\n`, () => process.exit(0));
});
