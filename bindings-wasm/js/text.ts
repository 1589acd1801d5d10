/** TextDecoder and TextEncoder, even in test environments that hide them, such as Jest's jsdom. */

import { errorHere } from './records.js';

interface Util {
  TextDecoder: typeof TextDecoder;
  TextEncoder: typeof TextEncoder;
}

const { process } = globalThis as { process?: { getBuiltinModule?(name: 'node:util'): Util } };

function find<Name extends keyof Util>(name: Name): Util[Name] {
  const found = (globalThis as Partial<Util>)[name] ?? process?.getBuiltinModule?.('node:util')[name];
  if (found === undefined) {
    throw errorHere({
      kind: 'Config',
      message: `${name} is not defined in this environment`,
      cure: `in Jest use the environment "node", or set globalThis.${name} = require('node:util').${name} in a setup file`,
    });
  }
  return found;
}

const decoder = find('TextDecoder');
const encoder = find('TextEncoder');

export { decoder as TextDecoder, encoder as TextEncoder };
