/** The way of a request: checked, read, handled and answered within the budget. Every door leads here. */

import { preciseMs, unixS } from '../clock.js';
import type { NativeReceiver, WebhookNative } from '../native.js';
import { asked, errorHere, errorThrown } from '../records.js';
import { Answers } from './answers.js';
import { Background, type WaitUntil } from './background.js';
import { Deadlines, type Wait } from './deadlines.js';
import { ReceivedEvent } from './event.js';
import { Handlers, type LateAnswer } from './handlers.js';
import type { WebhookFault, WebhookSettings } from './options.js';

/** How the core is reached. */
export interface WebhookPlatform {
  /** The core, loaded now if that can be done at once; nothing where it must be waited for. */
  native(): WebhookNative | undefined;
  /** Loads the core. Asked only where `native` gave nothing. */
  load(): Promise<WebhookNative>;
  /** Whether nothing goes on after an answer unless `waitUntil` is told of it, as in workerd. */
  readonly isBoundToRequest?: boolean;
}

/** What to send back. */
export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Takes the answer to a request. */
export type Reply = (answer: WebhookAnswer) => void;

/** When a request began, and what keeps its worker alive after the answer. */
export interface Arrival {
  readonly startMs: number;
  /** Returns false if it refused. */
  readonly waitUntil: ((promise: Promise<unknown>) => boolean) | undefined;
}

/** The core, once it is loaded. */
interface Core {
  readonly native: WebhookNative;
  readonly receiver: NativeReceiver;
  readonly answers: Answers;
}

/** How long an event is remembered, in seconds: the service sends it again within minutes, if at all. */
const REMEMBERED_S = 3600;

/** What a store says of a key that it has: `SET NX` of Redis gives null, `SADD` 0. Of undefined, nobody said anything. */
const SEEN: ReadonlySet<unknown> = new Set([false, null, 0]);

/** An answer. Its headers are its own, for programs that add to them. */
function answerOf(status: number, body: string): WebhookAnswer {
  return { status, headers: { 'Content-Type': 'application/json' }, body };
}

/** Receives the webhooks of one app. */
export class Intake {
  readonly handlers = new Handlers();
  readonly background: Background;
  readonly #platform: WebhookPlatform;
  readonly #settings: WebhookSettings;
  readonly #deadlines: Deadlines;
  #core: Core | undefined;
  /**
   * What passed the last check. The service's requests are alike, and the core says of the same the same: asking it takes
   * half a microsecond (the rows of servers in `make bench-webhooks`).
   */
  #passed: { method: string; contentType: string | undefined; bodyBytes: number } | undefined;

  constructor(platform: WebhookPlatform, settings: WebhookSettings) {
    this.#platform = platform;
    this.#settings = settings;
    this.background = new Background(settings.maxQueue);
    this.#deadlines = new Deadlines(settings.budgetMs, platform.isBoundToRequest === true);
    const native = platform.native();
    if (native !== undefined) {
      this.#open(native);
    }
  }

  /** The core, if it is loaded. */
  get native(): WebhookNative | undefined {
    return this.#core?.native;
  }

  /** Loads the core. Asked only where `native` gave nothing: a wait for nothing is a microsecond. */
  async load(): Promise<void> {
    const native = await this.#platform.load();
    if (this.#core === undefined) {
      this.#open(native);
    }
  }

  /** Receives a request, once the core is loaded, and gives what `use` makes of its answer. Fails only as `use` does. */
  answered<T>(receive: (reply: Reply) => void, use: (answer: WebhookAnswer) => T): Promise<T> {
    const begin = () =>
      new Promise<T>((resolve, reject) => {
        receive((answer) => {
          try {
            resolve(use(answer));
          } catch (thrown) {
            reject(thrown);
          }
        });
      });
    return this.#core === undefined ? this.load().then(begin) : begin();
  }

  arrival(waitUntil?: WaitUntil): Arrival {
    return { startMs: preciseMs(), waitUntil: waitUntil && ((promise) => this.#keepAlive(waitUntil, promise)) };
  }

  /** Begins a wait that lasts as long as a request's budget. */
  wait({ startMs }: Arrival, onDue: () => void): Wait {
    return this.#deadlines.begin(startMs + this.#settings.budgetMs, onDue);
  }

  /**
   * Checks what is known of a request before its body.
   *
   * @throws WebhookError with the status to answer with.
   */
  check(method: string, contentType: string | undefined, bodyBytes = 0): void {
    const passed = this.#passed;
    if (method === passed?.method && contentType === passed.contentType && bodyBytes <= passed.bodyBytes) {
      return;
    }
    asked(() => this.#opened.receiver.checkRequest(method, contentType, bodyBytes));
    this.#passed = { method, contentType, bodyBytes: Math.max(bodyBytes, passed?.bodyBytes ?? 0) };
  }

  /** Checks the length of a body so far. */
  checkLength(bytes: number): void {
    this.check('POST', this.#passed?.contentType, bytes);
  }

  /**
   * Reads a request, has it handled, and replies once. Never fails.
   *
   * By a callback: a promise for each step would be half of what an event leaves to the garbage collector (the rows of servers
   * in `make bench-webhooks`).
   */
  take(query: string, body: Uint8Array, arrival: Arrival, reply: Reply): void {
    try {
      this.#handle(new ReceivedEvent(JSON.parse(this.#opened.receiver.read(query, body, unixS()))), arrival, reply);
    } catch (thrown) {
      reply(this.refuse(thrown));
    }
  }

  /** The answer to a request that is refused. Its sender gets no reason. */
  refuse(thrown: unknown): WebhookAnswer {
    const error = errorThrown(thrown);
    this.#report(error, { what: 'request' });
    // A body that a parser made of something else than JSON is bad input.
    const status = error.httpStatus ?? (error.kind === 'InvalidInput' ? 400 : 500);
    const answer = answerOf(status, this.#opened.native.webhookRefusal());
    if (status === 405) {
      answer.headers.Allow = 'POST';
    }
    return answer;
  }

  #open(native: WebhookNative): void {
    const { json, own } = this.#settings;
    const receiver = asked(() => native.openReceiver(json, own));
    this.#core = { native, receiver, answers: new Answers(native) };
  }

  /** Every door has loaded it by now. */
  get #opened(): Core {
    return this.#core as Core;
  }

  #handle(event: ReceivedEvent, arrival: Arrival, reply: Reply): void {
    const { waitUntil } = arrival;
    if (!this.handlers.has(event.command)) {
      reply(this.#answer(event, undefined));
    } else if (event.kind === 'before') {
      this.#decide(event, arrival, reply);
    } else if (
      (waitUntil !== undefined || this.#platform.isBoundToRequest !== true) &&
      this.background.offer(() => this.#handleOnce(event), waitUntil)
    ) {
      reply(this.#answer(event, undefined));
    } else {
      this.#replyInTime(event, this.#handleOnce(event), arrival, reply);
    }
  }

  #decide(event: ReceivedEvent, arrival: Arrival, reply: Reply): void {
    let running: unknown;
    let isPending: boolean;
    try {
      const follow = (rest: Promise<unknown>) => this.background.follow(rest, arrival.waitUntil);
      running = this.handlers.run(event, this.#reportHandler, follow);
      isPending = typeof (running as PromiseLike<unknown> | null | undefined)?.then === 'function';
    } catch (thrown) {
      // The handler, or a getter of what it returned.
      reply(this.#answerFailed(event, thrown));
      return;
    }
    if (isPending) {
      this.#replyInTime(event, running, arrival, reply);
      return;
    }
    reply(this.#answer(event, running));
    const passedMs = Math.round(preciseMs() - arrival.startMs);
    if (passedMs > this.#settings.budgetMs) {
      this.#reportLate(event, `the handler held everything up for ${passedMs} ms`);
    }
  }

  /** Replies with what a handler decides, or if it is late, with the answer for that. */
  #replyInTime(event: ReceivedEvent, running: unknown, arrival: Arrival, reply: Reply): void {
    const wait = this.wait(arrival, () => {
      event.markLate();
      this.#reportLate(event, `the handler takes longer than ${this.#settings.budgetMs} ms`);
      this.background.follow(ended, arrival.waitUntil);
      reply(this.#answerInstead(event));
    });
    const ended = Promise.resolve(running).then(
      (decision) => {
        if (wait.end()) {
          reply(this.#answer(event, decision));
        } else {
          const passedMs = Math.round(preciseMs() - arrival.startMs);
          this.#reportLate(event, `the handler ended ${passedMs} ms after the request`);
        }
      },
      (thrown) => {
        if (wait.end()) {
          reply(this.#answerFailed(event, thrown));
        } else {
          this.#reportHandler(thrown, event);
        }
      },
    );
  }

  /** Handles an event whose answer decides nothing, if it was not handled before. Never fails. */
  async #handleOnce(event: ReceivedEvent): Promise<void> {
    if (!(await this.#isNew(event))) {
      return;
    }
    try {
      let rest: Promise<unknown> | undefined;
      const decision = await this.handlers.run(event, this.#reportHandler, (others) => {
        rest = others;
      });
      await rest;
      if (decision !== undefined && decision !== null) {
        // For the error, if it is more than an acknowledgement.
        this.#answer(event, decision);
      }
    } catch (thrown) {
      this.#reportHandler(thrown, event);
    }
  }

  /** Whether the store sees an event for the first time. One that fails does not cost an event. */
  async #isNew(event: ReceivedEvent): Promise<boolean> {
    const { store, sdkAppId } = this.#settings;
    try {
      return store === undefined || !SEEN.has(await store.add(`tencent-im:${sdkAppId}:${event.id}`, REMEMBERED_S));
    } catch (thrown) {
      this.#report(thrown, { what: 'store', event });
      return true;
    }
  }

  /** Returns the answer of a decision, or if the webhook does not take it, the one for a handler that failed. Never fails. */
  #answer(event: ReceivedEvent, decision: unknown): WebhookAnswer {
    try {
      return this.#written(event, decision);
    } catch (thrown) {
      this.#report(thrown, { what: 'decision', event });
      return this.#answerInstead(event);
    }
  }

  #answerFailed(event: ReceivedEvent, thrown: unknown): WebhookAnswer {
    this.#reportHandler(thrown, event);
    return this.#answerInstead(event);
  }

  /** Returns the answer without a decision. If the configured one is not possible, it errs on the safe side. Never fails. */
  #answerInstead(event: ReceivedEvent): WebhookAnswer {
    const { kind, command } = ReceivedEvent.recordOf(event);
    const isBefore = kind === 'before';
    const wanted: LateAnswer = this.handlers.onLate(command) ?? this.#settings.onLate;
    try {
      return this.#written(event, isBefore ? (typeof wanted === 'string' ? { action: wanted } : wanted) : undefined);
    } catch (thrown) {
      this.#report(thrown, { what: 'decision', event });
    }
    try {
      return this.#written(event, isBefore ? { action: 'reject' } : undefined);
    } catch (thrown) {
      // The core is broken.
      return this.refuse(thrown);
    }
  }

  #written(event: ReceivedEvent, decision: unknown): WebhookAnswer {
    return answerOf(200, this.#opened.answers.body(ReceivedEvent.recordOf(event), decision));
  }

  readonly #reportHandler = (error: unknown, event: ReceivedEvent) => this.#report(error, { what: 'handler', event });

  #reportLate(event: ReceivedEvent, message: string): void {
    const cure = 'decide faster, or hand the work to a queue; event.signal tells the handler to stop';
    const cause = 'the service waits for 2 seconds and goes on without the handler';
    const operation = ReceivedEvent.recordOf(event).command;
    const error = errorHere({ kind: 'Timeout', operation, message, cause, cure });
    this.#report(error, { what: 'late', event });
  }

  /** Keeps the worker alive. A function that has lost its object, or whose request is over, throws. */
  #keepAlive(waitUntil: WaitUntil, promise: Promise<unknown>): boolean {
    try {
      waitUntil(promise);
      return true;
    } catch (thrown) {
      this.#report(thrown, { what: 'waitUntil' });
      return false;
    }
  }

  /** Tells the app. What its own function throws must not reach a request. */
  #report(error: unknown, fault: WebhookFault): void {
    const failed = (thrown: unknown) => console.error('tencent-im: onError of the webhooks failed:', thrown);
    try {
      const told = this.#settings.onError(error, fault) as PromiseLike<unknown> | null | undefined;
      if (typeof told?.then === 'function') {
        Promise.resolve(told).catch(failed);
      }
    } catch (thrown) {
      failed(thrown);
    }
  }
}
