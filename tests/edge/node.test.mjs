// The cases under Node, and what only Node has.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as sdk from 'tencent-im-wasm';
import { CASES } from './shared/cases.mjs';
import { startServers } from './shared/servers.mjs';
import { clientOf } from './shared/tools.mjs';

describe('cases', () => {
  let servers;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers?.stop());
  for (const { name, run } of CASES) {
    test(name, () => run({ ...servers.context, sdk, tellsUnsent: true }));
  }

  test('runs over many items are for the native build', async () => {
    const im = clientOf({ ...servers.context, sdk });
    await assert.rejects(
      async () => {
        for await (const _ of im.accounts.importMany(['u1'])) {
          // There is no result.
        }
      },
      (error) =>
        error instanceof sdk.ConfigError &&
        error.operation === 'accounts.import_accounts' &&
        /native build/.test(error.message) &&
        /tencent-im/.test(error.cure),
    );
    await im.close();
  });
});
