/** Exports of every package in addition to its client and functions. */

export type { AnyReply } from './client.js';
export * as elements from './elements.js';
export {
  AuthError,
  CallCancelledError,
  CallTimeoutError,
  ConfigError,
  ConflictError,
  ContentRejectedError,
  ERROR_KINDS,
  type ErrorKind,
  InternalError,
  InvalidInputError,
  NotFoundError,
  PartialError,
  PermissionDeniedError,
  ProtocolError,
  QuotaError,
  RateLimitedError,
  ServerError,
  SignatureError,
  TencentImError,
  TransportError,
  WebhookError,
} from './errors.js';
export type { ClientEvent, EventHook } from './events.js';
export type { FetchInit, FetchLike, FetchReply } from './fetch.js';
export type { OpName, ParamsOf, ResultOf } from './ops.js';
export type { CallDefaults, CallOptions, ClientOptions, Region } from './options.js';
export { type PageOptions, Pages } from './pages.js';
export { PreparedRequest } from './prepared.js';
export type { SignerOptions, SignOptions } from './signer.js';
export type { SignUserSig, UserSigFacts, VerifyUserSig } from './usersig.js';
export type {
  ExplainUserSig,
  PrivateMapKey,
  Privilege,
  SignPrivateMapKey,
  UserSigExplanation,
} from './usersig_tools.js';
