/** Puts a package's way to the core and the receiver of webhooks together. */

import type { WebhookNative } from '../native.js';
import { asked, errorHere } from '../records.js';
import { text, time } from '../usersig_arguments.js';
import { facts, type WebhookFacts } from './facts.js';
import type { WebhookPlatform } from './intake.js';
import type { WebhooksOptions } from './options.js';
import { BaseWebhooks } from './webhooks.js';

/** What `…/webhooks` exports beside decisions, stores and errors. */
export interface WebhookSdk {
  /** Receives the webhooks of one app. */
  Webhooks: new (
    options?: WebhooksOptions,
  ) => BaseWebhooks;
  /** Every webhook: when it fires, and what an answer can do. */
  listWebhooks(): WebhookFacts[];
  /** Signs as the service does, for an app's own tests. `requestTime` is in Unix seconds and defaults to now. */
  signWebhook(token: string, requestTime?: number): { Sign: string; RequestTime: string };
  /** Waits until the functions that give no promise can be used. Needed in browsers only. */
  ready(): Promise<void>;
}

/** Makes the exports of a platform. */
export function createWebhooks(platform: WebhookPlatform): WebhookSdk {
  class Webhooks extends BaseWebhooks {
    constructor(options?: WebhooksOptions) {
      super(platform, options);
    }
  }
  return {
    Webhooks,
    listWebhooks: () => [...facts(loaded(platform)).values()],
    signWebhook(token, requestTime) {
      const atS = time(requestTime);
      const secret = text('token', token);
      return { Sign: asked(() => loaded(platform).signWebhook(secret, atS)), RequestTime: String(atS) };
    },
    async ready() {
      if (platform.native() === undefined) {
        await platform.load();
      }
    },
  };
}

function loaded(platform: WebhookPlatform): WebhookNative {
  const native = platform.native();
  if (native === undefined) {
    throw errorHere({
      kind: 'Config',
      message: 'the WebAssembly module is not loaded yet',
      cure: 'await ready() first; requests do that by themselves',
    });
  }
  return native;
}
