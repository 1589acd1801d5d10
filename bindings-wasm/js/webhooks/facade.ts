/** Receiving webhooks without the core: for the packages, which give their way to it. */

export type { WebhookNative } from '../native.js';
export type { WebhookPlatform } from './intake.js';
export * from './public.js';
export { createWebhooks, type WebhookSdk } from './sdk.js';
export { BaseWebhooks } from './webhooks.js';
