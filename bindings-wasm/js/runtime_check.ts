/** Checks a program in Node before the rest of a package is loaded. */

import type { ErrorKind } from './errors.js';
import { errorHere } from './records.js';

/** What a package needs. */
export interface Needs {
  /** Its name on npm. */
  name: string;
  /** The oldest supported Node, as in `engines`. */
  node: string;
  /** Whether the package knows where its files are. In a bundle in ES module format it does not. */
  knowsItsPlace: boolean;
}

/** Returns how to bundle a program for Node so that a package finds its files, for the common bundlers. */
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
      cure: 'install a supported version of Node: https://nodejs.org/en/download',
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

/** Compares versions such as `20.18.1`, without what follows a hyphen. */
function isOlder(version: string, than: string): boolean {
  const parts = (text: string) => text.split('-')[0]?.split('.').map(Number) ?? [];
  const [ours, theirs] = [parts(version), parts(than)];
  const at = theirs.findIndex((part, index) => part !== (ours[index] ?? 0));
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}
