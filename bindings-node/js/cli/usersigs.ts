/** `sign`, `inspect`, `explain`: UserSigs, the tokens with which chat clients log in. */

import { text } from 'node:stream/consumers';

import { explainUserSig, inspectUserSig, Signer } from '../index.js';
import { Failure, factsLines, moment, note, span, write, writeJson } from './output.js';
import { app, type Flags, findSecretKey, secretKey, settingOf } from './settings.js';

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

export function sign(users: string[], flags: Flags): number {
  if (users.length === 0) {
    throw new Failure('give a user', 'tencent-im sign alice');
  }
  const signer = new Signer({ sdkAppId: app(flags).value, secretKey: secretKey(flags).value });
  const sigs = signer.signMany(users, { expire: lifetime(flags.expire) });
  if (flags.json) {
    writeJson(users.map((userId, at) => ({ userId, userSig: sigs[at] })));
  } else {
    write(users.length === 1 ? (sigs[0] as string) : users.map((user, at) => `${user}\t${sigs[at]}`).join('\n'));
  }
  return 0;
}

function lifetime(text = '180d'): number {
  const match = /^(\d{1,12})([smhd]?)$/.exec(text.trim());
  if (match === null) {
    throw new Failure(`--expire: '${text}' is not a time`, 'write seconds, or 90m, 12h, 7d');
  }
  return Number(match[1]) * (UNITS[match[2] ?? ''] as number);
}

export async function inspect(given: string[], flags: Flags): Promise<number> {
  const stated = inspectUserSig(await userSig(given));
  flags.json ? writeJson(stated) : write(factsLines(statedFacts(stated)));
  return 0;
}

export async function explain(given: string[], flags: Flags): Promise<number> {
  const key = findSecretKey(flags);
  const report = explainUserSig(await userSig(given), {
    sdkAppId: settingOf(flags, 'app')?.value,
    secretKey: key?.value,
    region: settingOf(flags, 'region')?.value,
    userId: flags.user,
  });
  // Without a key, a good UserSig is not called good.
  const isFine = report.ok || report.mistake === 'no_key_given';
  if (flags.json) {
    writeJson({ ...report, keyChecked: key !== undefined });
  } else {
    write(factsLines({ verdict: report.ok ? 'good' : isFine ? 'nothing wrong is seen' : 'bad' }));
    write(factsLines({ code: report.code, cause: report.cause, cure: report.cure }));
    if (report.userSig) {
      write(`\n${factsLines(statedFacts(report.userSig))}`);
    }
  }
  return isFine ? 0 : 1;
}

async function userSig([given = '-', extra]: string[]): Promise<string> {
  if (extra !== undefined) {
    throw new Failure(`one argument too many: ${extra}`);
  }
  if (given !== '-') {
    return given;
  }
  if (process.stdin.isTTY) {
    note('UserSig, then Ctrl-D:');
  }
  // Not at once: a pipe from another Node process may have nothing yet.
  const sig = (await text(process.stdin)).trim();
  if (sig === '') {
    throw new Failure('standard input has no UserSig', 'pass one on standard input, or as an argument');
  }
  return sig;
}

function statedFacts(sig: ReturnType<typeof inspectUserSig>): Record<string, unknown> {
  const left = `${span(sig.remaining)} ${sig.remaining >= 0 ? 'left' : 'ago'}`;
  return {
    user: sig.userId,
    app: sig.sdkAppId,
    signed: moment(sig.issuedAt),
    expires: `${moment(sig.expiresAt)} (${left})`,
    userbuf: sig.userbuf,
    version: sig.version,
  };
}
