/** Vercel Edge: the same as workerd, with another mark on the import. */

import wasm from '../../../wasm/tencent_im_webhooks.wasm?module';
import { createWebhooks } from '../sdk.js';
import { webhookPlatform } from '../wasm.js';
import type { BaseWebhooks } from '../webhooks.js';

export * from '../public.js';
export const { Webhooks, listWebhooks, signWebhook, ready } = createWebhooks(
  webhookPlatform({ now: () => wasm }, { isBoundToRequest: true }),
);
export type Webhooks = BaseWebhooks;
