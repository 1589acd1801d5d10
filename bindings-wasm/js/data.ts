/** Data of the caller's own, which the service keeps as text. */

import { errorHere } from './records.js';

/** Text, or what `JSON.stringify` makes text of. */
export type Data = string | object;

/** A type whose named fields take data. */
export type WithData<Fields, Names extends PropertyKey> = Omit<Fields, Names> & {
  [Name in Names]?: Data | null | undefined;
};

/** A type whose named fields may be left out, since they have one value alone. */
export type WithDefaults<Fields, Names extends keyof Fields> = Omit<Fields, Names> & Partial<Pick<Fields, Names>>;

/** The named fields with their data written as JSON text. */
type Written<Fields, Names extends PropertyKey> = Omit<Fields, Names> & { [Name in Names]?: string };

/** Writes the data of the named fields as JSON text. Text stays as it is, since it may be JSON already. */
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
    // A value that holds itself, or a BigInt.
  }
  const cure = 'pass text, or data that JSON.stringify takes';
  throw errorHere({ kind: 'InvalidInput', path: name, message: 'the data cannot be written as JSON', cure });
}
