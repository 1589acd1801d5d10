/** What flags and environment say of the app, its key and its address. */

import { readFileSync, statSync } from 'node:fs';
import type { parseArgs } from 'node:util';

import { native } from '../native.js';
import { Failure } from './output.js';

/** All options. */
export const OPTIONS = {
  app: { type: 'string' },
  'secret-key-file': { type: 'string' },
  region: { type: 'string' },
  'base-url': { type: 'string' },
  admin: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  expire: { type: 'string' },
  user: { type: 'string' },
  search: { type: 'string' },
} as const;

/** What the command line says. */
export type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** A setting, and where it is from. */
export interface Setting {
  value: string;
  source: string;
  /** Its file, if others can read that. */
  openFile?: string | undefined;
}

const VARIABLES = {
  app: 'TENCENT_IM_SDK_APP_ID',
  region: 'TENCENT_IM_REGION',
  'base-url': 'TENCENT_IM_BASE_URL',
  admin: 'TENCENT_IM_ADMIN',
} as const;
const SECRET_KEY = 'TENCENT_IM_SECRET_KEY';

/** A setting of the flags, or else of the environment. */
export function settingOf(flags: Flags, name: keyof typeof VARIABLES): Setting | undefined {
  const flag = flags[name];
  const variable = process.env[VARIABLES[name]]?.trim();
  if (flag !== undefined) {
    return { value: flag, source: `--${name}` };
  }
  return variable ? { value: variable, source: VARIABLES[name] } : undefined;
}

/** The app. */
export function app(flags: Flags): Setting {
  const found = settingOf(flags, 'app');
  if (found === undefined) {
    throw new Failure('no app is set', `pass its SDKAppID with --app, or set ${VARIABLES.app}`);
  }
  return found;
}

/** The secret key, if there is one. */
export function findSecretKey(flags: Flags): Setting | undefined {
  const file = flags['secret-key-file'];
  const variable = process.env[SECRET_KEY]?.trim();
  if (file === undefined) {
    return variable ? { value: variable, source: SECRET_KEY } : undefined;
  }
  const value = read(file).trim();
  if (value === '' || value.includes('\n')) {
    throw new Failure(
      `--secret-key-file: ${file} holds ${value === '' ? 'nothing' : 'more than one line'}`,
      'put the secret key from the console into it, and nothing else',
    );
  }
  const isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
  return { value, source: `--secret-key-file (${file})`, openFile: isOpen ? file : undefined };
}

/** The secret key. */
export function secretKey(flags: Flags): Setting {
  const found = findSecretKey(flags);
  if (found === undefined) {
    throw new Failure('no secret key is set', `set ${SECRET_KEY}, or pass a file with --secret-key-file`);
  }
  return found;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`--secret-key-file: ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Functions of the addon alone, which the WebAssembly module leaves out. */
export interface Facts {
  findCodes(words: string, isCode: boolean): string;
  doctorSay(look: string): string;
}

/** The addon. */
export function facts(command: string): Facts {
  const core = native() as unknown as Partial<Facts>;
  if (core.findCodes === undefined) {
    throw new Failure(`${command} needs the addon of this package, and there is none for this machine`, undefined, 1);
  }
  return core as Facts;
}
