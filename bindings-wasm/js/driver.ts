/**
 * Carries out what the core's machine of a call says, step by step: sends, waits, reports. All policy (retries, rate
 * limits, deadlines, what a failure means) belongs to the core; nothing of it may move here.
 *
 * The core is asked only when what it says can be done at once: if the transport carries a limited number of requests,
 * a call takes a place first.
 */

import { type Abortable, forget, watch } from './abort.js';
import { clearTimeout, monoMs, preciseMs, queueMicrotask, setTimeout, unixMs } from './clock.js';
import { CallCancelledError, TencentImError } from './errors.js';
import type { EventTap } from './events.js';
import type { NativeClient } from './native.js';
import type { QueueEntry, Waiter } from './places.js';
import { errorHere, errorOfJson, errorThrown } from './records.js';
import { readStep, type Send, type Step } from './steps.js';
import { type Attempt, faultOf, type Receiver, type Transport, TransportFault } from './transport.js';

/** Longest delay that a timer accepts, in milliseconds. A longer one would fire at once. */
export const MAX_DELAY_MS = 0x7fff_ffff;

/** What all calls of a client share. */
export interface CallContext {
  client: NativeClient;
  transport: Transport;
  events: EventTap;
  /** The `Date` header of the last reply. */
  lastDate: string | undefined;
}

/** The client that a call belongs to. */
export interface CallOwner {
  /** Loads the core. Returns nothing if it is loaded already. */
  load(): Promise<unknown> | undefined;
  /** Returns the context of the calls. Asked once the core is loaded. */
  context(): CallContext;
  /** So many calls left the queue of a rate limit that the others should look again. */
  moved(): void;
  /** The call has ended. */
  ended(call: RunningCall): void;
}

/**
 * Where a call stands:
 *
 *     loading ──► asking ──► sent ──► asking ──► ended
 *                  │  ▲
 *                  ▼  │
 *           asleep or queued
 *
 * Every state but `asking` may go to `ended` when the caller aborts. An abort while `asking` is noted and acted on as
 * soon as the core, the hook or the transport has returned.
 */
type State =
  /** Waits for the core to be loaded. */
  | 'loading'
  /** The core, an event hook or the transport is at work, further up the stack. */
  | 'asking'
  /** An attempt is out; its timer is set. */
  | 'sent'
  /** Waits until a time that the core named. */
  | 'asleep'
  /** Waits for a place, at most until its deadline. */
  | 'queued'
  | 'ended';

/**
 * One call from beginning to end, with one promise for all of it: what happens in between are plain method calls. None
 * of them throws; the promise tells everything.
 *
 * The state is a word and the data of the states are fields, so that a step allocates nothing.
 */
export class RunningCall implements Abortable, Receiver, Waiter {
  /** Its index in the owner's list. */
  index: number;
  /** When its timer fires, on the monotonic clock. */
  dueMs = 0;
  readonly #owner: CallOwner;
  readonly #op: string;
  readonly #signal: AbortSignal | undefined;
  #state: State = 'loading';
  #context: CallContext | undefined;
  /** The call's number in the core. */
  #id = 0;
  #attempts = 0;
  /** The attempt that is out, while `sent`. */
  #attempt: Attempt | undefined;
  /** Its entry in the queue, while `queued`. */
  #entry: QueueEntry | undefined;
  /** The timer of `sent`, `asleep` and `queued`. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether it holds one of the transport's places, which it then has to give back. Always true while `sent`. */
  #hasPlace = false;
  /** The caller's wish to end it. */
  #aborted: { reason: unknown } | undefined;
  /** Settles the promise. Not there until `begin` has made that. */
  #resolve: ((outcome: unknown) => void) | undefined;
  /** The outcome of a call that ended before. */
  #early: (() => unknown) | undefined;

  constructor(owner: CallOwner, op: string, signal: AbortSignal | undefined, index: number) {
    this.index = index;
    this.#owner = owner;
    this.#op = op;
    this.#signal = signal;
  }

  /**
   * Begins the call, with texts in the form that the core takes. Returns the promise of its result, or the outcome
   * itself if the call ended at once. The caller of this method runs that: the stack of an error made there is short
   * enough to name the line of the program.
   */
  begin(input: string, options: string | undefined): Promise<unknown> | (() => unknown) {
    return this.#beginWith(() => this.#start(input, options));
  }

  /** Begins a call that the core has made already, such as a batch of a run. The rest is as with {@link begin}. */
  adopt(id: number): Promise<unknown> | (() => unknown) {
    this.#id = id;
    return this.#beginWith(() => this.#join());
  }

  #beginWith(start: () => void): Promise<unknown> | (() => unknown) {
    if (this.#signal?.aborted) {
      this.abort(this.#signal.reason);
    } else {
      if (this.#signal !== undefined) {
        watch(this.#signal, this);
      }
      const loading = this.#owner.load();
      if (loading === undefined) {
        start();
      } else {
        loading.then(start, (thrown: unknown) => this.#fail(() => thrown));
      }
    }
    return (
      this.#early ??
      new Promise((resolve) => {
        this.#resolve = resolve;
      })
    );
  }

  /** Asks again before the time that it was told: its turn may come earlier. */
  lookAgain(): void {
    if (this.#state === 'asleep') {
      clearTimeout(this.#timer);
      this.#wake();
    }
  }

  onPlace(): void {
    clearTimeout(this.#timer);
    this.#entry = undefined;
    this.#hasPlace = true;
    this.#poll();
  }

  /** Ends the call for the caller, at once. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    if (this.#state !== 'asking') {
      this.#giveUp();
    }
  }

  onReply(
    status: number,
    date: string | undefined,
    body: string,
    retryAfter: string | undefined,
    encoding: string | undefined,
  ): void {
    if (this.#state !== 'sent') {
      return;
    }
    this.#endAttempt();
    const context = this.#context as CallContext;
    // The core has heard this second already: there is nothing to learn from it.
    const newDate = date === context.lastDate ? undefined : date;
    context.lastDate = date;
    this.#ask((client) => client.onReply(this.#id, status, newDate, body, monoMs(), unixMs(), retryAfter, encoding));
  }

  onFault(thrown: unknown): void {
    if (this.#state !== 'sent') {
      return;
    }
    this.#endAttempt();
    this.#ask((client) => {
      const { kind, detail } = faultOf(thrown);
      return client.onFailure(this.#id, kind, detail, monoMs(), unixMs());
    });
  }

  #start(input: string, options: string | undefined): void {
    // The caller may have aborted it while the core was loaded.
    if (this.#state === 'ended') {
      return;
    }
    const events = this.#enter()?.events;
    if (events === undefined) {
      return;
    }
    this.#takePlace();
    this.#ask((client) => {
      events.adjust(client);
      return this.#hasPlace
        ? client.start(this.#op, input, options, monoMs(), unixMs())
        : client.register(this.#op, input, options, monoMs(), unixMs());
    });
  }

  /** Takes up a call that the core has made already. */
  #join(): void {
    const context = this.#enter();
    if (context !== undefined) {
      context.events.adjust(context.client);
      this.#wake();
    }
  }

  /** Takes the context of the client's calls. Without one, the call fails. */
  #enter(): CallContext | undefined {
    try {
      this.#context = this.#owner.context();
    } catch (thrown) {
      this.#fail(() => thrown);
    }
    return this.#context;
  }

  #poll(): void {
    this.#ask((client) => client.poll(this.#id, monoMs(), unixMs()));
  }

  /** Asks the core for the next step and takes it. */
  #ask(question: (client: NativeClient) => string): void {
    const { client, events } = this.#context as CallContext;
    this.#state = 'asking';
    try {
      const step = readStep(question(client));
      this.#id = step.id || this.#id;
      // The step may have noted events. A hook may abort the call.
      events.drain(client);
      this.#take(step);
    } catch (thrown) {
      this.#break(thrown);
    }
    if (this.#aborted !== undefined) {
      this.#giveUp();
    }
  }

  #take({ result, error, send, waitUntilMs }: Step): void {
    if (result !== undefined) {
      this.#end(JSON.parse(result));
    } else if (error !== undefined) {
      this.#fail(() => errorOfJson(error));
    } else if (this.#aborted === undefined) {
      if (send !== undefined) {
        this.#send(send);
      } else if (this.#hasPlace) {
        this.#sleepUntil(waitUntilMs ?? 0);
      } else {
        this.#queueUntil(waitUntilMs ?? 0);
      }
    }
  }

  /** Sends once. The timer ends it, whatever the transport does. */
  #send(request: Send): void {
    this.#attempts++;
    this.#setTimer(request.timeoutMs, () => this.onFault(this.#attempt?.stop() ?? new TransportFault('timeout', '')));
    try {
      this.#attempt = (this.#context as CallContext).transport.send(request, this);
    } catch (thrown) {
      queueMicrotask(() => this.#sendFailed(thrown));
    }
    this.#state = 'sent';
  }

  /** The transport could not even begin. A retry does not help against wrong settings. */
  #sendFailed(thrown: unknown): void {
    if (this.#state !== 'sent' || !(thrown instanceof TencentImError)) {
      this.onFault(thrown);
      return;
    }
    this.#endAttempt();
    this.#context?.client.cancel(this.#id);
    this.#fail(() => thrown);
  }

  #endAttempt(): void {
    clearTimeout(this.#timer);
    this.#attempt = undefined;
  }

  /** Waits for a time of the monotonic clock, without a place. */
  #sleepUntil(untilMs: number): void {
    this.#setTimer(untilMs - preciseMs(), () => this.#wake());
    this.#state = 'asleep';
    this.#givePlace();
  }

  #wake(): void {
    this.#takePlace();
    if (this.#hasPlace) {
      this.#poll();
    } else {
      this.#ask((client) => client.hold(this.#id));
    }
  }

  /** Waits for a place, at most until the deadline. */
  #queueUntil(untilMs: number): void {
    this.#entry = this.#context?.transport.places?.wait(this);
    this.#setTimer(untilMs - preciseMs(), () => this.#expire());
    this.#state = 'queued';
  }

  #expire(): void {
    this.#ask((client) => client.expire(this.#id));
    this.#tellMoved();
  }

  /** Sets the timer of the state: at least a tick, at most what a timer accepts. */
  #setTimer(delayMs: number, onTime: () => void): void {
    const delay = Math.min(Math.max(1, Math.ceil(delayMs)), MAX_DELAY_MS);
    this.dueMs = monoMs() + delay;
    this.#timer = setTimeout(onTime, delay);
  }

  #takePlace(): void {
    const places = (this.#context as CallContext).transport.places;
    this.#hasPlace = places === undefined || places.take();
  }

  #givePlace(): void {
    if (this.#hasPlace) {
      this.#hasPlace = false;
      this.#context?.transport.places?.give();
    }
  }

  /** The end of this call may have moved the others up. */
  #tellMoved(): void {
    if (this.#context?.client.takeMoved()) {
      this.#owner.moved();
    }
  }

  /** Ends the call because the caller aborted it. */
  #giveUp(): void {
    if (this.#state === 'ended') {
      return;
    }
    const attempt = this.#attempt;
    try {
      const record = this.#context?.client.cancel(this.#id);
      const reason = this.#aborted?.reason;
      this.#fail(() => cancelled(record, this.#op, reason));
      this.#tellMoved();
      this.#context?.events.drain(this.#context.client);
    } catch (thrown) {
      this.#break(thrown);
    }
    attempt?.stop();
  }

  /** The core broke. Once something was sent, that must not look harmless. */
  #break(thrown: unknown): void {
    const facts = { operation: this.#op, attempts: this.#attempts, maybeApplied: this.#attempts > 0 };
    this.#fail(() => errorThrown(thrown, facts));
  }

  /** Ends the call with an error. It is made when it is thrown: its stack then names who awaits the call. */
  #fail(make: () => unknown): void {
    if (this.#resolve !== undefined) {
      this.#end(rejected(make));
    } else if (this.#state !== 'ended') {
      this.#early = () => {
        throw make();
      };
      this.#end(undefined);
    }
  }

  #end(outcome: unknown): void {
    if (this.#state === 'ended') {
      return;
    }
    this.#state = 'ended';
    clearTimeout(this.#timer);
    if (this.#entry !== undefined) {
      this.#context?.transport.places?.leave(this.#entry);
    }
    this.#givePlace();
    if (this.#signal !== undefined) {
      forget(this.#signal, this);
    }
    if (this.#resolve === undefined) {
      this.#early ??= () => outcome;
    } else {
      this.#resolve(outcome);
    }
    this.#owner.ended(this);
  }
}

/**
 * Rejects after two turns of the microtasks. Not for speed: by then the caller's promise follows this one, and V8 finds
 * the function that awaits it for the stack of the error.
 */
async function rejected(make: () => unknown): Promise<never> {
  await undefined;
  await undefined;
  throw make();
}

/** The error of a call, or a run, that its caller cancelled. */
export function cancelled(record: string | null | undefined, operation: string, reason: unknown): Error {
  const error =
    record === undefined || record === null
      ? errorHere({ kind: 'Cancelled', operation, message: 'the call was cancelled' })
      : errorOfJson(record);
  if (error instanceof CallCancelledError) {
    Object.defineProperty(error, 'reason', { value: reason, configurable: true });
  }
  return error;
}
