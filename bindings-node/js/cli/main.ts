#!/usr/bin/env node
/**
 * The command line `tencent-im` for Node: the commands of the Python package's that a Node project needs, with the same
 * words and exit codes.
 */

import { parseArgs } from 'node:util';

import { TencentImError, version } from '../index.js';
import { codes } from './codes.js';
import { doctor } from './doctor.js';
import { Failure, show, watchOutput, write } from './output.js';
import { type Flags, OPTIONS } from './settings.js';
import { explain, inspect, sign } from './usersigs.js';

const HELP = `Usage: tencent-im COMMAND [OPTIONS]

  sign USER...        signs UserSigs                       --expire 7d
  inspect [USERSIG]   shows what a UserSig states; without it, reads standard input
  explain [USERSIG]   finds out why the service refuses it --user NAME
  codes CODE...       explains error codes                 --search WORDS
  doctor              finds out whether the settings work

Settings: --app ID, --secret-key-file FILE, --region NAME, --base-url URL, --admin NAME, or TENCENT_IM_SDK_APP_ID,
TENCENT_IM_SECRET_KEY, TENCENT_IM_REGION, TENCENT_IM_BASE_URL, TENCENT_IM_ADMIN. The key itself is never an argument:
others see those. --json writes JSON, errors too.

Exit codes: 0 done, 1 something failed, 2 wrong arguments or settings, 130 interrupted.

The Python package has further commands, such as import and export, and profiles: pip install 'tencent-im[cli]'. In a
program, accounts.importMany imports any number of accounts.`;

type Command = (given: string[], flags: Flags) => number | Promise<number>;
type Option = keyof typeof OPTIONS;

const ADDRESS: Option[] = ['region', 'base-url', 'admin'];
/** The commands, each with its options. */
const COMMANDS: Record<string, [Command, Option[]]> = {
  sign: [sign, ['app', 'secret-key-file', 'expire']],
  inspect: [inspect, []],
  explain: [explain, ['app', 'secret-key-file', 'user', ...ADDRESS]],
  codes: [codes, ['search']],
  doctor: [doctor, ['app', 'secret-key-file', ...ADDRESS]],
};
const OF_ALL: Option[] = ['json', 'help', 'version'];
/** Commands of the Python package alone. */
const ELSEWHERE = 'import check export status kick delete call webhooks key emulator completion'.split(' ');

function parse(args: string[]) {
  // A code may be negative, which is not an option.
  const safe = args.map((arg) => (/^-\d+$/.test(arg) ? ` ${arg}` : arg));
  return parseArgs({ args: safe, options: OPTIONS, allowPositionals: true });
}

async function main(args: string[]): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name, ...given] = positionals.map((text) => text.trim());
    if (values.version) {
      write(`tencent-im ${version()}`);
      return 0;
    }
    if (values.help || name === undefined) {
      write(HELP);
      return values.help ? 0 : 2;
    }
    const [command, options] = commandOf(name);
    for (const option of Object.keys(values) as Option[]) {
      if (!options.includes(option) && !OF_ALL.includes(option)) {
        throw new Failure(`no such option of ${name}: --${option}`, 'tencent-im --help lists the options');
      }
    }
    return await command(given, values);
  } catch (error) {
    show(error, args.includes('--json'));
    return exitCodeOf(error);
  }
}

function commandOf(name: string): [Command, Option[]] {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) {
    return command;
  }
  const python = "it is in the Python package: pip install 'tencent-im[cli]'";
  const inProgram = name === 'import' ? '; in a program, accounts.importMany takes any number of accounts' : '';
  const all = `the commands are ${Object.keys(COMMANDS).join(', ')}`;
  throw new Failure(`no such command: ${name}`, ELSEWHERE.includes(name) ? python + inProgram : all);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) {
    return error.exitCode;
  }
  const isUsage = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS');
  const isRefused = error instanceof TencentImError && ['Config', 'InvalidInput'].includes(error.kind);
  return isUsage || (isRefused && error.attempts === 0) ? 2 : 1;
}

watchOutput();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
