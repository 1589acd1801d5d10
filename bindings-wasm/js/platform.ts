/** What differs between the packages and runtimes that share the facade. */

import type { Observers } from './events.js';
import type { Native } from './native.js';
import type { ClientOptions } from './options.js';
import { errorHere } from './records.js';
import type { Transport } from './transport.js';

/** Access to the core and the network. `Options` are the client's settings, including the package's own. */
export interface Platform<Options extends ClientOptions = ClientOptions> {
  /** Returns the core if it is loaded or can be loaded synchronously. */
  native(): Native | undefined;
  /** Loads the core. Used only if `native` returned nothing. */
  load(): Promise<Native>;
  /** Makes the transport of a client without a `fetch` of its own, at its first call. */
  transport(options: Options): Transport;
  /** Names of settings that only this package has. */
  readonly ownOptions?: readonly string[];
  /** Receive the events of all clients. */
  readonly observers?: Observers;
  /**
   * Whether a call belongs to the request in which it was made, as in workerd: its timer and its fetch end with that
   * request, and no other request may touch them.
   */
  readonly isBoundToRequest?: boolean;
  /** Returns whether this is a browser, which must not have the secret key. */
  isBrowser?(): boolean;
}

/**
 * Returns the core if it is loaded or can be loaded synchronously.
 *
 * @throws ConfigError otherwise.
 */
export function loadedNative<Options extends ClientOptions>(platform: Platform<Options>): Native {
  const native = platform.native();
  if (native === undefined) {
    throw errorHere({
      kind: 'Config',
      message: 'the WebAssembly module is not loaded yet',
      cure: 'await ready() first; calls to the service do so by themselves',
    });
  }
  return native;
}

/** @throws ConfigError in a browser, unless the secret key is allowed there. */
export function checkKeyMayBeHere<Options extends ClientOptions>(platform: Platform<Options>, allowed: unknown): void {
  if (allowed !== true && platform.isBrowser?.()) {
    throw errorHere({
      kind: 'Config',
      path: 'secretKey',
      message: 'the secret key does not belong in a browser',
      cause: 'anyone who opens the page can read the key and do anything to the app',
      cure: 'sign on a server and hand out UserSigs; on a page that only you can open, pass dangerouslyAllowBrowser: true',
    });
  }
}
