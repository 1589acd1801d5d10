/** The core's webhooks as a WebAssembly module of their own. */

import { loaderOf, type Source } from '../load.js';
import type { WebhookNative } from '../native.js';
import * as glue from '../wasm_webhooks/tencent_im_webhooks.js';
import type { WebhookPlatform } from './intake.js';

const load = loaderOf<WebhookNative>(glue as WebhookNative & typeof glue);

/** The platform of a runtime, and what differs there. */
export function webhookPlatform(source: Source, differs: Partial<WebhookPlatform> = {}): WebhookPlatform {
  return { ...differs, ...load(source) };
}
