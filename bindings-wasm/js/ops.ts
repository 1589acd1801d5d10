/** Names of calls. */

import type * as resources from './resources/index.js';

/**
 * The groups of calls of a client, by the names of its properties. From the classes: the client's own methods use these
 * types, and TypeScript 5 refuses the circle.
 */
type Resources = {
  [Class in keyof typeof resources as Uncapitalize<Class>]: InstanceType<(typeof resources)[Class]>;
};

/** The call that a name means, as a method; `never` for what is none. */
type MethodOf<Name extends string> = Name extends `${infer Group}.${infer Method}`
  ? Group extends keyof Resources
    ? Method extends keyof Resources[Group]
      ? Resources[Group][Method]
      : never
    : never
  : never;

/** The name of a call as it is written in JavaScript, such as `accounts.importAccount`. */
export type OpName = {
  [Group in keyof Resources & string]: `${Group}.${CallOf<Resources[Group]>}`;
}[keyof Resources & string];

/** The methods of a group that are calls: the others iterate over pages. */
type CallOf<Group> = {
  [Method in keyof Group & string]: Group[Method] extends (...args: never[]) => Promise<unknown> ? Method : never;
}[keyof Group & string];

/** What a call takes. */
export type ParamsOf<Name extends OpName> =
  MethodOf<Name> extends (params: infer Params, ...rest: never[]) => unknown ? Params : never;

/** What a call gives. */
export type ResultOf<Name extends OpName> =
  MethodOf<Name> extends (...args: never[]) => Promise<infer Result> ? Result : never;

/**
 * A call's name in the core: `accounts.importAccount` becomes `accounts.import_account`, which is taken as it is, too, and
 * so is a path.
 */
export function coreName(name: unknown): string {
  const text = String(name);
  return text.includes('/') ? text : text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
