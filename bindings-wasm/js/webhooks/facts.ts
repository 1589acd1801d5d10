/** What there is to know of each webhook. */

import type { WebhookNative } from '../native.js';

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

/** Returns every webhook by its command. */
export function facts(native: WebhookNative): Map<string, WebhookFacts> {
  if (known?.native !== native) {
    const list = JSON.parse(native.listWebhooks()) as WebhookFacts[];
    known = { native, facts: new Map(list.map((webhook) => [webhook.command, frozen(webhook)])) };
  }
  return known.facts;
}

/** Programs get these very objects, and answers depend on them. */
function frozen(webhook: WebhookFacts): WebhookFacts {
  Object.freeze(webhook.actions);
  Object.freeze(webhook.codes);
  return Object.freeze(webhook);
}
