/** The bodies of answers: what the core writes for decisions. */

import { encode } from '../encode.js';
import { tagOf } from '../foreign.js';
import type { WebhookNative } from '../native.js';
import { asked, errorHere } from '../records.js';
import type { EventRecord } from './event.js';
import { facts } from './facts.js';

const ALLOW = { action: 'allow' } as const;

/** A plain decision, and the body for it. */
interface Written {
  readonly action: unknown;
  readonly code: unknown;
  readonly info: unknown;
  readonly body: string;
}

/** Most decisions remembered for a webhook, and the longest text among them. */
const MOST_WRITTEN = 8;
const LONGEST_INFO = 256;

/**
 * Writes the bodies of answers, and remembers those for the last few plain decisions about each webhook: most events get one
 * of these. Writing the decision as JSON and asking the core takes 2 µs and leaves 1 kB to the garbage collector (the rows
 * of servers in `make bench-webhooks`).
 */
export class Answers {
  readonly #native: WebhookNative;
  readonly #written = new Map<string, Written[]>();

  constructor(native: WebhookNative) {
    this.#native = native;
  }

  /**
   * Returns the body for a decision.
   *
   * @throws InvalidInputError if the webhook does not take it.
   */
  body({ command, kind, accounts }: EventRecord, decided: unknown): string {
    const decision = decided ?? ALLOW;
    // Accounts stand in the body, and there is no end to the names of unknown webhooks.
    if (accounts !== undefined || kind === 'unknown' || !isPlain(decision)) {
      return this.#ask(command, accounts, decision);
    }
    let written = this.#written.get(command);
    if (written === undefined) {
      written = [];
      this.#written.set(command, written);
    }
    const { action, code, info } = decision;
    for (const each of written) {
      if (each.action === action && each.code === code && each.info === info) {
        return each.body;
      }
    }
    const body = this.#ask(command, undefined, decision);
    if (written.unshift({ action, code, info, body }) > MOST_WRITTEN) {
      written.pop();
    }
    return body;
  }

  #ask(command: string, accounts: readonly string[] | undefined, decision: unknown): string {
    const json = this.#json(command, decision);
    return asked(() => this.#native.answerWebhook(command, accounts && JSON.stringify(accounts), json));
  }

  /** Returns a decision as the core reads it. */
  #json(operation: string, decision: unknown): string {
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

  /** Returns the decisions about accounts as a list. */
  #results(operation: string, results: unknown): object[] {
    // Of a Map, no entry would be seen, and every account allowed.
    if (tagOf(results) !== 'Object') {
      const cure = 'write decide({ bob: reject(38001), carol: allow() })';
      throw errorHere({ kind: 'InvalidInput', operation, path: 'results', message: 'not a plain object', cure });
    }
    return Object.entries(results as object).map(([account, decided]) => {
      const { action, code, info } = (decided ?? {}) as { action?: unknown; code?: unknown; info?: unknown };
      if (action !== 'allow' && action !== 'reject') {
        const path = `results.${account.slice(0, 64)}`;
        const cure = 'use one of them';
        throw errorHere({ kind: 'InvalidInput', operation, path, message: 'neither allow nor reject', cure });
      }
      return action === 'allow' ? { account, code: 0 } : { account, code: code ?? this.#firstCode(operation), info };
    });
  }

  /** Returns the first code of the app's own. */
  #firstCode(command: string): number | undefined {
    return facts(this.#native).get(command)?.codes?.[0];
  }
}

/** Whether a decision is an action with a code and a short text at most. */
function isPlain(decision: unknown): decision is { action: string; code?: number; info?: string } {
  const { action, code, info } = decision as { action?: unknown; code?: unknown; info?: unknown };
  for (const name in decision as object) {
    if (name !== 'action' && name !== 'code' && name !== 'info') {
      return false;
    }
  }
  return (
    typeof action === 'string' &&
    (code === undefined || typeof code === 'number') &&
    (info === undefined || (typeof info === 'string' && info.length <= LONGEST_INFO))
  );
}
