// What a user of the package writes, compiled by package.test.mjs: every line marked as an error must be one.

import {
  CallCancelledError,
  type CallOptions,
  Client,
  type ClientEvent,
  type ClientOptions,
  inspectUserSig,
  Signer,
  signUserSig,
  TencentImError,
  verifyUserSig,
} from 'tencent-im';
import type { ImportAccountParam } from 'tencent-im/types';

const options: ClientOptions = {
  sdkAppId: 1400000001,
  secretKey: 'key',
  region: 'singapore',
  timeoutMs: 5_000,
  connections: 8,
  connectTimeoutMs: 1_000,
  keepAliveTimeoutMs: 10_000,
  proxy: 'http://127.0.0.1:3128',
  ca: ['pem', new Uint8Array()],
};

export async function use(im: Client, account: ImportAccountParam, call: CallOptions): Promise<string[]> {
  await im.accounts.importAccount(account, call);
  await im.accounts.importAccount({ userId: 'a', nick: undefined, faceUrl: null }, { signal: AbortSignal.timeout(1) });
  const { failAccounts } = await im.accounts.importAccounts({ accounts: ['a', { userId: 'b', nick: 'B' }] });
  const { results, errors } = await im.accounts.getOnlineStatus({ userIds: failAccounts, needDetail: true });
  const status: 'Online' | (string & {}) = results[0]?.status ?? 'Offline';
  const code: number | undefined = errors[0]?.errorCode;

  // @ts-expect-error: misspelt
  await im.accounts.importAccount({ userId: 'a', nik: 'A' });
  // @ts-expect-error: the user is missing
  await im.accounts.importAccount({ nick: 'A' });
  // @ts-expect-error: a number is not a name
  await im.accounts.kick({ userId: 7 });
  // @ts-expect-error: no such setting
  await im.accounts.kick({ userId: 'a' }, { timeout: 5 });
  return [status, String(code)];
}

export function clones(im: Client): Client {
  // @ts-expect-error: a signal is for single calls
  im.withOptions({ signal: AbortSignal.timeout(1) });
  return im.withOptions({ timeoutMs: 5, extraBody: { A: 1 } }).withOptions({ maxRetries: 0 });
}

export function delay(event: ClientEvent): number {
  // @ts-expect-error: not every event has one
  event.delayMs;
  return event.event === 'retry' || event.event === 'queued' ? event.delayMs : 0;
}

export function many(signer: Signer): string[] {
  // @ts-expect-error: a list
  signer.signMany('a');
  return [signer.sign('a', { expire: 60 }), ...new Signer({ sdkAppId: 1, secretKey: 'k' }).signMany(['a'] as const)];
}

// @ts-expect-error: no such setting
new Client({ ...options, conections: 8 } satisfies ClientOptions);
// @ts-expect-error: a proxy is an address
new Client({ proxy: 3128 });

export function handle(error: unknown): string | undefined {
  if (error instanceof CallCancelledError) return String(error.reason);
  if (error instanceof TencentImError) {
    const maybeApplied: boolean = error.maybeApplied;
    const code: number | undefined = error.code;
    return `${error.kind} ${code} ${maybeApplied} ${error.path} ${error.cure}`;
  }
  return undefined;
}

export async function main(): Promise<void> {
  await using im = new Client(options);
  const request = im.prepare('accounts.kick', { userId: 'a' });
  const result: object = im.parse('accounts.kick', { status: 200, body: request.body });
  const sig: string = signUserSig({ sdkAppId: 1, secretKey: 'key', userId: im.signUserSig('a') });
  const { expiresAt } = verifyUserSig(sig, { secretKey: ['key', 'older key'], userId: 'a' });
  console.log(result, expiresAt, inspectUserSig(sig).userId);
  await im.close({ force: true });
}
