/** The way of a request: checked, read, handled and answered within the budget. Every door leads here. */

import { clearTimeout, preciseMs, setTimeout, unixS } from '../clock.js';
import { encode } from '../encode.js';
import { tagOf } from '../foreign.js';
import type { NativeReceiver, WebhookNative } from '../native.js';
import { asked, errorHere, errorThrown } from '../records.js';
import { Background, type WaitUntil } from './background.js';
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

/** When a request began, and what keeps its worker alive after the answer. */
export interface Arrival {
  readonly startMs: number;
  readonly waitUntil: WaitUntil | undefined;
}

/** How long an event is remembered, in seconds: the service sends it again within minutes, if at all. */
const REMEMBERED_S = 3600;

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Receives the webhooks of one app. */
export class Intake {
  readonly handlers = new Handlers();
  readonly background: Background;
  readonly #platform: WebhookPlatform;
  readonly #settings: WebhookSettings;
  #native: WebhookNative | undefined;
  #receiver: NativeReceiver | undefined;

  constructor(platform: WebhookPlatform, settings: WebhookSettings) {
    this.#platform = platform;
    this.#settings = settings;
    this.background = new Background(settings.maxQueue);
    const native = platform.native();
    if (native !== undefined) {
      this.#open(native);
    }
  }

  /** The core, if it is loaded. */
  get native(): WebhookNative | undefined {
    return this.#native;
  }

  /** Loads the core. Asked only where `native` gave nothing: a wait for nothing is a microsecond. */
  async load(): Promise<void> {
    const native = await this.#platform.load();
    if (this.#native === undefined) {
      this.#open(native);
    }
  }

  arrival(waitUntil?: WaitUntil): Arrival {
    return { startMs: preciseMs(), waitUntil };
  }

  /** Milliseconds left of a request's budget. */
  leftMs({ startMs }: Arrival): number {
    return Math.max(0, this.#settings.budgetMs - (preciseMs() - startMs));
  }

  /**
   * Checks what is known of a request before its body.
   *
   * @throws WebhookError with the status to answer with.
   */
  check(method: string, contentType: string | undefined, bodyBytes: number | undefined): void {
    asked(() => this.#opened().checkRequest(method, contentType, bodyBytes));
  }

  /** Checks the length of a body so far. */
  checkLength(bytes: number): void {
    this.check('POST', undefined, bytes);
  }

  /** Reads a request, has it handled, and gives the answer. Never fails. */
  take(query: string, body: Uint8Array, arrival: Arrival): WebhookAnswer | Promise<WebhookAnswer> {
    let event: ReceivedEvent;
    try {
      event = new ReceivedEvent(JSON.parse(this.#opened().read(query, body, unixS())));
    } catch (thrown) {
      return this.refuse(thrown);
    }
    if (!this.handlers.has(event.command)) {
      return this.#answer(event, undefined);
    }
    if (event.kind === 'before') {
      return this.#inTime(event, arrival, () => this.#run(event));
    }
    const { waitUntil } = arrival;
    const canGoOn = waitUntil !== undefined || this.#platform.isBoundToRequest !== true;
    if (canGoOn && this.background.offer(() => this.#handleOnce(event), waitUntil)) {
      return this.#answer(event, undefined);
    }
    return this.#inTime(event, arrival, () => this.#handleOnce(event));
  }

  /** The answer to a request that is refused. Its sender gets no reason. */
  refuse(thrown: unknown): WebhookAnswer {
    const error = errorThrown(thrown);
    this.#report(error, { what: 'request' });
    // A body that a parser made of something else than JSON is bad input.
    const status = error.httpStatus ?? (error.kind === 'InvalidInput' ? 400 : 500);
    const headers = status === 405 ? { ...JSON_TYPE, Allow: 'POST' } : JSON_TYPE;
    return { status, headers, body: (this.#native as WebhookNative).webhookRefusal() };
  }

  #open(native: WebhookNative): void {
    const { json, own } = this.#settings;
    this.#receiver = asked(() => native.openReceiver(json, own));
    this.#native = native;
  }

  #opened(): NativeReceiver {
    return this.#receiver as NativeReceiver;
  }

  #run(event: ReceivedEvent): unknown {
    return this.handlers.run(event, (error) => this.#report(error, { what: 'handler', event }));
  }

  /** Gives the answer that the work decides on, or the one for a late handler. */
  #inTime(event: ReceivedEvent, arrival: Arrival, work: () => unknown): WebhookAnswer | Promise<WebhookAnswer> {
    let running: unknown;
    try {
      running = work();
    } catch (thrown) {
      return this.#answerFailed(event, thrown);
    }
    if (typeof (running as PromiseLike<unknown> | null | undefined)?.then !== 'function') {
      return this.#answer(event, running);
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        event.markLate();
        this.#reportLate(event, `the handler takes longer than ${this.#settings.budgetMs} ms`);
        this.background.follow(ended, arrival.waitUntil);
        resolve(this.#answerInstead(event));
      }, this.leftMs(arrival));
      const ended = Promise.resolve(running).then(
        (decision) => {
          clearTimeout(timer);
          if (event.isLate) {
            this.#reportLate(
              event,
              `the handler ended ${Math.round(preciseMs() - arrival.startMs)} ms after the request`,
            );
          } else {
            resolve(this.#answer(event, decision));
          }
        },
        (thrown) => {
          clearTimeout(timer);
          if (event.isLate) {
            this.#report(thrown, { what: 'handler', event });
          } else {
            resolve(this.#answerFailed(event, thrown));
          }
        },
      );
    });
  }

  /** Handles an event whose answer decides nothing, if it was not handled before. Never fails. */
  async #handleOnce(event: ReceivedEvent): Promise<void> {
    if (!(await this.#isNew(event))) {
      return;
    }
    try {
      const decision = await this.#run(event);
      if (decision !== undefined && decision !== null) {
        // For the error, if it is more than an acknowledgement.
        this.#answer(event, decision);
      }
    } catch (thrown) {
      this.#report(thrown, { what: 'handler', event });
    }
  }

  /** Whether the store sees an event for the first time. One that fails does not cost an event. */
  async #isNew(event: ReceivedEvent): Promise<boolean> {
    const { store, sdkAppId } = this.#settings;
    try {
      return store === undefined || (await store.add(`tencent-im:${sdkAppId}:${event.id}`, REMEMBERED_S)) !== false;
    } catch (thrown) {
      this.#report(thrown, { what: 'store', event });
      return true;
    }
  }

  /** The answer of a decision, or if the webhook does not take it, the one for a handler that failed. */
  #answer(event: ReceivedEvent, decision: unknown): WebhookAnswer {
    try {
      return this.#written(event, decision);
    } catch (thrown) {
      this.#report(thrown, { what: 'decision', event });
      return this.#answerInstead(event);
    }
  }

  #answerFailed(event: ReceivedEvent, thrown: unknown): WebhookAnswer {
    this.#report(thrown, { what: 'handler', event });
    return this.#answerInstead(event);
  }

  /** Returns the answer without a decision. If the configured one is not possible, it errs on the safe side. */
  #answerInstead(event: ReceivedEvent): WebhookAnswer {
    if (event.kind !== 'before') {
      return this.#written(event, undefined);
    }
    const wanted: LateAnswer = this.handlers.onLate(event.command) ?? this.#settings.onLate;
    const decision = typeof wanted === 'string' ? { action: wanted } : wanted;
    try {
      return this.#written(event, decision);
    } catch (thrown) {
      this.#report(thrown, { what: 'decision', event });
      return this.#written(event, { action: 'reject' });
    }
  }

  #written({ command, accounts }: ReceivedEvent, decision: unknown): WebhookAnswer {
    const json = this.#decisionJson(command, decision);
    const named = accounts === undefined ? undefined : JSON.stringify(accounts);
    const body = asked(() => (this.#native as WebhookNative).answerWebhook(command, named, json));
    return { status: 200, headers: JSON_TYPE, body };
  }

  /** A decision as the core reads it. */
  #decisionJson(operation: string, decision: unknown): string {
    if (decision === undefined || decision === null) {
      return '{"action":"allow"}';
    }
    const invalid = { kind: 'InvalidInput', operation } as const;
    const fields = decision as { action?: unknown; results?: unknown };
    if (typeof fields.action !== 'string') {
      const message = `the handler returned ${typeof decision === 'object' ? `a ${tagOf(decision)}` : typeof decision}`;
      throw errorHere({ ...invalid, message, cure: "return allow(), reject(code, 'why') or nothing" });
    }
    if (fields.action !== 'decide') {
      return encode(decision, invalid);
    }
    return encode({ action: 'decide', results: this.#results(operation, fields.results) }, invalid);
  }

  /** The decisions about accounts as a list. */
  #results(operation: string, results: unknown): object[] {
    if (typeof results !== 'object' || results === null) {
      const cure = 'write decide({ bob: reject(38001), carol: allow() })';
      throw errorHere({ kind: 'InvalidInput', operation, path: 'results', message: 'not an object', cure });
    }
    return Object.entries(results).map(([account, decided]) => {
      const { action, code, info } = (decided ?? {}) as { action?: unknown; code?: unknown; info?: unknown };
      if (action !== 'allow' && action !== 'reject') {
        const path = `results.${account.slice(0, 64)}`;
        throw errorHere({
          kind: 'InvalidInput',
          operation,
          path,
          message: 'neither allow nor reject',
          cure: 'use one of them',
        });
      }
      return action === 'allow' ? { account, code: 0 } : { account, code: code ?? this.#firstCode(operation), info };
    });
  }

  /** The first code of the app's own. */
  #firstCode(command: string): number | undefined {
    return facts(this.#native as WebhookNative).get(command)?.codes?.[0];
  }

  #reportLate(event: ReceivedEvent, message: string): void {
    const cure = 'decide faster, or hand the work to a queue; event.signal tells the handler to stop';
    const cause = 'the service waits for 2 seconds, so the answer went out without the handler';
    const error = errorHere({ kind: 'Timeout', operation: event.command, message, cause, cure });
    this.#report(error, { what: 'late', event });
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

/** What there is to know of a webhook. */
export interface WebhookFacts {
  /** Its name. */
  readonly command: string;
  /** When it fires. */
  readonly kind: 'before' | 'after' | 'alert' | 'bot';
  /** What an answer can do. */
  readonly actions: readonly string[];
  /** The first and the last code of the app's own; null if there are none. */
  readonly codes: readonly [number, number] | null;
  /** The vendor's page. */
  readonly docUrl: string;
}

let known: { native: WebhookNative; facts: Map<string, WebhookFacts> } | undefined;

/** Every webhook by its command. */
export function facts(native: WebhookNative): Map<string, WebhookFacts> {
  if (known?.native !== native) {
    const list = JSON.parse(native.listWebhooks()) as WebhookFacts[];
    known = { native, facts: new Map(list.map((webhook) => [webhook.command, webhook])) };
  }
  return known.facts;
}
