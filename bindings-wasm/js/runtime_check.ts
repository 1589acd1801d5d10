/** What must be true of a program in Node before anything else of a package is loaded there. */

import type { ErrorKind } from './errors.js';
import { errorHere } from './records.js';

/** What a package says of itself. */
export interface Needs {
  /** Its name on npm. */
  name: string;
  /** The oldest Node, as in `engines`. */
  node: string;
  /** Whether the module system told the package where its files are. Bundles in ES module format do not. */
  knowsItsPlace: boolean;
}

/** How a program that is bundled for Node gets at the files of a package, by the names of the common tools. */
export function bundleCure(name: string): string {
  return (
    `keep the package out of the bundle: --external:${name} (esbuild), --external ${name} (bun build), ` +
    `externals (webpack), serverExternalPackages: ['${name}'] (Next.js)`
  );
}

/** @throws ConfigError when Node is too old, or when a bundler has cut the package off from its files. */
export function checkRuntime(needs: Needs): void {
  const here = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node;
  const config = { kind: 'Config' as ErrorKind };
  if (here !== undefined && isOlder(here, needs.node)) {
    throw errorHere({
      ...config,
      message: `${needs.name} needs Node ${needs.node} or newer, and this is Node ${here}`,
      cure: 'install a Node that is still supported: https://nodejs.org/en/download',
    });
  }
  if (!needs.knowsItsPlace) {
    throw errorHere({
      ...config,
      message: `${needs.name} cannot find its files: it was bundled into an ES module`,
      cure: bundleCure(needs.name),
    });
  }
}

/** Compares versions such as `20.18.1`; what follows a hyphen does not count. */
function isOlder(version: string, than: string): boolean {
  const parts = (text: string) => text.split('-')[0]?.split('.').map(Number) ?? [];
  const [ours, theirs] = [parts(version), parts(than)];
  const at = theirs.findIndex((part, index) => part !== (ours[index] ?? 0));
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}
