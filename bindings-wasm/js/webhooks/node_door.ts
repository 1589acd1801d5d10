/** The doors for Node's own server and what is built upon it: Express, Connect, Fastify. */

import { setTimeout } from '../clock.js';
import { wordsOf } from '../foreign.js';
import { byteLength, bytesOf, misused, type NodeStream, readNode, refused } from './body.js';
import { lengthIn } from './fetch_door.js';
import type { Arrival, Intake, Reply, WebhookAnswer } from './intake.js';

/** As much of Node's `IncomingMessage` as is needed, and the body if a parser has read it. */
export interface NodeRequest extends NodeStream {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly httpVersionMajor: number;
  readonly complete: boolean;
  readonly readableEnded: boolean;
  readonly body?: unknown;
  destroy(): unknown;
}

/** As much of Node's `ServerResponse` as is needed. */
export interface NodeResponse {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(body: string): unknown;
}

/** How long what is left of a body is thrown away after its answer, in milliseconds, so that the sender reads that first. */
const LINGER_MS = 1000;

/** Answers a request of Node's server. */
export function answerNode(intake: Intake, request: NodeRequest, response: NodeResponse): Promise<void> {
  if (typeof request?.on !== 'function' || typeof response?.writeHead !== 'function') {
    const cure = 'pass (req, res) of node:http, Express or Connect; for a Request use hooks.fetch';
    return Promise.reject(misused('request', "not a request of Node's server with its response", cure));
  }
  return answered(intake, request, (answer) => respond(request, response, answer));
}

function respond(request: NodeRequest, response: NodeResponse, { status, headers, body }: WebhookAnswer): void {
  if (response.headersSent) {
    return;
  }
  // Without its length, an answer goes out in chunks.
  const sent: Record<string, string | number> = { ...headers, 'Content-Length': byteLength(body) };
  if (mustClose(request)) {
    sent.Connection = 'close';
  }
  response.writeHead(status, sent);
  response.end(body);
  dropRest(request);
}

/** Whether the connection is of no further use: the rest of a body is still to come. HTTP/2 has a stream for each request. */
function mustClose({ complete, httpVersionMajor }: NodeRequest): boolean {
  return !complete && httpVersionMajor < 2;
}

/** Throws away what is left of a body, for a moment. */
function dropRest(request: NodeRequest): void {
  if (!request.complete) {
    request.resume();
    setTimeout(() => {
      if (!request.complete) {
        request.destroy();
      }
    }, LINGER_MS);
  }
}

/** Receives a request, and fails only as `use` of its answer does. */
function answered<T>(intake: Intake, request: NodeRequest, use: (answer: WebhookAnswer) => T): Promise<T> {
  const arrival = intake.arrival();
  return intake.answered((reply) => receive(intake, request, arrival, reply), use);
}

function receive(intake: Intake, request: NodeRequest, arrival: Arrival, reply: Reply): void {
  const refuse = (thrown: unknown) => reply(intake.refuse(thrown));
  const { method = '', url = '', headers } = request;
  try {
    const length = lengthIn(one(headers['content-length']));
    intake.check(method, one(headers['content-type']), length);
    const take = (bytes: Uint8Array) => intake.take(url, bytes, arrival, reply);
    const parsed = parsedBody(request);
    if (parsed === undefined) {
      readNode(request, length !== undefined, intake, arrival, take, refuse);
    } else {
      take(bytesOf(parsed));
    }
  } catch (thrown) {
    refuse(thrown);
  }
}

/** What a parser before has made of the body; nothing if the body is still to be read. */
function parsedBody(request: NodeRequest): unknown {
  let parsed: unknown;
  try {
    parsed = request.body;
  } catch (thrown) {
    // Vercel parses when it is asked.
    throw refused(400, `a body parser failed: ${wordsOf(thrown)}`);
  }
  // A parser that does not know the content type leaves the body alone, and some put an empty object.
  if (parsed !== undefined && (request.readableEnded || !isEmptyObject(parsed))) {
    return parsed;
  }
  if (request.readableEnded) {
    throw refused(400, 'the body of the request was read already', 'pass it to hooks.receive(req.url, body)');
  }
  return undefined;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

// biome-ignore lint/suspicious/noExplicitAny: Fastify's own types are generic in everything that they name.
type Its = any;

/** As much of a Fastify instance as is needed. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  addContentTypeParser(
    type: string,
    parser: (request: Its, payload: Its, done: (error: null) => void) => void,
  ): unknown;
  all(path: string, handler: (request: Its, reply: Its) => Promise<unknown>): unknown;
}

/** Settings of the plugin. */
export interface FastifyOptions {
  /** Path of the webhooks, after the prefix if there is one. Defaults to `/`. */
  path?: string | undefined;
}

/** Adds a route to a Fastify instance. Within a plugin, so that its parsers are those of this route alone. */
export function addFastifyRoute(intake: Intake, instance: FastifyLike, { path = '/' }: FastifyOptions): void {
  if (typeof instance?.removeAllContentTypeParsers !== 'function') {
    throw misused('instance', 'not an instance of Fastify', "write app.register(hooks.fastify, { prefix: '/im' })");
  }
  instance.removeAllContentTypeParsers();
  // The body is left in the stream: its limit and its time are ours.
  instance.addContentTypeParser('*', (_request, _payload, done) => done(null));
  instance.all(path, async (request: { raw: NodeRequest }, reply: FastifyReply) => {
    const { status, headers, body } = await answered(intake, request.raw, (answer) => answer);
    reply.code(status).headers(headers);
    if (mustClose(request.raw)) {
      reply.header('Connection', 'close');
    }
    reply.send(body);
    dropRest(request.raw);
    return reply;
  });
}

interface FastifyReply {
  code(status: number): FastifyReply;
  headers(headers: Readonly<Record<string, string>>): FastifyReply;
  header(name: string, value: string): FastifyReply;
  send(body: string): unknown;
}
