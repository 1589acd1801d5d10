/** What `…/webhooks` exports beside what a platform makes. */

export {
  CallTimeoutError,
  ConfigError,
  InternalError,
  InvalidInputError,
  TencentImError,
  WebhookError,
} from '../errors.js';
export type { WaitUntil } from './background.js';
export type { Commands } from './commands.js';
export {
  type Allow,
  allow,
  type Decide,
  type Decision,
  type Drop,
  decide,
  drop,
  type Refuse,
  type Reject,
  type Replace,
  type Replacement,
  refuse,
  reject,
  replace,
} from './decisions.js';
export type { AnyWebhookEvent, Command, DecisionOf, EventBase, Platform, WebhookEvent } from './event.js';
export type { WebhookFacts } from './facts.js';
export type { PlatformResponse, RequestLike } from './fetch_door.js';
export type { AnyHandler, Handler, HandlerOptions, LateAnswer } from './handlers.js';
export type { WebhookAnswer } from './intake.js';
export type { FastifyLike, FastifyOptions, NodeRequest, NodeResponse } from './node_door.js';
export type { WebhookFault, WebhooksOptions } from './options.js';
export type { Query, ReceiveOptions } from './receive.js';
export { type Added, MemoryStore, type WebhookStore } from './store.js';
