#!/usr/bin/env node
/**
 * The command line `tencent-im` for Node: the commands of the Python package's that a Node project needs, with the same
 * words and exit codes.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import {
  Client,
  type ClientOptions,
  explainUserSig,
  inspectUserSig,
  Signer,
  TencentImError,
  version,
} from '../index.js';
import { native } from '../native.js';
import { Failure, factsLines, note, show, write, writeJson } from './output.js';

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

The Python package has further commands, such as import, and profiles: pip install 'tencent-im[cli]'`;

const OPTIONS = {
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
type Flags = ReturnType<typeof parse>['values'];

const COMMANDS: Record<string, (given: string[], flags: Flags) => number | Promise<number>> = {
  sign,
  inspect,
  explain,
  codes,
  doctor,
};
/** Commands of the Python package alone. */
const ELSEWHERE = ['import', 'check', 'export', 'status', 'kick', 'delete', 'call', 'key', 'emulator', 'completion'];

function parse(args: string[]) {
  // A code may be negative, which is not an option.
  const safe = args.map((arg) => (/^-\d+$/.test(arg) ? ` ${arg}` : arg));
  return parseArgs({ args: safe, options: OPTIONS, allowPositionals: true });
}

async function main(args: string[]): Promise<number> {
  const asJson = args.includes('--json');
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
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) {
      const cure = ELSEWHERE.includes(name)
        ? "it is in the Python package: pip install 'tencent-im[cli]'"
        : `the commands are ${Object.keys(COMMANDS).join(', ')}`;
      throw new Failure(`no such command: ${name}`, cure);
    }
    return await command(given, values);
  } catch (error) {
    show(error, asJson);
    return exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) {
    return error.exitCode;
  }
  const isUsage = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS');
  const isRefused = error instanceof TencentImError && ['Config', 'InvalidInput'].includes(error.kind);
  return isUsage || (isRefused && error.attempts === 0) ? 2 : 1;
}

function secretKey(flags: Flags): string | undefined {
  const file = flags['secret-key-file'];
  if (file === undefined) {
    return undefined;
  }
  const key = read(file).trim();
  if (key === '' || key.includes('\n')) {
    throw new Failure(
      `${file} holds ${key === '' ? 'nothing' : 'more than one line'}`,
      'write the secret key alone into it',
    );
  }
  return key;
}

function settings(flags: Flags): ClientOptions {
  const { app: sdkAppId, region, admin, 'base-url': baseUrl } = flags;
  return { sdkAppId, secretKey: secretKey(flags), region, baseUrl, admin };
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Failure(`${file === '-' ? 'standard input' : file} cannot be read: ${(error as Error).message}`);
  }
}

function lifetime(text = '180d'): number {
  const match = /^(\d{1,12})([smhd]?)$/.exec(text);
  if (match === null) {
    throw new Failure(`--expire: '${text}' is not a time`, 'write seconds, or 90m, 12h, 7d');
  }
  return Number(match[1]) * { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] as '' | 's' | 'm' | 'h' | 'd'];
}

function sign(users: string[], flags: Flags): number {
  if (users.length === 0) {
    throw new Failure('give a user', 'tencent-im sign alice');
  }
  const signer = new Signer({ sdkAppId: flags.app, secretKey: secretKey(flags) });
  const sigs = signer.signMany(users, { expire: lifetime(flags.expire) });
  if (flags.json) {
    writeJson(users.map((user, at) => ({ user_id: user, user_sig: sigs[at] })));
  } else {
    write(users.length === 1 ? (sigs[0] as string) : users.map((user, at) => `${user}\t${sigs[at]}`).join('\n'));
  }
  return 0;
}

function userSig(given: string[]): string {
  const text = given[0] === undefined || given[0] === '-' ? read('-').trim() : given[0];
  if (text === '') {
    throw new Failure('standard input has no UserSig', 'pass one on standard input, or as an argument');
  }
  return text;
}

function inspect(given: string[], flags: Flags): number {
  const stated = inspectUserSig(userSig(given));
  flags.json ? writeJson(stated) : write(factsLines(statedFacts(stated)));
  return 0;
}

function statedFacts(sig: ReturnType<typeof inspectUserSig>): Record<string, unknown> {
  const when = (unixS: number) => new Date(unixS * 1000).toISOString().replace('.000', '');
  const left = `${Math.abs(sig.remaining).toLocaleString('en')} seconds ${sig.remaining >= 0 ? 'left' : 'ago'}`;
  return {
    user: sig.userId,
    app: sig.sdkAppId,
    signed: when(sig.issuedAt),
    expires: `${when(sig.expiresAt)} (${left})`,
    userbuf: sig.userbuf,
    version: sig.version,
  };
}

function explain(given: string[], flags: Flags): number {
  const { app: sdkAppId, region, user: userId } = flags;
  const report = explainUserSig(userSig(given), { sdkAppId, secretKey: secretKey(flags), region, userId });
  const isFine = report.ok || report.mistake === 'no_key_given';
  if (flags.json) {
    writeJson(report);
  } else {
    const verdict = report.ok ? 'good' : isFine ? 'nothing wrong is seen' : 'bad';
    write(factsLines({ verdict, code: report.code, cause: report.cause, cure: report.cure }));
    if (report.userSig) {
      write(`\n${factsLines(statedFacts(report.userSig))}`);
    }
  }
  return isFine ? 0 : 1;
}

/** A meaning of a code, as the core tells it. */
interface Meaning {
  code: number;
  kind: string;
  cause: string;
  cure: string;
  retry: string;
  calls: string[];
}

function codes(given: string[], flags: Flags): number {
  const { search } = flags;
  if (given.length > 0 === (search !== undefined)) {
    throw new Failure('give codes, or words by --search');
  }
  const { findCodes } = native() as unknown as { findCodes?: (words: string, isCode: boolean) => string };
  if (findCodes === undefined) {
    throw new Failure('codes needs the addon of this package, and there is none for this machine', undefined, 1);
  }
  const find = (text: string) => JSON.parse(findCodes(text, search === undefined)) as Meaning[];
  const wrong = given.find((code) => !/^-?\d+$/.test(code));
  if (wrong !== undefined) {
    throw new Failure(`${wrong} is not a code`, `to find codes by words: --search ${wrong}`);
  }
  const found = search === undefined ? given.map(find) : [find(search)];
  if (flags.json) {
    writeJson(found.flat());
  } else if (search !== undefined) {
    write(
      found
        .flat()
        .map(({ code, kind, cause }) => `${code}\t${kind}\t${cause}`)
        .join('\n'),
    );
  } else {
    const shown = found
      .flat()
      .map(({ code, calls, kind, cause, cure, retry }) =>
        factsLines({ code, calls: calls.join(', ') || null, kind, cause, cure, retry }),
      );
    write(shown.join('\n\n'));
  }
  const unknown =
    search === undefined ? given.filter((_, at) => found[at]?.length === 0) : found[0]?.length ? [] : [search];
  if (unknown.length > 0) {
    throw new Failure(`not documented: ${unknown.join(', ')}`, 'search by words: tencent-im codes --search WORDS', 1);
  }
  return 0;
}

async function doctor(_: string[], flags: Flags): Promise<number> {
  const admin = flags.admin ?? process.env.TENCENT_IM_ADMIN ?? 'administrator';
  let skew = 0;
  const im = new Client({
    ...settings(flags),
    maxRetries: 0,
    onEvent: (event) => {
      skew = event.event === 'skew_learned' ? event.seconds : skew;
    },
  });
  const checks: { name: string; state: 'ok' | 'warning' | 'failed'; detail: string; cure?: string | undefined }[] = [];
  try {
    await im.accounts.check({ accounts: [admin] });
    checks.push({ name: 'service', state: 'ok', detail: `it takes the key, and ${admin} may make calls` });
  } catch (error) {
    if (!(error instanceof TencentImError)) {
      throw error;
    }
    const names: Record<string, string> = {
      Signature: 'UserSig',
      Auth: 'app',
      Permission: 'admin',
      Transport: 'network',
    };
    const code = error.code === undefined ? '' : ` (code ${error.code})`;
    const cause = error.cause === undefined ? '' : `: ${error.cause}`;
    checks.push({
      name: names[error.kind] ?? 'service',
      state: 'failed',
      detail: `${error.summary}${code}${cause}`,
      cure: error.cure,
    });
  } finally {
    await im.close();
  }
  if (skew !== 0) {
    const detail = `this machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'slow' : 'fast'}`;
    checks.push({ name: 'clock', state: 'warning', detail, cure: 'set it by a time server (NTP)' });
  }
  const ok = checks.every((check) => check.state !== 'failed');
  if (flags.json) {
    writeJson({ ok, checks });
  } else {
    for (const { name, state, detail, cure } of checks) {
      write(
        `${state.padEnd(8)} ${`${name}:`.padEnd(14)} ${detail}${cure ? `\n${' '.repeat(9)}${'cure:'.padEnd(14)} ${cure}` : ''}`,
      );
    }
    note(ok ? 'Everything works.' : "More is told by the Python package's doctor: pip install 'tencent-im[cli]'");
  }
  return ok ? 0 : 1;
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
