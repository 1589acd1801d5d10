// What a user of the webhooks writes, compiled by package.test.mjs: every line marked as an error must be one.

import type { C2cBeforeSendMsg, MsgElement } from 'tencent-im/types';
import {
  type AnyWebhookEvent,
  allow,
  type Command,
  type DecisionOf,
  decide,
  drop,
  MemoryStore,
  refuse,
  reject,
  replace,
  type WebhookEvent,
  type WebhookStore,
  Webhooks,
  type WebhooksOptions,
} from 'tencent-im/webhooks';
import { Webhooks as EdgeWebhooks } from 'tencent-im-wasm/webhooks';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>(): <Actual>(value: Actual, same: Same<Actual, Expected>) => void {
  return () => {};
}

const store: WebhookStore = { add: async (key: string, ttlS: number) => key.length > ttlS };
const options: WebhooksOptions = {
  sdkAppId: 1400000001,
  token: ['old', 'new'],
  tolerance: 60,
  budget: 1_500,
  maxQueue: 100,
  onLate: reject(120_001),
  onError: (error: unknown, { what, event }) => console.log(error, what, event?.id),
  store,
};
const hooks = new Webhooks(options);
new Webhooks({ verify: false, store: new MemoryStore() });
new EdgeWebhooks(options);
// @ts-expect-error: misspelt
new Webhooks({ tolerence: 5 });

hooks
  .on('C2C.CallbackBeforeSendMsg', (event) => {
    expectType<C2cBeforeSendMsg>()(event.body, true);
    expectType<'C2C.CallbackBeforeSendMsg'>()(event.command, true);
    expectType<'before'>()(event.kind, true);
    expectType<MsgElement[]>()(event.body.msgBody, true);
    expectType<undefined>()(event.accounts, true);
    expectType<AbortSignal>()(event.signal, true);
    // @ts-expect-error: misspelt
    event.body.fromAcount;
    const [first] = event.body.msgBody;
    if (first?.msgType === 'TIMTextElem') {
      return first.msgContent.text === 'x' ? reject(120_001, 'no') : replace({ msgBody: [first] });
    }
    return event.isLate ? drop() : allow();
  })
  .on('C2C.CallbackAfterSendMsg', async ({ body }) => {
    await Promise.resolve(body.sendMsgResult);
  })
  .on('Sns.CallbackPrevFriendAdd', ({ accounts }) => {
    expectType<readonly string[]>()(accounts, true);
    return accounts.length > 9 ? refuse(accounts.slice(9)) : decide({ bob: reject(38_001, 'no'), carol: allow() });
  })
  .on('Group.CallbackBeforeCreateGroup', () => reject(10_100), { onLate: 'reject' })
  .onAny((event) => {
    expectType<string>()(event.command, true);
    if (event.is('State.StateChange')) {
      expectType<'after'>()(event.kind, true);
      return void event.body.info.action;
    }
    return event.kind === 'before' ? reject() : undefined;
  });

// @ts-expect-error: no webhook has this name
hooks.on('C2C.CallbackBeforSendMsg', () => {});
// @ts-expect-error: what has happened can only be acknowledged
hooks.on('C2C.CallbackAfterSendMsg', () => reject(120_001));
// @ts-expect-error: the same of an async handler
hooks.on('C2C.CallbackAfterSendMsg', async () => drop());
// @ts-expect-error: a group cannot be dropped
hooks.on('Group.CallbackBeforeCreateGroup', () => drop());
// @ts-expect-error: nonsense
hooks.on('C2C.CallbackBeforeSendMsg', () => 'reject');
// @ts-expect-error: a late answer that the webhook does not take
hooks.on('C2C.CallbackAfterSendMsg', () => {}, { onLate: 'reject' });
// @ts-expect-error: the element does not exist
replace({ msgBody: [{ msgType: 'TIMTextElem', msgContent: { txet: 'hi' } }] });

export function handle(event: WebhookEvent<'C2C.CallbackBeforeSendMsg'>): DecisionOf<'C2C.CallbackBeforeSendMsg'> {
  const any: AnyWebhookEvent['kind'] = event.kind;
  return any === 'before' ? allow() : drop();
}
export const name: Command = 'C2C.CallbackBeforeSendMsg';

export async function receive(event: { rawQueryString: string; body: string; isBase64Encoded: boolean }) {
  const { status, headers, body } = await hooks.receive(event.rawQueryString, event.body, {
    base64: event.isBase64Encoded,
  });
  return { statusCode: status, headers: { ...headers }, body };
}
