/** Browsers, runtimes and bundlers not named: fetches the module when it is waited for. */

import { createWebhooks } from '../sdk.js';
import { webhookPlatform } from '../wasm.js';
import type { BaseWebhooks } from '../webhooks.js';

export * from '../public.js';
export const { Webhooks, listWebhooks, signWebhook, ready } = createWebhooks(
  webhookPlatform({ later: () => new URL('../../../wasm/tencent_im_webhooks.wasm', import.meta.url) }),
);
export type Webhooks = BaseWebhooks;
