// The life of one-to-one messages.

import { check, checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { advance, checkExplained, checkServiceError, read, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob', 'eve'];

/** Sends a message from ann to bob. Gives its key. */
async function says(im, { sdk }, text, more = {}) {
  const msgBody = [sdk.elements.text(text)];
  const params = { fromAccount: 'ann', toAccount: 'bob', msgBody, supportMessageExtension: true, ...more };
  return (await im.messages.send(params)).msgKey;
}

/** All messages of the last hours. */
async function history(im, operatorAccount, peerAccount, maxCount = 2) {
  const now = Math.floor(Date.now() / 1000);
  const messages = [];
  const range = { minTime: now - 7200, maxTime: now + 7200 };
  for await (const message of im.messages.iter({ operatorAccount, peerAccount, maxCount, ...range })) {
    messages.push(message);
  }
  return messages;
}

const texts = (messages) => messages.map(({ msgBody }) => msgBody[0].msgContent.text).sort();

export const directMessages = [
  scenario("a message's life", USERS, async (im, context) => {
    const keys = [];
    for (const text of ['one', 'two', 'three']) {
      keys.push(await says(im, context, text, { isNeedReadReceipt: true }));
    }
    for (const size of [1, 2, 100]) {
      checkEqual(texts(await history(im, 'bob', 'ann', size)), ['one', 'three', 'two'], `${size} a page`);
    }
    const { unreadCounts } = await im.messages.getUnreadCounts({ toAccount: 'bob', peerAccounts: ['ann', 'eve'] });
    checkEqual(
      unreadCounts.map(({ peerAccount, unreadCount }) => [peerAccount, unreadCount]),
      [
        ['ann', 3],
        ['eve', 0],
      ],
      'unread',
    );
    await im.messages.markAsRead({ reportAccount: 'bob', peerAccount: 'ann' });
    checkEqual((await im.messages.getUnreadCounts({ toAccount: 'bob' })).totalUnreadCount, 0, 'unread after reading');
    const receipt = { fromAccount: 'ann', toAccount: 'bob', msgKey: keys[2] };
    await im.messages.sendReadReceipts({ operatorAccount: 'bob', peerAccount: 'ann', messages: [receipt] });
    const third = (await history(im, 'ann', 'bob')).find(({ msgKey }) => msgKey === keys[2]);
    check(third.isPeerRead === true, 'the receipt did not arrive');

    const of = { fromAccount: 'ann', toAccount: 'bob' };
    await im.messages.update({ ...of, msgKey: keys[0], msgBody: [context.sdk.elements.text('uno')] });
    check(texts(await history(im, 'bob', 'ann')).includes('uno'), 'the change did not arrive');
    await im.messages.recall({ ...of, msgKey: keys[1] });
    await im.messages.delete({ operatorAccount: 'ann', peerAccount: 'bob', msgKeys: [keys[0]] });
    const seenBy = async (user, peer) => (await history(im, user, peer)).some(({ msgKey }) => msgKey === keys[0]);
    checkEqual([await seenBy('ann', 'bob'), await seenBy('bob', 'ann')], [false, true], 'deleted for one side');
  }),
  scenario('a message that comes twice within two minutes is one', USERS, async (im, context) => {
    const send = (msgSeq) => says(im, context, 'hi', { msgSeq, msgRandom: 70 });
    const key = await send(7);
    checkEqual(await send(7), key, 'at once');
    await advance(context, 100);
    checkEqual(await send(7), key, 'after 100 seconds');
    await advance(context, 21);
    check((await send(7)) !== key && (await send(8)) !== key, 'another message is known');
    checkEqual((await history(im, 'ann', 'bob')).length, 3, 'messages');
  }),
  scenario('extensions of a message', USERS, async (im, context) => {
    const of = { fromAccount: 'ann', toAccount: 'bob', msgKey: await says(im, context, 'a poll') };
    const extensions = [
      { key: 'yes', value: '1' },
      { key: 'no', value: '0' },
    ];
    context.sdk.raiseForItems(await im.messages.updateExtensions({ ...of, operateType: 1, extensions }));
    checkEqual(await read(im.messages.iterExtensions(of), 'key'), ['yes', 'no'], 'keys');
    await im.messages.updateExtensions({ ...of, operateType: 3 });
    checkEqual(await read(im.messages.iterExtensions(of), 'key'), [], 'after clearing');
  }),
  scenario('a batch says whom it did not reach', USERS, async (im, context) => {
    const { sdk } = context;
    const msgBody = [sdk.elements.text('hi')];
    const sent = await im.messages.sendBatch({ fromAccount: 'ann', toAccounts: ['bob', 'nobody', 'eve'], msgBody });
    const [failed] = sent.errors;
    checkEqual([sent.errors.length, failed.toAccount, failed.errorCode], [1, 'nobody', 70107], 'failed');
    checkExplained(failed);
    const error = await refused(context, 'PartialError', () => sdk.raiseForItems(sent));
    checkEqual([error.code, error.path], [70107, 'errors[0]'], 'facts');
    checkEqual(texts(await history(im, 'eve', 'ann')), ['hi'], 'reached');
  }),
  scenario('imported and streamed messages', USERS, async (im, { sdk }) => {
    const msgTimeStamp = Math.floor(Date.now() / 1000) - 3600;
    const old = { fromAccount: 'ann', toAccount: 'bob', msgTimeStamp, msgSeq: 1, msgRandom: 1 };
    await im.messages.importMessage({ ...old, syncFromOldSystem: 2, msgBody: [sdk.elements.text('old')] });
    const [message] = await history(im, 'bob', 'ann');
    checkEqual([message.msgTimeStamp, texts([message])], [msgTimeStamp, ['old']], 'the imported one');
    checkEqual((await im.messages.getUnreadCounts({ toAccount: 'bob' })).totalUnreadCount, 0, 'unread');
    const chunk = { eventType: 'data', index: 1, markdown: '# hi', isLast: true };
    const msgBody = [sdk.elements.stream([chunk])];
    const { streamMsgId } = await im.messages.sendStreamChunks({ fromAccount: 'ann', toAccount: 'bob', msgBody });
    checkEqual(typeof streamMsgId, 'string', 'id of the stream');
  }),
  scenario('an iteration ends where history has expired', USERS, async (im, context) => {
    await im.groups.create({ type: 'Public', name: 'g', groupId: 'g', ownerAccount: 'ann' });
    const now = Math.floor(Date.now() / 1000);
    const sayAt = async (text, at) => {
      await control(context, 'clock', { now_s: at });
      await says(im, context, text);
      await im.groupMessages.send({ groupId: 'g', fromAccount: 'ann', msgBody: [context.sdk.elements.text(text)] });
    };
    const kept = async () => {
      const range = { operatorAccount: 'bob', peerAccount: 'ann', minTime: now - 60, maxTime: now + 60, maxCount: 1 };
      const bodies = await read(im.messages.iter(range), 'msgBody');
      bodies.push(...(await read(im.groupMessages.iter({ groupId: 'g' }), 'msgBody')));
      return bodies.map(([element]) => element.msgContent.text);
    };
    await sayAt('old', now);
    await sayAt('new', now + 2);
    checkEqual(await kept(), ['new', 'old', 'new', 'old'], 'all');
    await control(context, 'config', { history_days: 0 });
    checkEqual(await kept(), ['new', 'new'], 'what has not expired');
  }),
  scenario('errors of messages say what to do', USERS, async (im, context) => {
    const missing = await refused(context, 'NotFoundError', () =>
      im.messages.recall({ fromAccount: 'ann', toAccount: 'bob', msgKey: '1_2_3' }),
    );
    checkServiceError(missing, 20022, 'messages.recall');
    await im.accounts.mute({ userId: 'ann', c2cMuteTime: 60 });
    const muted = await refused(context, 'PermissionDeniedError', () => says(im, context, 'hi'));
    checkServiceError(muted, 20012, 'messages.send');
    await advance(context, 61);
    await says(im, context, 'hi');
  }),
];
