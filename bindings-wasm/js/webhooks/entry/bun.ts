/** Bun: reads the module's file, imported so that `bun build` brings it along. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import file from '../../../wasm/tencent_im_webhooks.wasm' with { type: 'file' };
import { createWebhooks } from '../sdk.js';
import { webhookPlatform } from '../wasm.js';
import type { BaseWebhooks } from '../webhooks.js';

export * from '../public.js';
export const { Webhooks, listWebhooks, signWebhook, ready } = createWebhooks(
  webhookPlatform({ now: () => readFileSync(resolve(import.meta.dirname, file as unknown as string)) }),
);
export type Webhooks = BaseWebhooks;
