/** The functions that handle events, by webhook. */

import type { Decision, Reject } from './decisions.js';
import type { AnyWebhookEvent, Command, DecisionOf, ReceivedEvent, WebhookEvent } from './event.js';

/** Nothing: allows. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is a handler, too.
type Nothing = null | undefined | void;

/** Handles the events of one webhook. What it returns is the answer; nothing allows. */
export type Handler<Name extends Command> = (
  event: WebhookEvent<Name>,
) => DecisionOf<Name> | Nothing | Promise<DecisionOf<Name> | Nothing>;

/**
 * Handles the events of every webhook. Its decision counts only if the webhook's own handler makes none; otherwise the
 * answer does not wait for it.
 */
export type AnyHandler = (event: AnyWebhookEvent) => Decision | Nothing | Promise<Decision | Nothing>;

/** What to answer when a handler is late or fails. */
export type LateAnswer = 'allow' | 'reject' | Decision;

/** Settings of one handler. */
export interface HandlerOptions<Name extends Command> {
  /** What to answer when the handler is late or fails. Defaults to the setting of the `Webhooks`. */
  onLate?: 'allow' | (Reject extends DecisionOf<Name> ? 'reject' : never) | DecisionOf<Name> | undefined;
}

/** A handler of either sort, its types left behind. */
export type Run = (event: ReceivedEvent) => unknown;

/** The handlers of one webhook. */
interface Entry {
  readonly runs: Run[];
  onLate: LateAnswer | undefined;
}

/** All handlers. */
export class Handlers {
  readonly #entries = new Map<string, Entry>();
  readonly #any: Run[] = [];

  /** Whether the webhook has a handler of its own. */
  hasOwn(command: string): boolean {
    return this.#entries.has(command);
  }

  /** Whether anyone handles the webhook. */
  has(command: string): boolean {
    return this.#any.length > 0 || this.#entries.has(command);
  }

  add(command: string, run: Run, onLate: LateAnswer | undefined): void {
    const entry = this.#entries.get(command);
    if (entry === undefined) {
      this.#entries.set(command, { runs: [run], onLate });
    } else {
      entry.runs.push(run);
      entry.onLate ??= onLate;
    }
  }

  addAny(run: Run): void {
    this.#any.push(run);
  }

  /** The handler's own setting. */
  onLate(command: string): LateAnswer | undefined {
    return this.#entries.get(command)?.onLate;
  }

  /**
   * Runs all handlers of an event at once, and gives the first decision: that of the webhook's own handler goes before the
   * others. Fails as the handler failed whose decision would have counted; `onOther` hears of the other failures, and
   * `onRest` of the handlers that go on after the decision.
   */
  run(
    event: ReceivedEvent,
    onOther: (error: unknown, event: ReceivedEvent) => void,
    onRest: (rest: Promise<unknown>) => void,
  ): unknown {
    const own = this.#entries.get(event.command)?.runs ?? [];
    const [only, second] = own.length === 0 ? this.#any : this.#any.length === 0 ? own : [];
    if (only !== undefined && second === undefined) {
      return only(event);
    }
    // Async functions, so that a handler that throws does not keep the next from running.
    return firstDecision(
      [...own, ...this.#any].map(async (run) => run(event)),
      (error) => onOther(error, event),
      onRest,
    );
  }
}

async function firstDecision(
  running: Promise<unknown>[],
  onOther: (error: unknown) => void,
  onRest: (rest: Promise<unknown>) => void,
): Promise<unknown> {
  for (const each of running) {
    // Its turn comes below: until then, nobody would listen to its failure.
    each.catch(() => {});
  }
  let at = 0;
  try {
    for (; at < running.length; at++) {
      const decision = await running[at];
      if (decision !== undefined && decision !== null) {
        return decision;
      }
    }
    return undefined;
  } finally {
    const rest = running.slice(at + 1).map((each) => each.catch(onOther));
    if (rest.length > 0) {
      onRest(Promise.all(rest));
    }
  }
}
