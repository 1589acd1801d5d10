/** The core as a WebAssembly module. */

import { fetchTransport } from './fetch.js';
import { loaderOf, type Source } from './load.js';
import type { Native } from './native.js';
import type { Platform } from './platform.js';
import * as glue from './wasm/tencent_im.js';

const load = loaderOf<Native>(glue as Native & typeof glue, 'slim');

/** Returns the platform of a runtime. All clients share one module. */
export function wasmPlatform(source: Source, differs: Partial<Platform> = {}): Platform {
  return { transport: () => fetchTransport(), ...differs, ...load(source) };
}
