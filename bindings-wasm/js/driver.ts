/**
 * Carries out what the core's machine of a call says, step by step: sends, waits, reports. All policy (retries, pacing,
 * deadlines, what a failure means) is the machine's. It is asked only when what it says can be done at once: where the
 * transport carries a bounded number of requests, a call takes a place first.
 */

import { type Abortee, forget, watch } from './abort.js';
import { clearTimeout, monoMs, preciseMs, queueMicrotask, setTimeout, unixMs } from './clock.js';
import { random32 } from './entropy.js';
import { CallCancelledError, TencentImError } from './errors.js';
import type { EventTap } from './events.js';
import type { NativeClient } from './native.js';
import type { Taker, Waiting } from './places.js';
import { errorHere, errorOfJson, errorThrown } from './records.js';
import { readStep, type Send, type Step } from './steps.js';
import { type Attempt, faultOf, type Receiver, type Transport, TransportFault } from './transport.js';

/** Longest delay a timer takes, in milliseconds; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fff_ffff;

/** What the calls of a client have in common. */
export interface Means {
  client: NativeClient;
  transport: Transport;
  events: EventTap;
  /** The `Date` header of the last answer. */
  lastDate: string | undefined;
}

/** Whose call it is. */
export interface Home {
  /** Loads the core; nothing where it is there already. */
  load(): Promise<unknown> | undefined;
  /** What calls are made with, when the core is there. */
  means(): Means;
  /** So many calls left the queue of the pace that the others are to look again. */
  moved(): void;
  /** The call has ended. */
  ended(call: RunningCall): void;
}

/**
 * One call from its beginning to its end, with one promise for all of it: what happens in between are plain calls of
 * its methods. None of them throws, whatever happens is told by the promise.
 */
export class RunningCall implements Abortee, Receiver, Taker {
  /** Where its home keeps it. */
  place: number;
  /** The result, or the error. */
  readonly promise: Promise<unknown>;
  readonly #home: Home;
  readonly #op: string;
  readonly #signal: AbortSignal | undefined;
  #resolve!: (outcome: unknown) => void;
  #means: Means | undefined;
  /** The call's number in the core. */
  #id = 0;
  #attempts = 0;
  #attempt: Attempt | undefined;
  /** It may send: it has one of the transport's places, or that has any number. */
  #hasPlace = false;
  /** Its place in the queue for one. */
  #waiting: Waiting | undefined;
  /** The end of the try, of the pause, or of the time in the queue. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsleep = false;
  #aborted: { reason: unknown } | undefined;
  /** The core, a hook or the transport is at work: an abort waits until that has returned. */
  #isBusy = false;
  #isOver = false;
  #hasBegun = false;
  #refusal: (() => unknown) | undefined;

  constructor(home: Home, op: string, signal: AbortSignal | undefined, place: number) {
    this.place = place;
    this.#home = home;
    this.#op = op;
    this.#signal = signal;
    this.promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /**
   * Begins it, with texts as the core takes them. Where it ends in that very moment with an error this gives what makes
   * the error, and the promise is of no use: made by the caller, its stack is short enough to say who called.
   */
  begin(input: string, options: string | undefined): (() => unknown) | undefined {
    if (this.#signal?.aborted) {
      this.abort(this.#signal.reason);
      return this.#refusal;
    }
    if (this.#signal !== undefined) {
      watch(this.#signal, this);
    }
    const loading = this.#home.load();
    if (loading === undefined) {
      this.#start(input, options);
    } else {
      loading.then(
        () => this.#start(input, options),
        (thrown: unknown) => this.#fail(() => thrown),
      );
    }
    this.#hasBegun = true;
    return this.#refusal;
  }

  /** Its turn may come earlier than it was told. */
  lookAgain(): void {
    if (this.#isAsleep) {
      clearTimeout(this.#timer);
      this.#wake();
    }
  }

  onPlace(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#hasPlace = true;
    this.#poll();
  }

  /** Ends it at the caller's wish, at once. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#giveUpIfAborted();
  }

  onReply(
    status: number,
    date: string | undefined,
    body: string,
    retryAfter: string | undefined,
    encoding: string | undefined,
  ): void {
    this.#endTry();
    const means = this.#means as Means;
    // The core has heard this second already: nothing is to be learnt from it.
    const news = date === means.lastDate ? undefined : date;
    means.lastDate = date;
    this.#go((client) =>
      client.onReply(this.#id, status, news, body, monoMs(), unixMs(), random32(), random32(), retryAfter, encoding),
    );
  }

  onFault(thrown: unknown): void {
    this.#endTry();
    this.#go((client) => {
      const { kind, detail } = faultOf(thrown);
      return client.onFailure(this.#id, kind, detail, monoMs(), unixMs(), random32(), random32());
    });
  }

  #start(input: string, options: string | undefined): void {
    // It may have been cancelled while the core was loaded.
    if (this.#isOver) {
      return;
    }
    try {
      this.#means = this.#home.means();
    } catch (thrown) {
      this.#fail(() => thrown);
      return;
    }
    const { events } = this.#means;
    this.#takePlace();
    this.#go((client) => {
      events.adjust(client);
      return this.#hasPlace
        ? client.start(this.#op, input, options, monoMs(), unixMs(), random32(), random32())
        : client.register(this.#op, input, options, monoMs(), unixMs(), random32(), random32());
    });
  }

  #poll(): void {
    this.#go((client) => client.poll(this.#id, monoMs(), unixMs(), random32(), random32()));
  }

  /** Asks the core for the next step and takes it. */
  #go(ask: (client: NativeClient) => string): void {
    const { client, events } = this.#means as Means;
    this.#isBusy = true;
    try {
      const step = readStep(ask(client));
      this.#id = step.id || this.#id;
      // The step may have noted events.
      events.drain(client);
      this.#take(step);
    } catch (thrown) {
      this.#break(thrown);
    }
    this.#isBusy = false;
    this.#giveUpIfAborted();
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

  /** Sends once. It ends in time, whatever the transport does. */
  #send(request: Send): void {
    this.#attempts++;
    const outOfTime = () => this.onFault(this.#attempt?.stop() ?? new TransportFault('timeout', ''));
    this.#timer = setTimeout(outOfTime, Math.min(request.timeoutMs, MAX_DELAY_MS));
    try {
      this.#attempt = (this.#means as Means).transport.send(request, this);
    } catch (thrown) {
      queueMicrotask(() => this.#isOver || this.#sendFailed(thrown));
    }
  }

  /** The transport could not even begin. Wrong settings are no reason to try again. */
  #sendFailed(thrown: unknown): void {
    if (!(thrown instanceof TencentImError)) {
      this.onFault(thrown);
      return;
    }
    this.#endTry();
    this.#means?.client.cancel(this.#id);
    this.#fail(() => thrown);
  }

  #endTry(): void {
    clearTimeout(this.#timer);
    this.#attempt = undefined;
  }

  /** Waits for a time of the monotonic clock, without a place. */
  #sleepUntil(untilMs: number): void {
    this.#timer = setTimeout(() => this.#wake(), delayUntil(untilMs));
    this.#isAsleep = true;
    this.#givePlace();
  }

  #wake(): void {
    this.#isAsleep = false;
    this.#takePlace();
    if (this.#hasPlace) {
      this.#poll();
    } else {
      this.#go((client) => client.hold(this.#id));
    }
  }

  /** Waits for a place, at most until the end of its time. */
  #queueUntil(untilMs: number): void {
    this.#waiting = this.#means?.transport.places?.wait(this);
    this.#timer = setTimeout(() => this.#expire(), delayUntil(untilMs));
  }

  #expire(): void {
    this.#go((client) => client.expire(this.#id));
    this.#tellMoved();
  }

  #takePlace(): void {
    const places = (this.#means as Means).transport.places;
    this.#hasPlace = places === undefined || places.take();
  }

  #givePlace(): void {
    if (this.#hasPlace) {
      this.#hasPlace = false;
      this.#means?.transport.places?.give();
    }
  }

  /** The others may have moved up by its end. */
  #tellMoved(): void {
    if (this.#means?.client.takeMoved()) {
      this.#home.moved();
    }
  }

  #giveUpIfAborted(): void {
    if (this.#aborted === undefined || this.#isBusy || this.#isOver) {
      return;
    }
    const { reason } = this.#aborted;
    const attempt = this.#attempt;
    try {
      const record = this.#means?.client.cancel(this.#id);
      this.#fail(() => cancelled(record, this.#op, reason));
      this.#tellMoved();
      this.#means?.events.drain(this.#means.client);
    } catch (thrown) {
      this.#break(thrown);
    }
    attempt?.stop();
  }

  /** The core broke. After something was sent that must not look harmless. */
  #break(thrown: unknown): void {
    const facts = { operation: this.#op, attempts: this.#attempts, maybeApplied: this.#attempts > 0 };
    this.#fail(() => errorThrown(thrown, facts));
  }

  /** Ends it with an error. That is made when it is thrown: its stack then says who waits for the call. */
  #fail(make: () => unknown): void {
    if (this.#hasBegun) {
      this.#end(thrownInTurn(make));
    } else {
      this.#refusal = make;
      this.#end(undefined);
    }
  }

  #end(outcome: unknown): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#isAsleep = false;
    clearTimeout(this.#timer);
    if (this.#waiting !== undefined) {
      this.#means?.transport.places?.leave(this.#waiting);
    }
    this.#givePlace();
    if (this.#signal !== undefined) {
      forget(this.#signal, this);
    }
    this.#resolve(outcome);
    this.#home.ended(this);
  }
}

/** How long it is until a time of the monotonic clock: at least a tick, at most what a timer takes. */
function delayUntil(untilMs: number): number {
  return Math.min(Math.max(1, Math.ceil(untilMs - preciseMs())), MAX_DELAY_MS);
}

/** Two turns of the microtasks: after them the promise that the caller waits for follows this one. */
async function thrownInTurn(make: () => unknown): Promise<never> {
  await undefined;
  await undefined;
  throw make();
}

function cancelled(record: string | null | undefined, operation: string, reason: unknown): Error {
  const error =
    record === undefined || record === null
      ? errorHere({ kind: 'Cancelled', operation, message: 'the call was cancelled' })
      : errorOfJson(record);
  if (error instanceof CallCancelledError) {
    Object.defineProperty(error, 'reason', { value: reason, configurable: true });
  }
  return error;
}
