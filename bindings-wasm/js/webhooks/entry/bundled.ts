/** Bundled programs for Node: reads the module's file, which some bundlers put beside their output. */

import { readFileSync } from 'node:fs';

import { createWebhooks } from '../sdk.js';
import { webhookPlatform } from '../wasm.js';
import type { BaseWebhooks } from '../webhooks.js';

export * from '../public.js';
export const { Webhooks, listWebhooks, signWebhook, ready } = createWebhooks(
  webhookPlatform({ now: () => readFileSync(new URL('../../../wasm/tencent_im_webhooks.wasm', import.meta.url)) }),
);
export type Webhooks = BaseWebhooks;
