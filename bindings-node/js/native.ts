/** The core: the addon built for this machine, or else the WebAssembly module, which runs on any. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { bundleCure, errorHere, type Native, type Platform, wordsOf } from 'tencent-im-wasm/facade';
import type { WebhookNative, WebhookPlatform } from 'tencent-im-wasm/webhooks/facade';

/** How the core is reached, and why not by the addon where it is not. */
export interface Backend {
  name: 'native' | 'wasm';
  reason?: string;
}

let loaded: { native: Native; backend: Backend } | undefined;

/** The core. It is loaded when it is first needed: importing the package does nothing. */
export function native(): Native {
  loaded ??= loadAddon();
  return loaded.native;
}

/** How the core is reached. */
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
  // A C library of the wrong kind can crash the process: ask, but only where there is a choice, as asking takes long.
  const file = files.length > 1 && !isGlibc() ? files[1] : files[0];
  if (file === undefined) {
    return fallBack(`there is no ${names.join(' or ')} in this package`);
  }
  try {
    return { native: require(file) as Native, backend: { name: 'native' } };
  } catch (error) {
    // Such as a C library older than the one it was built for.
    return fallBack(wordsOf(error));
  }
}

/** File names of the addon for this machine, the likelier first. */
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

/** The module of the package for edge workers, which npm installs with this one. */
function fallBack(reason: string): { native: Native; backend: Backend } {
  try {
    const { wasmPlatform } = inWasm<{ wasmPlatform(source: WasmFile): Platform }>('dist/cjs/wasm.js');
    const native = wasmPlatform(wasmFile('tencent_im')).native() as Native;
    return { native, backend: { name: 'wasm', reason } };
  } catch (error) {
    // So it is in a bundle, which has neither file.
    throw errorHere({
      kind: 'Config',
      message: `the core cannot be loaded: ${reason}, and no tencent-im-wasm in its place: ${wordsOf(error).split('\n')[0]}`,
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
