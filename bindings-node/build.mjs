/**
 * Builds the package: the addon, and the façade around it.
 *
 *   node bindings-node/build.mjs                          for this machine
 *   node bindings-node/build.mjs --target <rust triple>   the addon alone, for another one
 *   node bindings-node/build.mjs --js                     the façade alone
 *
 * Needs Rust, `npm ci` at the root, and the build of bindings-wasm, whose types are read here.
 */

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const triple = argument('--target');

if (!process.argv.includes('--js')) {
  buildAddon();
}
if (triple === undefined) {
  compile();
}

/** Compiles the addon; cargo itself knows what is up to date. */
function buildAddon() {
  const cross = triple === undefined ? [] : ['--target', triple];
  run('cargo', ['build', '--quiet', '--locked', '--release', '-p', 'tencent-im-node', ...cross]);
  const { name, library } = namesOf(triple ?? hostTriple());
  const addon = join(here, 'native', name);
  mkdirSync(dirname(addon), { recursive: true });
  copyFileSync(join(target, triple ?? '', 'release', library), `${addon}.part`);
  // In one step: a running program may have the old file mapped.
  renameSync(`${addon}.part`, addon);
  const bytes = readFileSync(addon);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length.toLocaleString('en')} bytes, ${gzip.toLocaleString('en')} gzip`);
}

/** The façade as CommonJS, and files by which `import` gets the same copy. */
function compile() {
  const dist = join(here, 'dist');
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  rmSync(dist, { recursive: true, force: true });
  run(process.execPath, [tsc, '-p', join(here, 'tsconfig.json')]);
  for (const name of ['index', 'types', 'webhooks']) {
    const from = `./${name}.js`;
    writeFileSync(join(dist, `${name}.d.mts`), `export * from '${from}';\n`);
    // By their names: Bun's bundler loses those of `export *`.
    const names = Object.keys(createRequire(join(dist, 'build'))(from)).filter((name) => name !== '__esModule');
    writeFileSync(join(dist, `${name}.mjs`), `export { ${names.join(', ')} } from '${from}';\n`);
  }
  // npm packs only what is in the package's own folder.
  copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));
}

/** File names of the addon: as js/native.ts looks for it, and as cargo writes it. */
function namesOf(rustTriple) {
  const [cpu, , system, libc = ''] = rustTriple.split('-');
  const arch = { x86_64: 'x64', aarch64: 'arm64', armv7: 'arm', i686: 'ia32' }[cpu] ?? cpu;
  switch (system) {
    case 'linux':
      return {
        name: `tencent-im.linux-${arch}-${libc.startsWith('musl') ? 'musl' : 'gnu'}.node`,
        library: 'libtencent_im_node.so',
      };
    case 'darwin':
      return { name: `tencent-im.darwin-${arch}.node`, library: 'libtencent_im_node.dylib' };
    case 'windows':
      return { name: `tencent-im.win32-${arch}-msvc.node`, library: 'tencent_im_node.dll' };
    default:
      throw new Error(`no addon is known for ${rustTriple}`);
  }
}

function hostTriple() {
  return /^host: (.*)$/m.exec(execFileSync('rustc', ['-vV'], { cwd: root, encoding: 'utf8' }))[1];
}

function argument(name) {
  const index = process.argv.indexOf(name);
  return index < 0 ? undefined : process.argv[index + 1];
}

function run(command, args) {
  try {
    execFileSync(command, args, { cwd: root, stdio: 'inherit' });
  } catch (error) {
    console.error(`${command} failed${error.code === 'ENOENT' ? ': it is not installed' : ''}`);
    process.exit(1);
  }
}
