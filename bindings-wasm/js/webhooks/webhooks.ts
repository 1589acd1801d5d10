/** The receiver of webhooks that programs use. */

import { asked, errorHere } from '../records.js';
import type { Command } from './event.js';
import { facts } from './facts.js';
import { answerRequest, type PlatformResponse, type RequestLike } from './fetch_door.js';
import type { AnyHandler, Handler, HandlerOptions, Run } from './handlers.js';
import { Intake, type WebhookAnswer, type WebhookPlatform } from './intake.js';
import {
  addFastifyRoute,
  answerNode,
  type FastifyLike,
  type FastifyOptions,
  type NodeRequest,
  type NodeResponse,
} from './node_door.js';
import { readHandlerOptions, readWebhookSettings, type WebhooksOptions } from './options.js';
import { type Query, type ReceiveOptions, receive } from './receive.js';

/** Receives the webhooks of one app: the exported `Webhooks` are made from this. */
export class BaseWebhooks {
  readonly #intake: Intake;

  constructor(platform: WebhookPlatform, options: WebhooksOptions = {}) {
    this.#intake = new Intake(platform, readWebhookSettings(platform.native(), options));
  }

  /**
   * Handles the events of a webhook. Where the answer decides, there is one handler; where it only acknowledges, there may
   * be several.
   *
   * @throws ConfigError for a name that no webhook has.
   */
  on<Name extends Command>(command: Name, handler: Handler<Name>, options: HandlerOptions<Name> = {}): this {
    checkHandler(handler);
    if (typeof command !== 'string') {
      const cure = "write hooks.on('C2C.CallbackBeforeSendMsg', (event) => allow())";
      throw errorHere({ kind: 'Config', path: 'command', message: 'not the name of a webhook', cure });
    }
    const { native, handlers } = this.#intake;
    if (native !== undefined) {
      asked(() => native.checkWebhook(command));
      if (facts(native).get(command)?.kind === 'before' && handlers.hasOwn(command)) {
        const cure = 'decide in one handler';
        throw errorHere({ kind: 'Config', path: command, message: 'the webhook has a handler already', cure });
      }
    }
    // The event is of this webhook, and so is what the handler takes.
    handlers.add(command, handler as unknown as Run, readHandlerOptions(options));
    return this;
  }

  /** Handles the events of every webhook, also of those that this version does not know, beside their own handlers. */
  onAny(handler: AnyHandler): this {
    checkHandler(handler);
    this.#intake.handlers.addAny(handler as Run);
    return this;
  }

  /**
   * Answers a `Request`, in workers, Hono, Next.js, Deno and Bun. It needs no `this`.
   *
   * Of what a runtime passes beside the request, one with `waitUntil` keeps the worker alive while events are handled after
   * their answer. Where there is none and the runtime needs it, they are handled before.
   */
  readonly fetch = (request: RequestLike, ...context: unknown[]): Promise<PlatformResponse> =>
    answerRequest(this.#intake, request, context);

  /** Answers a request of Node's own server, of Express or of Connect, with or without a body parser before. It needs no `this`. */
  readonly node = (request: NodeRequest, response: NodeResponse, _next?: unknown): Promise<void> =>
    answerNode(this.#intake, request, response);

  /** Plugin for Fastify: `app.register(hooks.fastify, { prefix: '/im' })`. It needs no `this`. */
  readonly fastify = async (instance: FastifyLike, options: FastifyOptions = {}): Promise<void> =>
    addFastifyRoute(this.#intake, instance, options);

  /**
   * Answers a request that came any other way. The body is bytes, text, text in base64, or what was read of its JSON.
   *
   * @throws InvalidInputError for a query that is none.
   */
  receive(query: Query, body: unknown, options?: ReceiveOptions): Promise<WebhookAnswer> {
    return receive(this.#intake, query, body, options);
  }

  /** Waits until no event is handled in the background: before a program ends. */
  idle(): Promise<void> {
    return this.#intake.background.idle();
  }
}

function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') {
    const cure = "write hooks.on('C2C.CallbackBeforeSendMsg', (event) => allow())";
    throw errorHere({ kind: 'Config', path: 'handler', message: 'not a function', cure });
  }
}
