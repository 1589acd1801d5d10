// What a caller of the package writes, checked by TypeScript with the package's own .d.ts; never run.

import {
  CallCancelledError,
  Client,
  type ClientOptions,
  ConfigError,
  elements,
  explainUserSig,
  inspectUserSig,
  type PrivateMapKey,
  parsePrivateMapKey,
  signPrivateMapKey,
  type UserSigExplanation,
  type PreparedRequest,
  raiseForItems,
  ready,
  signUserSig,
  TencentImError,
  type UserSigFacts,
  verifyUserSig,
} from 'tencent-im-wasm';
import type {
  AccountStatus,
  CheckAccountsReply,
  ImportAccountParam,
  MsgElement,
  MsgElementParam,
  OtherElement,
} from 'tencent-im-wasm/types';

const options: ClientOptions = { sdkAppId: 1400000001, secretKey: 'key', region: 'singapore', fetch };
const im: Client = new Client(options);
new Client();

const account: ImportAccountParam = { userId: 'test', nick: undefined };
const { signal } = new AbortController();
await im.accounts.importAccount(account, { timeoutMs: 5_000, maxRetries: 0, signal, extraBody: { New: 1 } });
const reply: CheckAccountsReply = await im.accounts.check({ accounts: ['test', { userId: 'other' }] });
const status: AccountStatus | undefined = reply.results[0]?.accountStatus;
if (status === 'Imported') {
  console.log('open enums compare with what is known');
}

// @ts-expect-error a field that must be there is missing
await im.accounts.importAccount({ nick: 'n' });
// @ts-expect-error a misspelt field
await im.accounts.importAccount({ userId: 'a', nik: 'n' });
// @ts-expect-error a misspelt setting
new Client({ timeout: 5 });

const request: PreparedRequest = im.prepare('accounts.importAccount', { userId: 'a' });
await fetch(request.url, request);
const parsed: CheckAccountsReply = im.parse('accounts.check', { status: 200, body: '{}' });
const loose: unknown = im.parse('accounts.check', { status: 200, body: '{}', headers: new Headers() });
// @ts-expect-error a misspelt call
im.prepare('accounts.importAcount', { userId: 'a' });
// @ts-expect-error a misspelt field of a prepared call
im.prepare('accounts.importAccount', { userID: 'a' });

const sig: string = signUserSig({ sdkAppId: 1, secretKey: 'k', userId: 'a', expire: 60, now: 1_700_000_000 });
const facts: UserSigFacts = verifyUserSig(sig, { secretKey: ['old', 'new'], leeway: 5 });
console.log(inspectUserSig(sig).remaining, im.signUserSig('a', { expire: 60 }), facts.userbuf, parsed, loose);

const { ok, mistake }: UserSigExplanation = explainUserSig(sig, { userId: 'a' });
const room: PrivateMapKey = parsePrivateMapKey(signPrivateMapKey({ userId: 'a', expire: 60, roomId: 1 }));
console.log(ok, mistake, room.privileges.includes('enter_room'));

try {
  await ready();
} catch (error) {
  if (error instanceof TencentImError) {
    const { kind, code, path, cause, cure, attempts, maybeApplied }: TencentImError = error;
    const text: string | undefined = cause ?? cure ?? path;
    console.log(kind === 'RateLimited', code?.toFixed(), text, attempts + 1, maybeApplied);
  }
  if (error instanceof ConfigError || error instanceof CallCancelledError) {
    throw error;
  }
}
await using disposed = new Client();
await disposed.close();

const element: MsgElementParam = { msgType: 'TIMTextElem', msgContent: { text: 'hi' } };
await im.messages.send({ toAccount: 'a', msgBody: [element, { msgType: 'TIMTextElem', msgContent: 'hi' }] });
// @ts-expect-error a misspelt field of a content
await im.messages.send({ toAccount: 'a', msgBody: [{ msgType: 'TIMTextElem', msgContent: { txt: 'hi' } }] });
// @ts-expect-error a misspelt tag
await im.messages.send({ toAccount: 'a', msgBody: [{ msgType: 'TIMTextElm', msgContent: { text: 'hi' } }] });
// An element that this version does not know has to be called one.
await im.messages.send({ toAccount: 'a', msgBody: [elements.other('TIMNewElem', { Depth: 3 }), elements.text('hi')] });

/** The same when it is read. */
export function unknownContent(read: MsgElement): unknown {
  const other: OtherElement = read;
  // @ts-expect-error without it, no tag is new
  return read.msgType === 'TIMNewElem' ? undefined : other.msgType === 'TIMNewElem' ? other.msgContent : undefined;
}

/** A call of each group. */
export async function oneOfEach(): Promise<void> {
  await im.accounts.kick({ userId: 'a' });
  await im.profiles.get({ toAccounts: ['a'], tags: ['Tag_Profile_IM_Nick'] });
  await im.messages.getUnreadCounts({ toAccount: 'a' });
  const next: string = (await im.groups.list({ limit: 10 })).next;
  await im.groupMessages.clearHistory({ groupId: next });
  await im.liveGroups.listAdmins({ groupId: 'g' });
  await im.topics.importTopic({ groupId: 'g', topicName: 't' });
  await im.permissionGroups.delete({ groupId: 'g', permissionGroupIds: ['p'] });
  await im.friends.clear({ fromAccount: 'a' });
  const [first] = raiseForItems(await im.blocklist.add({ fromAccount: 'a', toAccounts: ['b'] })).results;
  const ok: boolean | undefined = first?.ok;
  await im.follows.add({ fromAccount: 'a', users: ['b', { toAccount: 'c' }] });
  await im.conversations.createGroup({ fromAccount: 'a', groups: [] });
  await im.push.getAttributeNames();
  await im.legacyPush.getAttributeNames();
  await im.officialAccounts.delete({ officialAccount: 'o' });
  await im.robots.list();
  await im.moderation.checkContents({ auditName: 'n', contents: [] });
  await im.search.groupMembers({ keywords: ['k'], count: 1 });
  await im.operations.listServerIps();
  await im.messages.send({ toAccount: String(ok), msgBody: [elements.text('hi'), elements.custom({ a: 1 })] });
}

/** What was read: after a comparison only the content of that tag remains, and unknown tags are possible. */
export function textOf(read: MsgElement): string {
  switch (read.msgType) {
    case 'TIMTextElem':
      return read.msgContent.text;
    case 'TIMImageElem':
      return read.msgContent.uuid;
    default: {
      const tag: string = read.msgType;
      return tag;
    }
  }
}
