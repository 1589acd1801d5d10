// Programs that use the package, run as processes of their own.

import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APP, KEY } from './emulator.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a module in which `Client` is there. It must end by itself, with success. */
export function runScript(script, environment = {}, { timeoutMs = 60_000 } = {}) {
  const source = `import { Client } from 'tencent-im';\n${script}`;
  const clean = { PATH: process.env.PATH, TENCENT_IM_SDK_APP_ID: String(APP), TENCENT_IM_SECRET_KEY: KEY };
  return run(['--input-type=module', '-e', source], { env: { ...clean, ...environment }, timeoutMs });
}

/** Runs Node with these arguments and gives what it wrote. */
export function run(args, { env = process.env, cwd = here, timeoutMs = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    execFile(process.execPath, args, { cwd, env, timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error) {
        error.message += `\n${stdout}`;
        reject(error);
      } else {
        resolve({ stdout, stderr, tookMs: performance.now() - start });
      }
    });
  });
}
