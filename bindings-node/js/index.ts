/**
 * Server SDK for Tencent Chat (Tencent IM) for Node: the façade over the addon and undici's connections.
 *
 * Built as CommonJS only; `import` gets the same copy through a file that re-exports it. With two copies, an error
 * thrown by one would not be an `instanceof` the classes of the other.
 */

import './node_check.js';

import { channel } from 'node:diagnostics_channel';

import { type ClientEvent, createSdk, type Sdk } from 'tencent-im-wasm/facade';

import { native } from './native.js';
import { type ClientOptions, OWN_OPTIONS, readTransportSettings } from './options.js';
import { PoolTransport } from './transport.js';

export type * from 'tencent-im-wasm/facade';
export {
  AuthError,
  CallCancelledError,
  CallTimeoutError,
  ConfigError,
  ConflictError,
  ContentRejectedError,
  ERROR_KINDS,
  elements,
  InternalError,
  InvalidInputError,
  NotFoundError,
  Pages,
  PartialError,
  PermissionDeniedError,
  PreparedRequest,
  ProtocolError,
  QuotaError,
  RateLimitedError,
  ServerError,
  SignatureError,
  TencentImError,
  TransportError,
  WebhookError,
} from 'tencent-im-wasm/facade';
export { type Backend, backend } from './native.js';
export type { Certificates, ClientOptions } from './options.js';

const events = channel('tencent-im');

const sdk = createSdk<ClientOptions>({
  native,
  load: async () => native(),
  transport: (options) => new PoolTransport(readTransportSettings(options)),
  ownOptions: OWN_OPTIONS,
  // Node itself reports what a subscriber throws.
  observers: { wanted: () => events.hasSubscribers, publish: (event: ClientEvent) => events.publish(event) },
});

/** Signs a UserSig: the token with which a user logs in. */
export const signUserSig: Sdk['signUserSig'] = sdk.signUserSig;

/**
 * Verifies a UserSig with the app's key and returns its contents.
 *
 * @throws SignatureError with the code that the service would return: 70001 expired, 70003 unreadable, 70009 wrong
 * signature, 70013 another user, 70014 another app.
 */
export const verifyUserSig: Sdk['verifyUserSig'] = sdk.verifyUserSig;

/** Reads a UserSig without a key. Does not tell whether it is genuine: verify it for that. */
export const inspectUserSig: Sdk['inspectUserSig'] = sdk.inspectUserSig;

/** Diagnoses a UserSig, however broken: what is wrong, and which code the service would return. */
export const explainUserSig: Sdk['explainUserSig'] = sdk.explainUserSig;

/** Signs a PrivateMapKey, which admits one user to one TRTC room. */
export const signPrivateMapKey: Sdk['signPrivateMapKey'] = sdk.signPrivateMapKey;

/** Reads a PrivateMapKey without a key. Does not tell whether it is genuine. */
export const parsePrivateMapKey: Sdk['parsePrivateMapKey'] = sdk.parsePrivateMapKey;

/**
 * Returns a reply if every item of it succeeded.
 *
 * @throws PartialError with the `items` that failed. The others took effect.
 */
export const raiseForItems: Sdk['raiseForItems'] = sdk.raiseForItems;

/** Does nothing in Node. Exists so that programs written for browsers run unchanged. */
export const ready: Sdk['ready'] = sdk.ready;

/** Returns the version of the core. */
export const version: Sdk['version'] = sdk.version;

/** Signs UserSigs for one app. Prepares the key once: make one signer and share it. It needs no closing. */
export class Signer extends sdk.Signer {}

/**
 * A client of one app. Make one and share it: it keeps the admin's UserSig and the connections.
 *
 * The constructor does no I/O. An open client does not keep the process alive.
 */
export class Client extends sdk.Client {
  /** @throws ConfigError for invalid settings. */
  constructor(options: ClientOptions = {}) {
    if (typeof options === 'object' && options !== null) {
      // Checked here rather than at the first call.
      readTransportSettings(options);
    }
    super(options);
  }
}
