// Programs of Deno and Bun, written to a directory beside the tests, so that they find the packages, and run there.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(tests, '../../node_modules/.bin');
const run = promisify(execFile);

/** How each runtime runs a program, and how a program there listens with its function `serve`, as `port`. */
const RUNTIMES = {
  deno: {
    args: ['run', '--no-prompt', '--allow-env', '--allow-read', '--allow-net'],
    listen: `const { port } = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, (request) => serve(request)).addr;`,
  },
  bun: {
    args: ['run'],
    listen: `const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => serve(request) });`,
  },
};

/** The names of the runtimes. */
export const PROGRAM_RUNTIMES = Object.keys(RUNTIMES);

/** Runs a program to its end and returns what it printed. */
export function printed(runtime, text) {
  return inDirectory(runtime, text, async (cwd) => {
    const options = { cwd, timeout: 110_000, maxBuffer: 64 * 1024 * 1024 };
    return (await run(join(bin, runtime), [...RUNTIMES[runtime].args, 'main.mjs'], options)).stdout;
  });
}

/** Runs a program that defines `serve`, a function of a request, while `use` talks to it at its address. */
export function serving(runtime, text, use) {
  const { args, listen } = RUNTIMES[runtime];
  return inDirectory(runtime, `${text} ${listen} console.log(port);`, async (cwd) => {
    const child = spawn(join(bin, runtime), [...args, 'main.mjs'], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const port = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data).trim()));
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`${runtime} ended with ${code}`)));
      });
      return await use(`http://127.0.0.1:${port}`);
    } finally {
      child.kill();
    }
  });
}

async function inDirectory(runtime, text, use) {
  const directory = mkdtempSync(join(tests, `program-${runtime}-`));
  try {
    writeFileSync(join(directory, 'main.mjs'), text);
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
