/** Loads the core: the addon built for this machine, or else the WebAssembly module, which runs anywhere. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bundleCure, errorHere, type Native, type Platform, wordsOf } from 'tencent-im-wasm/facade';
import type { WebhookNative, WebhookPlatform } from 'tencent-im-wasm/webhooks/facade';

/** Which form of the core is in use. */
export interface Backend {
  /** The addon, or the WebAssembly module. */
  name: 'native' | 'wasm';
  /** Why the addon is not in use. */
  reason?: string;
}

let loaded: { native: Native; backend: Backend } | undefined;

/** Returns the core. Loads it on first use: importing the package loads nothing. */
export function native(): Native {
  loaded ??= loadAddon();
  return loaded.native;
}

/** Tells whether the addon or the WebAssembly module is in use. */
export function backend(): Backend {
  native();
  return { ...(loaded as { backend: Backend }).backend };
}

let receiving: WebhookNative | undefined;

/** The core's webhooks: they are in the addon, but not in the module that takes its place. */
export function webhookNative(): WebhookNative {
  const core = native();
  receiving ??= backend().name === 'native' ? (core as Native & WebhookNative) : webhooksInWasm();
  return receiving;
}

function loadAddon(): { native: Native; backend: Backend } {
  const directory = join(__dirname, '../native');
  const names = addonNames();
  const files = names.map((name) => join(directory, name)).filter((file) => existsSync(file));
  // An addon for another C library can crash the process. Asking which one this is takes long, so only if it matters.
  const file = files.length > 1 && !isGlibc() ? files[1] : files[0];
  if (file === undefined) {
    return fallBack(`this package does not include ${names.join(' or ')}`);
  }
  try {
    return { native: require(file) as Native, backend: { name: 'native' } };
  } catch (error) {
    // For example a C library older than the one the addon was built for.
    return fallBack(wordsOf(error));
  }
}

/** Returns the file names of the addon for this machine, likeliest first. */
function addonNames(): string[] {
  const { platform, arch } = process;
  const name = (libc: string) => `tencent-im.${platform}-${arch}${libc}.node`;
  switch (platform) {
    case 'linux':
      return [name('-gnu'), name('-musl')];
    case 'win32':
      return [name('-msvc')];
    default:
      return [name('')];
  }
}

function isGlibc(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime !== undefined;
}

/** Loads the WebAssembly module of `tencent-im-wasm`, which npm installs with this package. */
function fallBack(reason: string): { native: Native; backend: Backend } {
  try {
    const { wasmPlatform } = inWasm<{ wasmPlatform(source: WasmFile): Platform }>('dist/cjs/wasm.js');
    const native = wasmPlatform(wasmFile('tencent_im')).native() as Native;
    return { native, backend: { name: 'wasm', reason } };
  } catch (error) {
    // A bundle has neither file.
    throw errorHere({
      kind: 'Config',
      message: `the core cannot be loaded: ${reason}, and neither can tencent-im-wasm: ${wordsOf(error).split('\n')[0]}`,
      cure: bundleCure('tencent-im'),
    });
  }
}

function webhooksInWasm(): WebhookNative {
  type Module = { webhookPlatform(source: WasmFile): WebhookPlatform };
  const { webhookPlatform } = inWasm<Module>('dist/cjs/webhooks/wasm.js');
  return webhookPlatform(wasmFile('tencent_im_webhooks')).native() as WebhookNative;
}

interface WasmFile {
  now(): Uint8Array<ArrayBuffer>;
}

/** A file of the package for edge workers. */
function inWasmPackage(file: string): string {
  return join(dirname(require.resolve('tencent-im-wasm/package.json')), file);
}

function inWasm<Exports>(file: string): Exports {
  return require(inWasmPackage(file)) as Exports;
}

function wasmFile(name: string): WasmFile {
  return { now: () => readFileSync(inWasmPackage(`dist/wasm/${name}.wasm`)) };
}
