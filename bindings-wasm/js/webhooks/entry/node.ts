/** Node: reads the module's file. Built as CommonJS only, as the entry of the whole package. */

import '../../node_check.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createWebhooks } from '../sdk.js';
import { webhookPlatform } from '../wasm.js';
import type { BaseWebhooks } from '../webhooks.js';

export * from '../public.js';
export const { Webhooks, listWebhooks, signWebhook, ready } = createWebhooks(
  webhookPlatform({ now: () => readFileSync(join(__dirname, '../../../wasm/tencent_im_webhooks.wasm')) }),
);
export type Webhooks = BaseWebhooks;
