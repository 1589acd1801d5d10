/**
 * Carries out what the core's machine of a call says, step by step: sends, waits, reports. All policy (retries, pacing,
 * deadlines, what a failure means) is the machine's.
 */

import { type Abortable, Ending, onAnyAbort } from './abort.js';
import { monoMs, unixMs } from './clock.js';
import { random32 } from './entropy.js';
import { CallCancelledError } from './errors.js';
import type { NativeClient, Send, Step } from './native.js';
import { asked, errorHere, errorOfJson } from './records.js';
import { faultOf, type Reply, type Transport } from './transport.js';

/** Longest delay a timer takes, in milliseconds; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fff_ffff;

/** A call to make: texts as the core takes them. */
export interface Call {
  op: string;
  input: string;
  options: string | undefined;
  /** Each of these ends the call when it is aborted. */
  signals: readonly Abortable[];
  /** Called after each of the core's steps, before it is acted on: it may have noted events. */
  stepped: () => void;
}

/** Makes a call and gives its result as JSON text. */
export async function drive(client: NativeClient, transport: Transport, call: Call): Promise<string> {
  const { op, signals, stepped } = call;
  if (signals.some(isAborted)) {
    throw cancelled(undefined, op, signals);
  }
  let attempts = 0;
  // A core that breaks after something was sent must not look harmless.
  const ask = (next: () => Step) => {
    const step = asked(next, { operation: op, attempts, maybeApplied: attempts > 0 });
    stepped();
    return step;
  };
  const giveUp = () => {
    const record = client.cancel(id);
    stepped();
    return cancelled(record, op, signals);
  };
  let step = ask(() => client.start(op, call.input, call.options, monoMs(), unixMs(), random32(), random32()));
  const { id } = step;
  for (;;) {
    if (step.result !== undefined) {
      return step.result;
    }
    if (step.error !== undefined) {
      throw errorOfJson(step.error);
    }
    // Aborted since the last step: nobody would hear of it again.
    if (signals.some(isAborted)) {
      throw giveUp();
    }
    if (step.send !== undefined) {
      attempts++;
      const outcome = await attempt(transport, step.send, signals);
      if (outcome === ABORTED) {
        throw giveUp();
      }
      step = ask(() => report(client, id, outcome));
    } else {
      if ((await sleepUntil(step.waitUntilMs ?? 0, signals)) === ABORTED) {
        throw giveUp();
      }
      step = ask(() => client.poll(id, monoMs(), unixMs(), random32(), random32()));
    }
  }
}

const ABORTED = Symbol('aborted');

/** How a try ended: an answer, or a failure. */
type Outcome = { reply: Reply } | { fault: ReturnType<typeof faultOf> };

function report(client: NativeClient, id: number, outcome: Outcome): Step {
  if ('reply' in outcome) {
    const { status, date, body } = outcome.reply;
    return client.onReply(id, status, date, body, monoMs(), unixMs(), random32(), random32());
  }
  const { kind, detail } = outcome.fault;
  return client.onFailure(id, kind, detail, monoMs(), unixMs(), random32(), random32());
}

/** Sends once. Ends in time and at once when the caller gives up, even if the transport minds neither. */
function attempt(
  transport: Transport,
  request: Send,
  signals: readonly Abortable[],
): Promise<Outcome | typeof ABORTED> {
  return new Promise((resolve) => {
    const ending = new Ending();
    const settle = (outcome: Outcome | typeof ABORTED) => {
      clearTimeout(timer);
      forget();
      resolve(outcome);
    };
    const failed = (thrown: unknown) => settle({ fault: faultOf(thrown, request) });
    const outOfTime = () => {
      ending.abort(undefined);
      // Two turns of the microtasks: a transport that knows better, because nothing had been sent, speaks first.
      Promise.resolve()
        .then(() => undefined)
        .then(() => settle({ fault: { kind: 'timeout', detail: '' } }));
    };
    const timer = setTimeout(outOfTime, Math.min(request.timeoutMs, MAX_DELAY_MS));
    const forget = onAnyAbort(signals, () => {
      // Settled first: what the transport makes of the end comes too late to matter.
      settle(ABORTED);
      ending.abort(undefined);
    });
    try {
      transport.send(request, ending).then((reply) => settle({ reply }), failed);
    } catch (thrown) {
      failed(thrown);
    }
  });
}

/** Waits for a time of the monotonic clock, or until the caller gives up. */
function sleepUntil(untilMs: number, signals: readonly Abortable[]): Promise<typeof ABORTED | undefined> {
  return new Promise((resolve) => {
    const settle = (outcome: typeof ABORTED | undefined) => {
      clearTimeout(timer);
      forget();
      resolve(outcome);
    };
    const delayMs = Math.max(1, Math.ceil(untilMs - performance.now()));
    const timer = setTimeout(() => settle(undefined), Math.min(delayMs, MAX_DELAY_MS));
    const forget = onAnyAbort(signals, () => settle(ABORTED));
  });
}

function cancelled(record: string | null | undefined, operation: string, signals: readonly Abortable[]): Error {
  const error =
    record === undefined || record === null
      ? errorHere({ kind: 'Cancelled', operation, message: 'the call was cancelled' })
      : errorOfJson(record);
  if (error instanceof CallCancelledError) {
    Object.defineProperty(error, 'reason', { value: signals.find(isAborted)?.reason, configurable: true });
  }
  return error;
}

function isAborted(signal: Abortable): boolean {
  return signal.aborted;
}
