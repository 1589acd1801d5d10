/** The door for programs that take a `Request` and give a `Response`: workers, Hono, Next.js, Deno, Bun. */

import type { WaitUntil } from './background.js';
import { type BodyLike, misused, readRequest, refused } from './body.js';
import type { Arrival, Intake, Reply } from './intake.js';

/** As much of a `Request` as is needed; every runtime's own fits. */
export interface RequestLike extends BodyLike {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  readonly bodyUsed: boolean;
}

/** The runtime's own `Response`. */
export type PlatformResponse = typeof globalThis extends { Response: { prototype: infer Type } } ? Type : object;

/** Answers a request. `context` is what the runtime passes beside it; one with `waitUntil` keeps a worker alive. */
export function answerRequest(
  intake: Intake,
  request: RequestLike,
  context: readonly unknown[],
): Promise<PlatformResponse> {
  if (typeof request?.headers?.get !== 'function') {
    const cure = 'pass the Request; for (req, res) of node:http and Express use hooks.node';
    return Promise.reject(misused('request', 'not a Request', cure));
  }
  const arrival = intake.arrival(waitUntilOf(context));
  return intake.answered(
    (reply) => receive(intake, request, arrival, reply),
    ({ status, headers, body }) => new Response(body, { status, headers }) as PlatformResponse,
  );
}

function receive(intake: Intake, request: RequestLike, arrival: Arrival, reply: Reply): void {
  const refuse = (thrown: unknown) => reply(intake.refuse(thrown));
  const { method, url, headers } = request;
  try {
    const length = lengthIn(headers.get('content-length'));
    intake.check(method, headers.get('content-type') ?? undefined, length);
    if (request.bodyUsed) {
      throw refused(400, 'the body of the request was read already', 'pass it to hooks.receive(request.url, body)');
    }
    const take = (bytes: Uint8Array) => intake.take(url, bytes, arrival, reply);
    readRequest(request, length !== undefined, intake, arrival, take, refuse);
  } catch (thrown) {
    refuse(thrown);
  }
}

/** The length that a header states; nothing if it says nothing sensible. */
export function lengthIn(header: string | null | undefined): number | undefined {
  return header !== null && header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

function waitUntilOf(context: readonly unknown[]): WaitUntil | undefined {
  if (context.length === 0) {
    return undefined;
  }
  const having = context.find(
    (value): value is { waitUntil: WaitUntil } =>
      typeof (value as { waitUntil?: unknown } | null | undefined)?.waitUntil === 'function',
  );
  // Called on its object: workerd's wants that.
  return having && ((promise) => having.waitUntil(promise));
}
