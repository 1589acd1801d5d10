/** The classes that turn text into bytes and back, also where a test environment hides them, as Jest's jsdom does. */

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
      cure: `in Jest use the environment "node", or set globalThis.${name} = require('node:util').${name} in a set-up file`,
    });
  }
  return found;
}

const decoder = find('TextDecoder');
const encoder = find('TextEncoder');

export { decoder as TextDecoder, encoder as TextEncoder };
