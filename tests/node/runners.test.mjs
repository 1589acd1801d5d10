// The test runners of users: the packages work in Jest and Vitest, whose files run in realms and with timers of their own.

import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { APP, KEY, startEmulator } from './support/emulator.mjs';
import { run } from './support/program.mjs';
import { project } from './support/project.mjs';
import { deadPort } from './support/servers.mjs';

const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin/jest.js');
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');

let emulator;
let directory;
let env;

before(async () => {
  emulator = await startEmulator();
  // As npm installs them: packages that are linked would be transformed as if they were the user's own code.
  directory = project('runners');
  cpSync(fileURLToPath(new URL('runners', import.meta.url)), directory, { recursive: true });
  symlinkSync(dirname(require.resolve('vitest/package.json')), join(directory, 'node_modules/vitest'));
  env = {
    PATH: process.env.PATH,
    TENCENT_IM_SDK_APP_ID: String(APP),
    TENCENT_IM_SECRET_KEY: KEY,
    TENCENT_IM_BASE_URL: emulator.url,
    DEAD_URL: `http://127.0.0.1:${await deadPort()}`,
  };
});

after(async () => {
  await emulator.stop();
  rmSync(directory, { recursive: true });
});

/** Runs one file of tests and tells how many passed. */
async function results(runner, flags, variables = {}) {
  const report = join(directory, 'report.json');
  rmSync(report, { force: true });
  // A runner whose tests fail ends with an error, and the report says which.
  const ended = await run([runner, ...flags, '--outputFile', report], {
    cwd: directory,
    env: { ...env, ...variables },
  }).catch((error) => error);
  if (!existsSync(report)) {
    throw ended;
  }
  const { numPassedTests, numTotalTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = testResults.flatMap(({ message, assertionResults }) => [
    ...(message ? [message] : []),
    ...assertionResults.flatMap(({ fullName, failureMessages }) =>
      failureMessages.map((text) => `${fullName}: ${text}`),
    ),
  ]);
  assert.deepEqual(failed, []);
  assert.ok(!(ended instanceof Error), ended.message);
  return { passed: numPassedTests, of: numTotalTests };
}

const viaJest = (file) => results(jest, ['--rootDir', '.', '--testMatch', `**/${file}`, '--json', '--no-cache']);
const viaVitest = (pool) => results(vitest, ['run', 'vitest.', '--reporter', 'json', '--pool', pool], { POOL: pool });

test('Jest', async () => {
  assert.deepEqual(await viaJest('jest.test.cjs'), { passed: 6, of: 6 });
});

test("Jest's jsdom", async () => {
  assert.deepEqual(await viaJest('jsdom.test.cjs'), { passed: 7, of: 7 });
});

for (const pool of ['forks', 'vmThreads']) {
  test(`Vitest with the pool ${pool}`, async () => {
    assert.deepEqual(await viaVitest(pool), { passed: 6, of: 6 });
  });
}
