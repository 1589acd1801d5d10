/** Checks the runtime. Imported first: on an old Node, undici does not even load. */

import { checkRuntime } from 'tencent-im-wasm/facade';

checkRuntime({ name: 'tencent-im', node: '20.18.1', knowsItsPlace: typeof __dirname === 'string' });
