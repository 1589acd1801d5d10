/**
 * `tencent-im/webhooks`: receives the service's webhooks in Node, with the core in the addon.
 *
 * Built as CommonJS only; `import` gets the same copy, so that its errors are an `instanceof` the classes of the client.
 */

import './node_check.js';

import { type BaseWebhooks, createWebhooks, type WebhookSdk } from 'tencent-im-wasm/webhooks/facade';

import { webhookNative } from './native.js';

export type * from 'tencent-im-wasm/webhooks/facade';
export {
  allow,
  CallTimeoutError,
  ConfigError,
  decide,
  drop,
  InternalError,
  InvalidInputError,
  MemoryStore,
  refuse,
  reject,
  replace,
  TencentImError,
  WebhookError,
} from 'tencent-im-wasm/webhooks/facade';

const sdk = createWebhooks({ native: webhookNative, load: async () => webhookNative() });

/**
 * Receives the webhooks of one app.
 *
 * Making one does no I/O and opens no port: `hooks.node`, `hooks.fetch`, `hooks.fastify` or `hooks.receive` is the way in.
 */
export const Webhooks: WebhookSdk['Webhooks'] = sdk.Webhooks;
export type Webhooks = BaseWebhooks;

/** Every webhook: when it fires, and what an answer can do. */
export const listWebhooks: WebhookSdk['listWebhooks'] = sdk.listWebhooks;

/** Signs as the service does, for an app's own tests. */
export const signWebhook: WebhookSdk['signWebhook'] = sdk.signWebhook;

/** Nothing to wait for in Node: here so that a program that runs in a browser runs here, too. */
export const ready: WebhookSdk['ready'] = sdk.ready;
