// The life of official accounts, and of chatbots.

import { checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { checkExplained, checkOutcomes, checkServiceError, read, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob', 'eve'];
const NEWS = '@TOA#_news';
const named = { officialAccount: NEWS };

export const officialAccounts = [
  scenario("an official account's life", USERS, async (im, context) => {
    const accounts = im.officialAccounts;
    const create = () => accounts.create({ ...named, ownerAccount: 'ann', name: 'news', maxSubscriberNum: 2 });
    checkEqual((await create()).officialAccount, NEWS, 'id');
    const taken = await refused(context, 'InvalidInputError', create);
    checkServiceError(taken, 6017, 'official_accounts.create');
    checkEqual(await accounts.update({ ...named, name: 'late news', customString: '{}' }), {}, 'updated');
    const got = await accounts.get({ officialAccounts: [NEWS, { officialAccount: '@TOA#_b' }] });
    checkOutcomes(got.officialAccounts, [true, false], 'accounts');
    checkExplained(got.officialAccounts[1]);
    const { name, ownerAccount, customString } = got.officialAccounts[0];
    checkEqual([name, ownerAccount, customString], ['late news', 'ann', '{}'], 'the account');
    checkEqual(await accounts.delete(named), {}, 'deleted');
    const gone = await accounts.get({ officialAccounts: [NEWS] });
    const error = await refused(context, 'PartialError', () => context.sdk.raiseForItems(gone));
    checkEqual([error.code, error.path], [6017, 'officialAccounts[0]'], 'facts');
  }),
  scenario('subscribers come and go', USERS, async (im, context) => {
    const accounts = im.officialAccounts;
    await accounts.create({ ...named, ownerAccount: 'ann', name: 'news' });
    const subscribers = ['bob', 'nobody', { subscriberAccount: 'eve' }];
    const added = await accounts.addSubscribers({ ...named, subscribers });
    checkOutcomes(added.results, [true, false, true], 'nobody was never imported');
    const error = await refused(context, 'PartialError', () => context.sdk.raiseForItems(added));
    checkEqual([error.code, error.path], [undefined, 'results[1]'], 'facts');
    const again = await accounts.addSubscribers({ ...named, subscribers: ['bob'] });
    checkEqual([again.results[0].result, again.results[0].ok], [2, true], 'again');
    await accounts.updateSubscriber({ ...named, subscriberAccount: 'bob', customString: 'vip' });
    checkEqual(
      await read(accounts.iterSubscribers({ ...named, limit: 1 }), 'customString'),
      ['vip', ''],
      'subscribers',
    );
    const other = (await accounts.create({ ownerAccount: 'ann', name: 'other' })).officialAccount;
    await accounts.addSubscribers({ officialAccount: other, subscribers: ['bob'] });
    const subscribed = await read(accounts.iterSubscribed({ subscriberAccount: 'bob', limit: 1 }), 'officialAccount');
    checkEqual(subscribed.sort(), [NEWS, other].sort(), 'subscribed');
    const removed = await accounts.removeSubscribers({ ...named, subscriberAccounts: ['bob', 'ann'] });
    checkEqual(
      removed.results.map(({ result }) => result),
      [1, 2],
      'removed',
    );
    checkEqual(await read(accounts.iterSubscribers(named), 'subscriberAccount'), ['eve'], 'left');
  }),
  scenario('messages to all subscribers', USERS, async (im, { sdk }) => {
    const accounts = im.officialAccounts;
    await accounts.create({ ...named, ownerAccount: 'ann', name: 'news' });
    const says = async (text, more = {}) =>
      (await accounts.sendMessage({ ...named, msgBody: [sdk.elements.text(text)], ...more })).msgKey;
    const keys = [];
    for (const text of ['0', '1', '2', '3', '4']) {
      keys.unshift(await says(text));
    }
    keys.unshift(await says('once', { random: 7 }));
    checkEqual(await says('once', { random: 7 }), keys[0], 'a repeat');
    checkEqual(await read(accounts.iterMessages({ ...named, reqMsgNumber: 2 }), 'msgKey'), keys, 'messages');
    const recalled = await accounts.recallMessages({ ...named, msgKeys: [keys[5], '1_2_3'] });
    checkOutcomes(recalled.results, [true, false], 'recalled');
    checkExplained(recalled.results[1]);
    const left = await read(accounts.iterMessages({ ...named, reqMsgNumber: 20 }), 'msgBody');
    checkEqual([left.length, left[4][0].msgContent.text], [5, '1'], 'left');
  }),
  scenario("a chatbot's life", USERS, async (im, context) => {
    const robotAccount = '@RBT#helper';
    checkEqual(await im.robots.create({ userId: robotAccount, nick: 'Helper' }), {}, 'created');
    await im.robots.create({ userId: '@RBT#other' });
    checkEqual((await im.robots.list()).robotAccounts, [robotAccount, '@RBT#other'], 'robots');
    const of = { fromAccount: robotAccount, toAccount: 'bob' };
    const { msgKey } = await im.robots.sendStreamChunk({ ...of, chunk: 'hel' });
    const last = await im.robots.sendStreamChunk({ ...of, msgKey, chunk: 'lo', finish: true });
    checkEqual(last.msgKey, msgKey, 'key');
    const [{ robots }] = Object.values((await control(context, 'state')).apps);
    checkEqual([robots.messages[0].text, robots.messages[0].is_finished], ['hello', true], 'the message');
    checkEqual(await im.robots.delete({ robotAccount }), {}, 'deleted');
    checkEqual((await im.robots.list()).robotAccounts, ['@RBT#other'], 'left');
    const send = () => im.robots.sendStreamChunk({ ...of, chunk: 'x' });
    checkServiceError(await refused(context, 'InvalidInputError', send), 10004, 'robots.send_stream_chunk');
  }),
];
