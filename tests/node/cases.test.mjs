// The cases that hold for both packages, in every runtime.

import { after, before, describe, test } from 'node:test';
import * as sdk from 'tencent-im';
import { CASES } from '../edge/shared/cases.mjs';
import { startServers } from '../edge/shared/servers.mjs';

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
