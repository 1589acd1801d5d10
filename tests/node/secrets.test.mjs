// Secret keys do not stay in the memory of JavaScript: functions forget them, clients and signers leave them to the core.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { APP, KEY } from './support/emulator.mjs';
import { run } from './support/program.mjs';

let directory;

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'tencent-im-'));
});
after(() => rmSync(directory, { recursive: true }));

const USES = {
  signUserSig: 'sdk.signUserSig({ ...from, userId })',
  Signer: '(globalThis.kept = new sdk.Signer(from)).sign(userId)',
  Client: '(globalThis.kept = new sdk.Client(from)).signUserSig(userId)',
};

for (const [packageName, uses] of [
  ['tencent-im', ['signUserSig', 'Signer', 'Client']],
  ['tencent-im-wasm', ['signUserSig', 'Signer', 'Client']],
  ['tencent-im-wasm/usersig', ['signUserSig', 'Signer']],
]) {
  for (const use of uses) {
    for (const [origin, from, variables] of [
      ['given as a parameter', '{ secretKey: process.env.KEY }', { KEY }],
      ['read from the environment', '{}', { TENCENT_IM_SECRET_KEY: KEY }],
    ]) {
      test(`${packageName}: ${use} keeps no key that was ${origin}`, async () => {
        const file = join(directory, 'heap.json');
        const script = `
          import { writeHeapSnapshot } from 'node:v8';
          import * as sdk from '${packageName}';
          globalThis.userId = process.env.USER_ID;
          // In a function of its own: the registers of this one may go on holding what was passed.
          const sign = (from) => ${USES[use]}.length > 100;
          const signFrom = () => sign(${from});
          console.log(signFrom());
          writeHeapSnapshot(process.argv[1]);`;
        const app = { TENCENT_IM_SDK_APP_ID: String(APP), USER_ID: 'this-text-is-kept' };
        const env = { PATH: process.env.PATH, ...app, ...variables };
        const { stdout } = await run(['--input-type=module', '-e', script, file], { env });
        assert.equal(stdout, 'true\n');
        const heap = readFileSync(file, 'latin1');
        assert.deepEqual([heap.includes('this-text-is-kept'), heap.includes(KEY)], [true, false]);
      });
    }
  }
}
