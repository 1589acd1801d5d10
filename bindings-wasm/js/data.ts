/** The app's own data, which the service keeps as text. */

import { errorHere } from './records.js';

/** Text, or a value for `JSON.stringify`. */
export type Data = string | object;

/** Fields of which the named ones take data. */
export type WithData<Fields, Names extends PropertyKey> = Omit<Fields, Names> & {
  [Name in Names]?: Data | null | undefined;
};

/** Fields of which the named ones are optional, because they have a default. */
export type WithDefaults<Fields, Names extends keyof Fields> = Omit<Fields, Names> & Partial<Pick<Fields, Names>>;

/** The named fields with their data written as JSON text. */
type Written<Fields, Names extends PropertyKey> = Omit<Fields, Names> & { [Name in Names]?: string };

/** Writes the data of the named fields as JSON. Text stays as it is, since it may already be JSON. */
export function jsonText<Fields extends object, Name extends string>(
  fields: Fields,
  ...names: readonly Name[]
): Written<Fields, Name> {
  const written = { ...fields } as Record<string, unknown>;
  for (const name of names) {
    const data = written[name];
    if (typeof data === 'object' && data !== null) {
      written[name] = textOf(name, data);
    }
  }
  return written as Written<Fields, Name>;
}

function textOf(name: string, data: object): string {
  try {
    const text = JSON.stringify(data);
    if (typeof text === 'string') {
      return text;
    }
  } catch {
    // A circular value, or a bigint.
  }
  const cure = 'pass text, or data that can be written as JSON';
  throw errorHere({ kind: 'InvalidInput', path: name, message: 'the data cannot be written as JSON', cure });
}
