/** What `tencent-im-wasm/usersig` exports beside its functions. */

export { ConfigError, InternalError, InvalidInputError, TencentImError } from '../errors.js';
export type { SignerOptions, SignOptions } from '../signer.js';
export type { SignUserSig } from '../usersig.js';
