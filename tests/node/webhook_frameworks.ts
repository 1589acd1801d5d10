// The doors, given to the frameworks with their own types; compiled by webhook_doors.test.mjs.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { serve } from '@hono/node-server';
import connect from 'connect';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { Webhooks } from 'tencent-im/webhooks';

const hooks = new Webhooks();

createServer(hooks.node);
createHttp2Server((request, response) => hooks.node(request, response));
export const handler = (request: IncomingMessage, response: ServerResponse) => hooks.node(request, response);

express().post('/hooks', express.json(), hooks.node).use('/hooks', hooks.node);
connect().use('/hooks', hooks.node);

const app = fastify({ logger: true });
app.register(hooks.fastify);
app.register(hooks.fastify, { prefix: '/im', path: '/hooks' });

const hono = new Hono().post('/hooks', (c) => hooks.fetch(c.req.raw, c.executionCtx));
serve({ fetch: hono.fetch });

// Next.js: app/api/hooks/route.ts
export const POST: (request: Request, context: { params: Promise<object> }) => Promise<Response> = hooks.fetch;
// Cloudflare Workers
interface Context {
  waitUntil(promise: Promise<unknown>): void;
  passThroughOnException(): void;
}
export default { fetch: hooks.fetch } satisfies {
  fetch(request: Request, env: object, ctx: Context): Promise<Response>;
};
// Deno, Bun
declare function denoServe(
  handler: (request: Request, info: { remoteAddr: object }) => Response | Promise<Response>,
): void;
denoServe(hooks.fetch);
declare function bunServe(options: { fetch(request: Request, server: object): Response | Promise<Response> }): void;
bunServe({ fetch: hooks.fetch });
