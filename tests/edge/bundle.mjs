// Bundles a worker as wrangler does: one script, and beside it the WebAssembly modules that it imports.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

/** `input`: esbuild's entryPoints or stdin. Gives modules for Miniflare. */
export async function bundle(input, conditions) {
  const modules = new Map();
  const keepWasm = {
    name: 'keep wasm beside the script',
    setup(esbuild) {
      esbuild.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path, resolveDir }) => {
        const file = path.replace('?module', '');
        modules.set(basename(file), readFileSync(join(resolveDir, file)));
        return { path: `./${basename(file)}`, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    ...input,
    bundle: true,
    format: 'esm',
    conditions,
    plugins: [keepWasm],
    write: false,
    outfile: 'worker.mjs',
  });
  return [
    { type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0].text },
    ...[...modules].map(([path, contents]) => ({ type: 'CompiledWasm', path, contents })),
  ];
}
