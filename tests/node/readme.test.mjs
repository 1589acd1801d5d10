// The code in the package's README runs as it stands there.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, startEmulator } from './support/emulator.mjs';
import { run } from './support/program.mjs';

const readme = readFileSync(join(root, 'bindings-node/README.md'), 'utf8');
const blocks = [...readme.matchAll(/<!-- run: (\w+) -->\n```js\n(.*?)```/gs)];
// Below this folder, so that the package is found.
const folder = join(root, 'tests/node/readme-blocks');
let emulator;

before(async () => {
  emulator = await startEmulator();
  mkdirSync(folder, { recursive: true });
});
after(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

test('every block of JavaScript is marked', () => {
  assert.equal(blocks.length, readme.match(/```js/g).length);
  assert.ok(blocks.length >= 4);
});

for (const [index, [, extension, code]] of blocks.entries()) {
  test(`block ${index + 1}`, async () => {
    const file = join(folder, `block-${index + 1}.${extension}`);
    writeFileSync(file, code);
    const { sdkAppId, secretKey, baseUrl } = emulator.settings;
    const env = {
      ...process.env,
      TENCENT_IM_SDK_APP_ID: String(sdkAppId),
      TENCENT_IM_SECRET_KEY: secretKey,
      TENCENT_IM_BASE_URL: baseUrl,
    };
    const { stdout, stderr } = await run([file], { env });
    assert.equal(stderr, '');
    assert.ok(stdout.length > 0);
  });
}
