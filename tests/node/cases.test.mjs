// The cases that hold for both packages, in every runtime, and those of runs over many items, which only the addon makes.

import { after, before, describe, test } from 'node:test';
import * as sdk from 'tencent-im';
import { CASES } from '../edge/shared/cases.mjs';
import { runs } from '../edge/shared/runs.mjs';
import { startServers } from '../edge/shared/servers.mjs';

describe('cases', () => {
  let servers;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers?.stop());
  for (const { name, run } of [...CASES, ...runs]) {
    test(name, () => run({ ...servers.context, sdk, tellsUnsent: true }));
  }
});
