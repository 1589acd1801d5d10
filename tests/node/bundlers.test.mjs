// Programs for Node that are bundled: they work, or their error says how to bundle them so that they do.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import webpack from 'webpack';
import { root } from './support/emulator.mjs';
import { run } from './support/program.mjs';
import { PACKAGES, project } from './support/project.mjs';

const bun = join(root, 'node_modules/.bin/bun');
const NAMES = Object.keys(PACKAGES);
const PROGRAM = `
  import { Client, inspectUserSig, TencentImError } from 'PACKAGE';
  try {
    const im = new Client({ sdkAppId: 1400000001, secretKey: 'made up' });
    const refused = await im.accounts.kick({ userId: '' }).catch((error) => error);
    console.log(JSON.stringify([inspectUserSig(im.signUserSig('alice')).userId, refused.path]));
  } catch (error) {
    console.log(JSON.stringify([error.name, error instanceof TencentImError, error.cure]));
  }`;

let directory;
// Not below the checkout, whose node_modules a bundle would find.
let elsewhere;

before(() => {
  directory = project('bundlers');
  elsewhere = mkdtempSync(join(tmpdir(), 'tencent-im-'));
});
after(() => {
  for (const made of [directory, elsewhere]) rmSync(made, { recursive: true });
});

/** The bundlers, each as it writes one file for Node. What is external is not bundled. */
const BUNDLERS = {
  esbuild: (entry, out, format, external) =>
    build({
      ...{ entryPoints: [entry], outfile: out, bundle: true, platform: 'node', format, logLevel: 'error' },
      external,
    }),
  async bun(entry, out, format, external) {
    const outdir = `${out}.out`;
    const rest = external.flatMap((name) => ['--external', name]);
    await promisify(execFile)(bun, [
      'build',
      entry,
      '--target=node',
      `--format=${format}`,
      '--outdir',
      outdir,
      ...rest,
    ]);
    renameSync(
      join(
        outdir,
        readdirSync(outdir).find((file) => file.endsWith('.js')),
      ),
      out,
    );
  },
  webpack: (entry, out, format, external) =>
    new Promise((resolve, reject) => {
      const type = format === 'esm' ? 'module' : 'commonjs';
      const output = { path: dirname(out), filename: basename(out), module: format === 'esm', library: { type } };
      const externals = Object.fromEntries(external.map((name) => [name, `${type} ${name}`]));
      const experiments = { outputModule: format === 'esm' };
      const settings = { mode: 'development', devtool: false, target: 'node', entry, output, externals, experiments };
      webpack(settings, (error, stats) =>
        error || stats.hasErrors() ? reject(error ?? new Error(stats.toString('errors-only'))) : resolve(),
      );
    }),
};

/** Bundles a program, runs it where the package is only if it is external, and gives what it printed. */
async function outcome(bundler, name, format, external = []) {
  const entry = join(directory, `${bundler}-${name}.mjs`);
  // A CommonJS module cannot wait at its top level.
  const program = PROGRAM.replace('PACKAGE', name);
  writeFileSync(entry, format === 'cjs' ? `${program.replace('\n  try {', '\n  (async () => { try {')}})();` : program);
  const out = join(
    external.length > 0 ? directory : elsewhere,
    'out',
    `${bundler}-${name}-${external.length}.${format === 'cjs' ? 'cjs' : 'mjs'}`,
  );
  await BUNDLERS[bundler](entry, out, format, external);
  // Bun's bundles know where the package was.
  const modules = join(directory, 'node_modules');
  const hidden = external.length > 0 ? modules : join(directory, 'hidden');
  renameSync(modules, hidden);
  try {
    return JSON.parse((await run([out], { cwd: dirname(out) })).stdout);
  } catch ({ message }) {
    // No program can catch what is thrown while the package loads. A bundler may number the class.
    return [/(\w+Error)\d*: .*Cure: /.exec(message)?.[1], true, /Cure: (.*)/.exec(message)?.[1] ?? message];
  } finally {
    renameSync(hidden, modules);
  }
}

const WORKS = ['alice', 'userId'];

for (const bundler of Object.keys(BUNDLERS)) {
  for (const name of NAMES) {
    for (const format of ['cjs', 'esm']) {
      test(`${bundler} makes ${format} of ${name}`, async () => {
        const told = await outcome(bundler, name, format);
        if (bundler === 'webpack' && name === 'tencent-im-wasm') {
          assert.deepEqual(told, WORKS, 'webpack brings the module along');
        } else {
          const [error, isOurs, cure] = told;
          assert.deepEqual([error, isOurs], ['ConfigError', true], cure);
          assert.ok(cure.includes(`--external:${name} (esbuild)`), cure);
          assert.ok(cure.includes(`serverExternalPackages: ['${name}']`), cure);
        }
        // What the cure says.
        assert.deepEqual(await outcome(bundler, name, format, [name]), WORKS);
      });
    }
  }
}

const SMALL = {
  'tencent-im-wasm/usersig': `
    import { signUserSig } from 'tencent-im-wasm/usersig';
    console.log(JSON.stringify(signUserSig({ sdkAppId: 1400000001, secretKey: 'made up', userId: 'alice' }).length > 100));`,
  'tencent-im-wasm/webhooks': `
    import { listWebhooks } from 'tencent-im-wasm/webhooks';
    console.log(JSON.stringify(listWebhooks().length > 10));`,
};

for (const name of [...NAMES, ...Object.keys(SMALL)]) {
  for (const [what, ...flags] of [
    ['a bundle for Bun', '--target=bun', '--outdir', 'bundle'],
    ['an executable', '--compile', '--outfile', 'executable/program'],
  ]) {
    test(`bun build makes ${what} of ${name}, which brings the module along`, async () => {
      const entry = join(directory, 'for-bun.mjs');
      writeFileSync(entry, SMALL[name] ?? PROGRAM.replace('PACKAGE', name));
      const out = mkdtempSync(join(elsewhere, 'bun-'));
      await promisify(execFile)(bun, ['build', entry, ...flags], { cwd: out });
      const modules = join(directory, 'node_modules');
      renameSync(modules, join(directory, 'hidden'));
      try {
        const [file, ...args] = flags.includes('--compile')
          ? [join(out, 'executable/program')]
          : [bun, join(out, 'bundle/for-bun.js')];
        const { stdout } = await promisify(execFile)(file, args, { cwd: tmpdir() });
        assert.deepEqual(JSON.parse(stdout), name in SMALL ? true : WORKS);
      } finally {
        renameSync(join(directory, 'hidden'), modules);
      }
    });
  }
}
