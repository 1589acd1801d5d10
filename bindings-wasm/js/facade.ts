/**
 * Everything of the SDK that is not the core: one code for the packages `tencent-im-wasm` and `tencent-im`.
 * There is no WebAssembly in here; a package gives its way to the core to {@link createSdk}.
 */

export { type AnyReply, BaseClient } from './client.js';
export * from './errors.js';
export { type FetchInit, type FetchLike, type FetchReply, fetchTransport } from './fetch.js';
export * from './generated.js';
export type { ErrorRecord, FailureKind, Native, NativeClient, Send, Step } from './native.js';
export type { OpName, ParamsOf, ResultOf } from './ops.js';
export type { CallOptions, ClientOptions, Region } from './options.js';
export type { Platform } from './platform.js';
export { PreparedRequest } from './prepared.js';
export { createSdk, type Sdk } from './sdk.js';
export { MAX_REPLY_BYTES, type Reply, type Transport, TransportFault } from './transport.js';
export type { SignUserSig, UserSigFacts, VerifyUserSig } from './usersig.js';
