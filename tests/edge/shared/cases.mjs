// All cases that hold for every package in every runtime. A case is { name, run(context) }; it throws on a failure.
//
// context: {
//   sdk          the package's exports
//   url          an emulator of its own; cases reset it
//   appId, key   the emulator's app
//   refusedUrl   an address where nobody listens
//   drippingUrl  an address that answers with a body that never ends
//   isBoundToRequest  whether a call belongs to the request that made it, as in workerd
//   tellsUnsent  whether the runtime can tell a refused connection from a broken one
// }

import { badInput } from './bad_input.mjs';
import { calls } from './calls.mjs';
import { elements } from './elements.mjs';
import { ending } from './ending.mjs';
import { events } from './events.mjs';
import { failover } from './failover.mjs';
import { faults } from './faults.mjs';
import { items } from './items.mjs';
import { pages } from './pages.mjs';
import { runAll } from './run_all.mjs';
import { scenarios } from './scenarios/scenarios.mjs';
import { signers } from './signers.mjs';
import { userSigTools } from './usersig_tools.mjs';
import { userSigs } from './usersigs.mjs';
import { withOptions } from './with_options.mjs';

/** All cases. */
export const CASES = [
  ...badInput,
  ...userSigs,
  ...userSigTools,
  ...signers,
  ...calls,
  ...items,
  ...withOptions,
  ...elements,
  ...events,
  ...ending,
  ...faults,
  ...failover,
  ...pages,
  ...scenarios,
];

export const runCases = (context) => runAll(CASES, context);
