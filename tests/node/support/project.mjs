// A project of a user, with the packages in it as npm lays them out.

import { cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './emulator.mjs';

/** Where the packages are built. */
export const PACKAGES = { 'tencent-im': join(root, 'bindings-node'), 'tencent-im-wasm': join(root, 'bindings-wasm') };

/** Makes a project with both packages, but without what `leaveOut` names, and gives its directory. */
export function project(name, leaveOut) {
  const directory = join(root, 'target/tests-node', name);
  rmSync(directory, { recursive: true, force: true });
  const install = (source, packageName, ...entries) => {
    for (const entry of entries) {
      cpSync(join(source, entry), join(directory, 'node_modules', packageName, entry), { recursive: true });
    }
  };
  for (const [packageName, source] of Object.entries(PACKAGES)) {
    const entries = ['package.json', 'dist', 'native'].filter((entry) => entry !== leaveOut);
    install(source, packageName, ...entries.filter((entry) => existsSync(join(source, entry))));
  }
  const undici = createRequire(join(PACKAGES['tencent-im'], 'package.json')).resolve('undici/package.json');
  install(dirname(undici), 'undici', 'package.json', 'index.js', 'lib');
  return directory;
}
