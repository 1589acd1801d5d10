/**
 * The part of the SDK around the core, shared by the packages `tencent-im-wasm` and `tencent-im`. Independent of
 * WebAssembly: each package passes its way to the core to {@link createSdk}.
 */

export { Bytes } from './bytes.js';
export { BaseClient } from './client.js';
export type { Observers } from './events.js';
export { fetchTransport } from './fetch.js';
export { isBytes, isUrl, wordsOf } from './foreign.js';
export type { ErrorRecord, FailureKind, Native, NativeClient, NativeSigner } from './native.js';
export { Places } from './places.js';
export type { Platform } from './platform.js';
export * from './public.js';
export { errorHere } from './records.js';
export { bundleCure, checkRuntime } from './runtime_check.js';
export { createSdk, type Sdk } from './sdk.js';
export { BaseSigner } from './signer.js';
export type { Send } from './steps.js';
export { type Attempt, MAX_REPLY_BYTES, type Receiver, type Transport, TransportFault } from './transport.js';
