/** Checks the runtime in the entries for Node. Imported first: on an old Node, the rest may not even load. */

import { checkRuntime } from './runtime_check.js';

checkRuntime({ name: 'tencent-im-wasm', node: '20', knowsItsPlace: typeof __dirname === 'string' });
