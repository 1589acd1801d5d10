/** Exports of `tencent-im-wasm/usersig` in addition to its functions. */

export { ConfigError, InternalError, InvalidInputError, TencentImError } from '../errors.js';
export type { SignerOptions, SignOptions } from '../signer.js';
export type { SignUserSig } from '../usersig.js';
