/** Checks the runtime for the entries of Node. Imported first: with an old Node what follows may not even load. */

import { checkRuntime } from './runtime_check.js';

checkRuntime({ name: 'tencent-im-wasm', node: '20', knowsItsPlace: typeof __dirname === 'string' });
