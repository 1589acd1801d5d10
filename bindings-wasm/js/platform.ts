/** What differs between the packages and runtimes that the facade serves. */

import type { Observers } from './events.js';
import type { Native } from './native.js';
import type { ClientOptions } from './options.js';
import { errorHere } from './records.js';
import type { Transport } from './transport.js';

/** One way to reach the core and the network. `Options` are the client's settings with those of the package. */
export interface Platform<Options extends ClientOptions = ClientOptions> {
  /** The core, loaded now if that can be done at once; nothing where it must be waited for. */
  native(): Native | undefined;
  /** Loads the core. Asked only where `native` gave nothing. */
  load(): Promise<Native>;
  /** How requests are sent unless the caller passes a `fetch`. Called at a client's first call. */
  transport(options: Options): Transport;
  /** Names of settings that are the package's own. */
  readonly ownOptions?: readonly string[];
  /** Who hears of all clients' events. */
  readonly observers?: Observers;
  /**
   * Whether a call belongs to the request in which it was made, as in workerd: its timer and its fetch end with that, and
   * no other request may touch them.
   */
  readonly isBoundToRequest?: boolean;
  /** Whether this is a page of a browser, where the secret key has no business. */
  isBrowser?(): boolean;
}

/** The core, where it is loaded or can be at once. */
export function loadedNative<Options extends ClientOptions>(platform: Platform<Options>): Native {
  const native = platform.native();
  if (native === undefined) {
    throw errorHere({
      kind: 'Config',
      message: 'the WebAssembly module is not loaded yet',
      cure: 'await ready() first; calls of the service do that by themselves',
    });
  }
  return native;
}

/** Keeps the secret key out of browsers. */
export function checkKeyMayBeHere<Options extends ClientOptions>(platform: Platform<Options>, allowed: unknown): void {
  if (allowed !== true && platform.isBrowser?.()) {
    throw errorHere({
      kind: 'Config',
      path: 'secretKey',
      message: 'the secret key does not belong in a browser',
      cause: 'whoever opens the page can read the key, and with it do anything to the app',
      cure: 'sign on a server and hand out UserSigs; on a page that only you can open pass dangerouslyAllowBrowser: true',
    });
  }
}
