/** The core as a WebAssembly module. */

import { TencentImError } from './errors.js';
import { fetchTransport } from './fetch.js';
import { wordsOf } from './foreign.js';
import type { Native } from './native.js';
import type { Platform } from './platform.js';
import { errorHere } from './records.js';
import { bundleCure } from './runtime_check.js';
import * as glue from './wasm/tencent_im.js';

/** Where a runtime has the module: at once, or after a wait. */
export type Source =
  | { now: () => WebAssembly.Module | BufferSource }
  | { later: () => URL | Promise<WebAssembly.Module | BufferSource> };

let loaded = false;

/** The platform of a runtime, and what differs there. There is one module, however many clients there are. */
export function wasmPlatform(source: Source, differs: Partial<Platform> = {}): Platform {
  return {
    transport: () => fetchTransport(),
    ...differs,
    native() {
      if (!loaded && 'now' in source) {
        try {
          glue.initSync({ module: source.now() });
        } catch (thrown) {
          throw notLoaded(thrown);
        }
        loaded = true;
      }
      return loaded ? (glue as Native) : undefined;
    },
    async load() {
      try {
        if ('later' in source) {
          // The glue takes one wait for all who ask, and tries again after a failure.
          await glue.default({ module_or_path: source.later() });
        }
      } catch (thrown) {
        throw notLoaded(thrown);
      }
      loaded = true;
      return glue as Native;
    },
  };
}

function notLoaded(thrown: unknown): Error {
  if (thrown instanceof TencentImError) {
    return thrown;
  }
  return errorHere({
    kind: 'Config',
    message: `the WebAssembly module cannot be loaded: ${wordsOf(thrown)}`,
    cure: `${bundleCure('tencent-im-wasm')}; or load the module yourself with tencent-im-wasm/slim`,
  });
}
