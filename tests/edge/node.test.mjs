// The cases under Node, and what only Node has.

import { after, before, describe, test } from 'node:test';
import * as sdk from 'tencent-im-wasm';
import { CASES } from './shared/cases.mjs';
import { startServers } from './shared/servers.mjs';

describe('cases', () => {
  let servers;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers?.stop());
  for (const { name, run } of CASES) {
    test(name, () => run({ ...servers.context, sdk, tellsUnsent: true }));
  }
});
