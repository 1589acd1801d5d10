/**
 * Server SDK for Tencent Chat (Tencent IM), for Node: the façade over the addon and over undici's connections.
 *
 * Built as CommonJS only; `import` gets the same copy by way of a file that re-exports it. With two copies an error
 * thrown by the one would be no `instanceof` of the other's classes.
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
  raiseForItems,
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
  // What a subscriber throws Node itself reports.
  observers: { wanted: () => events.hasSubscribers, publish: (event: ClientEvent) => events.publish(event) },
});

/** Signs a UserSig: the token with which a user logs in. */
export const signUserSig: Sdk['signUserSig'] = sdk.signUserSig;

/**
 * Verifies a UserSig with the app's key and gives what it states.
 *
 * @throws SignatureError with the code that the service would answer: 70001 expired, 70003 cannot be read,
 * 70009 signature, 70013 other user, 70014 other app.
 */
export const verifyUserSig: Sdk['verifyUserSig'] = sdk.verifyUserSig;

/** Reads a UserSig without a key. Whether it is genuine only verifying says. */
export const inspectUserSig: Sdk['inspectUserSig'] = sdk.inspectUserSig;

/** Says what a UserSig suffers from, however broken it is, and which code the service would answer. */
export const explainUserSig: Sdk['explainUserSig'] = sdk.explainUserSig;

/** Signs a PrivateMapKey: it lets one user into one room of TRTC. */
export const signPrivateMapKey: Sdk['signPrivateMapKey'] = sdk.signPrivateMapKey;

/** Reads a PrivateMapKey without a key. Whether it is genuine only verifying says. */
export const parsePrivateMapKey: Sdk['parsePrivateMapKey'] = sdk.parsePrivateMapKey;

/** Nothing to wait for in Node: here so that a program that runs in a browser runs here, too. */
export const ready: Sdk['ready'] = sdk.ready;

/** The version of the core. */
export const version: Sdk['version'] = sdk.version;

/** Signs UserSigs for one app: the key is taken in once. Make one and share it; there is nothing to close. */
export class Signer extends sdk.Signer {}

/**
 * A client of one app. Make one and share it: it keeps the admin's UserSig and the connections.
 *
 * Making one does no I/O. A program that forgets to close it ends all the same.
 */
export class Client extends sdk.Client {
  /** @throws ConfigError for settings that cannot work. */
  constructor(options: ClientOptions = {}) {
    if (typeof options === 'object' && options !== null) {
      // Now, not at the first call.
      readTransportSettings(options);
    }
    super(options);
  }
}
