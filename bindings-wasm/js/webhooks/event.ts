/** A genuine event, as a handler gets it. */

import type { Commands } from './commands.js';
import type { Decision } from './decisions.js';

/** The commands of all webhooks. */
export type Command = keyof Commands;

/** Where an event came from. */
export type Platform = 'RESTAPI' | 'Web' | 'Android' | 'iOS' | 'Windows' | 'Mac' | 'iPad' | 'Unknown';

/** What the handler of a webhook may answer. */
export type DecisionOf<Name extends Command> = Extract<Decision, { action: Commands[Name]['actions'] }>;

/** What is the same in the events of all webhooks. */
export interface EventBase {
  /** Name of the webhook, such as `C2C.CallbackBeforeSendMsg`. */
  readonly command: string;
  /**
   * `before`: the answer decides. `after`, `alert`, `bot`: the answer only acknowledges. `unknown`: a webhook that this
   * version does not know; its body has the names of the wire.
   */
  readonly kind: 'before' | 'after' | 'alert' | 'bot' | 'unknown';
  /** Tells the event from all others. The same if the service sends it again. */
  readonly id: string;
  /** Where it came from, if the service says so. */
  readonly platform?: Platform;
  /** Address of the client that caused it, if one did. */
  readonly clientIp?: string;
  /** When it happened, in Unix milliseconds, if it says so. */
  readonly eventTime?: number;
  /** The accounts that an answer can decide on one by one, in webhooks that have such accounts. */
  readonly accounts?: readonly string[] | undefined;
  /** The body. */
  readonly body: unknown;
  /** Whether another answer went out, since the handler took longer than the budget. */
  readonly isLate: boolean;
  /** Aborted when the event {@link isLate}. */
  readonly signal: AbortSignal;
  /** Whether it is an event of this webhook. Tells the compiler its type. */
  is<Name extends Command>(command: Name): this is WebhookEvent<Name>;
}

/** An event of one webhook. */
export interface WebhookEvent<Name extends Command> extends EventBase {
  readonly command: Name;
  readonly kind: Commands[Name]['kind'];
  readonly accounts: Commands[Name]['accounts'];
  readonly body: Commands[Name]['body'];
}

/** An event of any webhook: `event.is('C2C.CallbackAfterSendMsg')` tells which. */
export interface AnyWebhookEvent extends EventBase {
  readonly body: Record<string, unknown>;
}

/** An event's record as the core writes it. */
export type EventRecord = Omit<AnyWebhookEvent, 'isLate' | 'signal' | 'is'>;

/** An event on its way through the handlers. */
export class ReceivedEvent implements AnyWebhookEvent {
  readonly command: string;
  readonly kind: AnyWebhookEvent['kind'];
  readonly id: string;
  declare readonly platform?: Platform;
  declare readonly clientIp?: string;
  declare readonly eventTime?: number;
  declare readonly accounts?: readonly string[];
  readonly body: Record<string, unknown>;
  /** Decides about the answer, whatever a handler does to the fields above. */
  readonly #record: EventRecord;
  #isLate = false;
  /** Made when a handler asks: most do not. */
  #abort: AbortController | undefined;

  constructor(record: EventRecord) {
    this.#record = record;
    this.command = record.command;
    this.kind = record.kind;
    this.id = record.id;
    this.body = record.body;
    if (record.platform !== undefined) {
      this.platform = record.platform;
    }
    if (record.clientIp !== undefined) {
      this.clientIp = record.clientIp;
    }
    if (record.eventTime !== undefined) {
      this.eventTime = record.eventTime;
    }
    if (record.accounts !== undefined) {
      // The answer names them all: a handler cannot take one out.
      this.accounts = Object.freeze(record.accounts);
    }
  }

  /** Returns what the core said of an event. No method of the event: handlers get that. */
  static recordOf(event: ReceivedEvent): EventRecord {
    return event.#record;
  }

  get isLate(): boolean {
    return this.#isLate;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#isLate) {
      this.#abort.abort();
    }
    return this.#abort.signal;
  }

  is<Name extends Command>(command: Name): this is WebhookEvent<Name> {
    return this.command === (command as string);
  }

  /** Tells the handler that another answer went out. */
  markLate(): void {
    this.#isLate = true;
    this.#abort?.abort();
  }
}
