/**
 * Builds the package: the WebAssembly modules, their glue, and the facade in both module formats.
 *
 *   node bindings-wasm/build.mjs          everything, skipping what is up to date
 *   node bindings-wasm/build.mjs --glue   the glue alone, as much as type checking needs
 *   node bindings-wasm/build.mjs --force  everything anew
 *
 * Needs Rust with the target wasm32-unknown-unknown, and `npm ci` at the root.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const builder = join(here, 'builder/src/main.rs');
const dist = join(here, 'dist');
const stamps = join(target, 'tencent-im-wasm-stamps');
/** Most bytes of a file: workers load it at every cold start. */
const BUDGET = {
  'wasm/tencent_im.wasm': { bytes: 560_000, gzip: 215_000 },
  'wasm/tencent_im_usersig.wasm': { bytes: 100_000, gzip: 45_000 },
  'wasm/tencent_im_webhooks.wasm': { bytes: 240_000, gzip: 100_000 },
};
const force = process.argv.includes('--force');
const glueOnly = process.argv.includes('--glue');

/** The whole module, the one that only signs, and the one that only receives webhooks. */
const MODULES = [
  { name: 'tencent_im', crate: 'tencent-im-wasm', profile: 'wasm', glue: join(here, 'js/wasm') },
  {
    name: 'tencent_im_usersig',
    crate: 'tencent-im-usersig-wasm',
    profile: 'wasm-usersig',
    glue: join(here, 'js/wasm_usersig'),
  },
  {
    name: 'tencent_im_webhooks',
    crate: 'tencent-im-webhooks-wasm',
    profile: 'wasm',
    glue: join(here, 'js/wasm_webhooks'),
  },
];

for (const module of MODULES) {
  const compiled = buildModule(module);
  const { name, glue } = module;
  const bare = join(glue, `${name}_bg.wasm`);
  if (stale(`glue-${name}`, [compiled, builder], [join(glue, `${name}.js`), bare])) {
    writeGlue(module, compiled);
  }
  if (!glueOnly && stale(`wasm-opt-${name}`, [bare], [join(dist, `wasm/${name}.wasm`)])) {
    optimize(module, bare);
  }
}
if (!glueOnly) {
  const outputs = [
    ...['esm/facade.js', 'esm/facade.node.js', 'esm/entry/node.js', 'cjs/entry/node.js', 'cjs/package.json'],
    ...['esm/usersig_only/entry/node.js', 'cjs/usersig_only/entry/node.js'],
    ...['esm/webhooks/entry/node.js', 'esm/webhooks/facade.node.js', 'cjs/webhooks/entry/node.js'],
  ];
  if (
    stale(
      'tsc',
      [...files(join(here, 'js')), join(here, 'tsconfig.json'), join(here, 'tsconfig.cjs.json')],
      outputs.map((file) => join(dist, file)),
    )
  ) {
    compile();
  }
  printSizes();
}

/** Compiles the crate; cargo itself knows what is up to date. */
function buildModule({ crate, profile }) {
  run('cargo', [
    'build',
    '--quiet',
    '--locked',
    '--profile',
    profile,
    '--target',
    'wasm32-unknown-unknown',
    '-p',
    crate,
  ]);
  return join(target, 'wasm32-unknown-unknown', profile, `${crate.replaceAll('-', '_')}.wasm`);
}

/** Makes the glue with the library behind the wasm-bindgen command, pinned by Cargo.lock: nothing to install. */
function writeGlue({ name, glue }, compiled) {
  rmSync(glue, { recursive: true, force: true });
  run('cargo', ['run', '--quiet', '--locked', '-p', 'tencent-im-wasm-builder', '--', compiled, glue, name]);
  stamp(`glue-${name}`, [compiled, builder]);
}

/** Makes a module smaller. Without any feature flag: with --all-features it writes what engines refuse. */
function optimize({ name }, bare) {
  const binaryen = dirname(createRequire(import.meta.url).resolve('binaryen/package.json'));
  const optimized = join(dist, `wasm/${name}.wasm`);
  mkdirSync(dirname(optimized), { recursive: true });
  // --converge: again until nothing changes, for 0.6 kB of gzip less.
  const flags = ['-Oz', '--converge', bare, '-o', `${optimized}.part`];
  run(process.execPath, [join(binaryen, 'bin/wasm-opt'), ...flags]);
  renameSync(`${optimized}.part`, optimized);
  stamp(`wasm-opt-${name}`, [bare]);
}

/** Compiles the facade: ES modules for all, CommonJS for Node, where `import` re-exports the CommonJS copy. */
function compile() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  rmSync(join(dist, 'esm'), { recursive: true, force: true });
  rmSync(join(dist, 'cjs'), { recursive: true, force: true });
  run(process.execPath, [tsc, '-p', join(here, 'tsconfig.json')]);
  run(process.execPath, [tsc, '-p', join(here, 'tsconfig.cjs.json')]);
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
  writeEntries();
  reexport('esm/entry/node.js', '../../cjs/entry/node.js');
  reexport('esm/usersig_only/entry/node.js', '../../../cjs/usersig_only/entry/node.js');
  reexport('esm/webhooks/entry/node.js', '../../../cjs/webhooks/entry/node.js');
  reexport('esm/facade.node.js', '../cjs/facade.js');
  reexport('esm/webhooks/facade.node.js', '../../cjs/webhooks/facade.js');
  for (const facade of ['facade.node.d.ts', 'webhooks/facade.node.d.ts']) {
    writeFileSync(join(dist, 'esm', facade), "export * from './facade.js';\n");
  }
  // npm packs only what is in the package's own folder.
  copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));
  stamp('tsc', [...files(join(here, 'js')), join(here, 'tsconfig.json'), join(here, 'tsconfig.cjs.json')]);
}

/** An ES module that gives a CommonJS one's exports by their names: Bun's bundler loses those of `export *`. */
function reexport(file, from) {
  const path = join(dist, file);
  const names = Object.keys(createRequire(path)(from)).filter((name) => name !== '__esModule');
  writeFileSync(path, `export { ${names.join(', ')} } from '${from}';\n`);
}

/** Writes the entry of each runtime: the same but for the file that `#runtime` stands for. Static, for bundlers' sake. */
function writeEntries() {
  const write = (format, runtime, more = '') => {
    for (const ending of ['js', 'd.ts']) {
      const text = readFileSync(join(dist, format, `entry/index.${ending}`), 'utf8');
      const path = join(dist, format, `entry/${runtime}.${ending}`);
      // Declarations name the entry itself, too.
      const entry = text
        .replace(/(['"])#runtime\1/, `'../runtimes/${runtime}.js'`)
        .replaceAll('./index.js', `./${runtime}.js`);
      writeFileSync(path, entry + more);
    }
  };
  for (const runtime of ['browser', 'bun', 'bundled', 'default', 'deno', 'edge-light', 'workerd']) {
    write('esm', runtime);
  }
  write('esm', 'slim', "export { init } from '../runtimes/slim.js';\n");
  write('cjs', 'node');
  for (const format of ['esm', 'cjs']) {
    rmSync(join(dist, format, 'entry/index.js'));
    rmSync(join(dist, format, 'entry/index.d.ts'));
  }
}

function printSizes() {
  const files = MODULES.flatMap(({ name, glue }) => [`wasm/${name}.wasm`, `esm/${basename(glue)}/${name}.js`]);
  for (const file of files) {
    const bytes = readFileSync(join(dist, file));
    const gzip = gzipSync(bytes, { level: 9 }).length;
    console.log(`${file}: ${bytes.length.toLocaleString('en')} bytes, ${gzip.toLocaleString('en')} gzip`);
    const most = BUDGET[file];
    if (most !== undefined && (bytes.length > most.bytes || gzip > most.gzip)) {
      const budget = `${most.bytes.toLocaleString('en')} bytes, ${most.gzip.toLocaleString('en')} gzip`;
      console.error(`${file} is larger than its budget (${budget}): find what grew before the budget does`);
      process.exitCode = 1;
    }
  }
  const { Client } = createRequire(import.meta.url)(join(dist, 'cjs/entry/node.js'));
  const start = performance.now();
  new Client({ sdkAppId: 1, secretKey: 'x' });
  console.log(`compiled, instantiated and a client made in ${(performance.now() - start).toFixed(1)} ms`);
}

/** Whether a step must run: an output is missing, or its inputs are not those of its last run. */
function stale(step, inputs, outputs) {
  const file = join(stamps, step);
  return force || !outputs.every(existsSync) || !existsSync(file) || readFileSync(file, 'utf8') !== digest(inputs);
}

/** Remembers a step's inputs. By content: a checkout or a cache changes times. */
function stamp(step, inputs) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, step), digest(inputs));
}

function digest(inputs) {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const input of inputs.toSorted()) {
    hash.update(input).update(readFileSync(input));
  }
  return hash.digest('hex');
}

function files(directory) {
  return readdirSync(directory, { recursive: true })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

function run(command, args) {
  try {
    execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  } catch (error) {
    console.error(`${command} failed${error.code === 'ENOENT' ? ': it is not installed' : ''}`);
    process.exit(1);
  }
}
