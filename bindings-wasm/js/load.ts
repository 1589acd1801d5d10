/** Loads a WebAssembly module through its glue. */

import { TencentImError } from './errors.js';
import { wordsOf } from './foreign.js';
import { errorHere } from './records.js';
import { bundleCure } from './runtime_check.js';

/** How a runtime provides the module: synchronously, or asynchronously. */
export type Source =
  | { now: () => WebAssembly.Module | BufferSource }
  | { later: () => URL | Promise<WebAssembly.Module | BufferSource> };

/** What wasm-bindgen exports beside the functions of a module. */
export interface Glue {
  initSync(options: { module: WebAssembly.Module | BufferSource }): unknown;
  default(options: { module_or_path: URL | Promise<WebAssembly.Module | BufferSource> }): Promise<unknown>;
}

/** Loads a module's functions. */
export interface Loader<Functions> {
  /** Returns the functions if they are loaded or can be loaded synchronously. */
  native(): Functions | undefined;
  /** Loads the functions. */
  load(): Promise<Functions>;
}

/**
 * Returns the loader of a glue's module, which is compiled once and on first use. `byHand` is the part of the package that
 * takes the module from the caller.
 */
export function loaderOf<Functions>(glue: Functions & Glue, byHand?: string): (source: Source) => Loader<Functions> {
  let loaded = false;
  return (source) => ({
    native() {
      if (!loaded && 'now' in source) {
        try {
          glue.initSync({ module: source.now() });
        } catch (thrown) {
          throw notLoaded(thrown, byHand);
        }
        loaded = true;
      }
      return loaded ? glue : undefined;
    },
    async load() {
      try {
        if ('later' in source) {
          // The glue shares one wait among all callers and tries again after a failure.
          await glue.default({ module_or_path: source.later() });
        }
      } catch (thrown) {
        throw notLoaded(thrown, byHand);
      }
      loaded = true;
      return glue;
    },
  });
}

function notLoaded(thrown: unknown, byHand: string | undefined): Error {
  if (thrown instanceof TencentImError) {
    return thrown;
  }
  const otherwise = byHand === undefined ? '' : `; or load the module yourself: tencent-im-wasm/${byHand}`;
  return errorHere({
    kind: 'Config',
    message: `the WebAssembly module cannot be loaded: ${wordsOf(thrown)}`,
    cure: bundleCure('tencent-im-wasm') + otherwise,
  });
}
