// The life of group chats and live groups.

import { check, checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { advance, checkExplained, checkOutcomes, checkServiceError, read, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob', 'eve', 'joe'];
const of = { groupId: 'g' };

/** A group that ann owns, with bob in it. */
function create(im, more = {}) {
  return im.groups.create({ type: 'Public', name: 'club', ownerAccount: 'ann', members: ['bob'], ...of, ...more });
}

async function says(im, { sdk }, fromAccount, text, more = {}) {
  const msgBody = [sdk.elements.text(text)];
  return (await im.groupMessages.send({ ...of, fromAccount, msgBody, supportMessageExtension: true, ...more })).msgSeq;
}

/** All messages with their text, newest first. */
async function history(im, more = {}) {
  const found = [];
  for await (const { msgSeq, msgBody } of im.groupMessages.iter({ ...of, ...more })) {
    found.push([msgSeq, msgBody[0]?.msgContent.text]);
  }
  return found;
}

async function roles(im) {
  return (await im.groups.getMemberRoles({ ...of, userAccounts: USERS })).roles.map(({ role }) => role);
}

export const groupChats = [
  scenario("a group's life", USERS, async (im, { sdk }) => {
    checkEqual((await create(im)).groupId, 'g', 'id');
    const { members } = sdk.raiseForItems(
      await im.groups.addMembers({ ...of, members: ['eve', { memberAccount: 'bob' }] }),
    );
    checkEqual(
      members.map(({ memberAccount, result }) => [memberAccount, result]),
      [
        ['eve', 1],
        ['bob', 2],
      ],
      'added',
    );
    checkEqual(await roles(im), ['Owner', 'Member', 'Member', 'NotMember'], 'roles');
    checkEqual(await read(im.groups.iterMembers({ ...of, limit: 1 }), 'memberAccount'), ['ann', 'bob', 'eve'], 'all');
    await im.groups.updateMember({ ...of, memberAccount: 'bob', role: 'Admin', nameCard: 'Bob!' });
    const [bob] = (await im.groups.getMembers({ ...of, memberAccounts: ['bob'] })).members;
    checkEqual([bob.role, bob.nameCard], ['Admin', 'Bob!'], 'bob');
    await im.groups.update({ ...of, name: 'new', appDefinedData: [{ key: 'k', value: 'v' }] });
    const [group] = (await im.groups.get({ groupIds: ['g'] })).groups;
    checkEqual([group.ok, group.name, group.ownerAccount, group.memberCount], [true, 'new', 'ann', 3], 'the group');
    checkEqual(group.appDefinedData, [{ key: 'k', value: 'v' }], 'custom fields');
    await im.groups.changeOwner({ ...of, newOwnerAccount: 'eve' });
    checkEqual(await roles(im), ['Member', 'Admin', 'Owner', 'NotMember'], 'roles under a new owner');
    checkEqual(await read(im.groups.iterJoined({ memberAccount: 'bob' }), 'groupId'), ['g'], 'groups of bob');
    await im.groups.removeMembers({ ...of, memberAccounts: ['bob'], reason: 'bye' });
    checkEqual((await roles(im))[1], 'NotMember', 'removed');
    await im.groups.delete(of);
    const [gone] = (await im.groups.get({ groupIds: ['g'] })).groups;
    checkEqual(gone.errorCode, 10010, 'code of a group that is gone');
    checkExplained(gone);
    checkEqual(await read(im.groups.iter(), 'groupId'), [], 'groups');
  }),
  scenario('messages of a group', USERS, async (im, context) => {
    await create(im);
    for (let number = 1; number <= 25; number += 1) {
      await says(im, context, 'ann', `message ${number}`);
    }
    const expected = Array.from({ length: 25 }, (_, at) => [25 - at, `message ${25 - at}`]);
    checkEqual(await history(im), expected, 'history');
    await im.groupMessages.update({ ...of, msgSeq: 25, msgBody: [context.sdk.elements.text('changed')] });
    checkEqual((await history(im))[0], [25, 'changed'], 'changed');
    const recalled = await im.groupMessages.recall({ ...of, msgSeqs: [{ msgSeq: 25 }, { msgSeq: 99 }] });
    checkOutcomes(recalled.results, [true, false], 'recalled');
    checkExplained(recalled.results[1]);
    const error = await refused(context, 'PartialError', () => context.sdk.raiseForItems(recalled));
    checkEqual([error.code, error.path], [10030, 'results[1]'], 'facts');
    checkEqual((await history(im))[0][0], 24, 'without the recalled one');
    checkEqual((await history(im, { withRecalledMsg: true }))[0][0], 25, 'with the recalled one');
    await says(im, context, 'bob', 'mine');
    await im.groupMessages.recallBySender({ ...of, senderAccount: 'ann' });
    checkEqual(await history(im), [[26, 'mine']], "without ann's");
    await im.groupMessages.clearHistory(of);
    await im.groupMessages.sendSystemNotification({ ...of, content: 'hello', toAccounts: ['bob'] });
    const chunk = { eventType: 'data', index: 1, markdown: 'hi', isLast: true };
    const msgBody = [context.sdk.elements.stream([chunk])];
    const { streamMsgId } = await im.groupMessages.sendStreamChunks({ ...of, fromAccount: 'ann', msgBody });
    checkEqual(typeof streamMsgId, 'string', 'id of the stream');
  }),
  scenario('receipts, unread counts and extensions of a group message', USERS, async (im, context) => {
    await create(im, { members: ['bob', 'eve'] });
    const msgSeq = await says(im, context, 'ann', 'who comes?', { needReadReceipt: true });
    const msgSeqs = [{ msgSeq }];
    context.sdk.raiseForItems(await im.groupMessages.sendReadReceipts({ ...of, fromAccount: 'bob', msgSeqs }));
    const [receipt] = (await im.groupMessages.getReadReceipts({ ...of, msgSeqs })).receipts;
    checkEqual([receipt.readCount, receipt.unreadCount], [1, 1], 'counts');
    const readers = (filter) => im.groupMessages.iterReadMembers({ ...of, msgSeq, filter, count: 1 });
    checkEqual(await read(readers(0), 'readAccount'), ['bob'], 'readers');
    checkEqual(await read(readers(1), 'unreadAccount'), ['eve'], 'others');
    await im.groupMessages.setUnreadCount({ ...of, memberAccount: 'eve', unreadCount: 1 });
    const [eve] = (await im.groups.getMembers({ ...of, memberAccounts: ['eve'] })).members;
    checkEqual(eve.msgSeq, 0, 'read by eve');
    const extensions = [{ key: 'bob', value: 'yes' }];
    context.sdk.raiseForItems(await im.groupMessages.updateExtensions({ ...of, msgSeq, operateType: 1, extensions }));
    checkEqual(await read(im.groupMessages.iterExtensions({ ...of, msgSeq }), 'value'), ['yes'], 'extensions');
  }),
  scenario('who is muted is silent and who is banned stays out', USERS, async (im, context) => {
    await create(im);
    await im.groups.muteMembers({ ...of, memberAccounts: ['bob'], muteTime: 60 });
    const { mutedAccounts } = await im.groups.listMutedMembers(of);
    const { shuttedUins } = await im.groups.getShuttedUin(of);
    checkEqual([mutedAccounts[0].memberAccount, shuttedUins[0].memberAccount], ['bob', 'bob'], 'muted');
    const muted = await refused(context, 'PermissionDeniedError', () => says(im, context, 'bob', 'hi'));
    checkServiceError(muted, 10017, 'group_messages.send');
    await advance(context, 61);
    await says(im, context, 'bob', 'hi');
    await im.groups.banMembers({ ...of, memberAccounts: ['bob', 'joe'], duration: 60 });
    const banned = await read(im.groups.iterBannedMembers({ ...of, limit: 1 }), 'memberAccount');
    checkEqual(banned.sort(), ['bob', 'joe'], 'banned');
    checkOutcomes((await im.groups.addMembers({ ...of, members: ['bob'] })).members, [false], 'a banned user');
    await im.groups.unbanMembers({ ...of, memberAccounts: ['bob'] });
    checkOutcomes((await im.groups.addMembers({ ...of, members: ['bob'] })).members, [true], 'no longer banned');
    await im.groups.update({ ...of, muteAllMember: 'On' });
    await refused(context, 'PermissionDeniedError', () => says(im, context, 'bob', 'hi'));
    await says(im, context, 'ann', 'the owner may');
    await im.accounts.mute({ userId: 'ann', groupMuteTime: 60 });
    await refused(context, 'PermissionDeniedError', () => says(im, context, 'ann', 'hi'));
  }),
  scenario('attributes and counters of a group', USERS, async (im) => {
    await create(im);
    const pairs = async () => {
      const { attributes } = await im.groups.getAttributes(of);
      return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
    };
    const attributes = [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ];
    await im.groups.setAttributes({ ...of, attributes });
    await im.groups.updateAttributes({ ...of, attributes: [{ key: 'b', value: '3' }] });
    checkEqual(await pairs(), { a: '1', b: '3' }, 'attributes');
    await im.groups.deleteAttributes({ ...of, attributes: ['a'] });
    checkEqual(await pairs(), { b: '3' }, 'after deleting one');
    await im.groups.clearAttributes(of);
    checkEqual(await pairs(), {}, 'after clearing');
    const count = async (key, value, mode) =>
      (await im.groups.updateCounters({ ...of, counters: [{ key, value }], mode })).counters[0].value;
    checkEqual([await count('like', 5, 'Set'), await count('like', 2, 'Decrease')], [5, 3], 'counter');
    await count('no', 1, 'Increase');
    await im.groups.deleteCounters({ ...of, keys: ['like'] });
    const { counters } = await im.groups.getCounters(of);
    checkEqual(counters, [{ key: 'no', value: 1 }], 'counters');
  }),
  scenario('a group of another system', USERS, async (im, { sdk }) => {
    const then = Math.floor(Date.now() / 1000) - 3600;
    const group = { type: 'Public', name: 'old', ownerAccount: 'ann', createTime: then };
    await im.groups.importGroup({ ...of, ...group });
    const { members } = await im.groups.importMembers({
      ...of,
      members: [{ memberAccount: 'bob', joinTime: then + 1 }, 'nobody'],
    });
    checkOutcomes(members, [true, false], 'members');
    const old = (sendTime) => ({ fromAccount: 'bob', sendTime, msgBody: [sdk.elements.text('old')] });
    const { results } = await im.groupMessages.importMessages({ ...of, msgList: [old(then + 2), old(then - 9)] });
    checkOutcomes(results, [true, false], 'messages');
    checkExplained(results[1]);
    checkEqual(await history(im), [[1, 'old']], 'history');
  }),
  scenario('errors of groups say what to do', USERS, async (im, context) => {
    await create(im);
    const taken = await refused(context, 'ConflictError', () => create(im));
    checkServiceError(taken, 10025, 'groups.create');
    const missing = await refused(context, 'NotFoundError', () => im.groups.listMembers({ groupId: 'none' }));
    checkServiceError(missing, 10010, 'groups.list_members');
    const stranger = await refused(context, 'PermissionDeniedError', () =>
      im.groups.changeOwner({ ...of, newOwnerAccount: 'joe' }),
    );
    checkServiceError(stranger, 10007, 'groups.change_owner');
  }),
  scenario('a live group', USERS, async (im, context) => {
    await create(im, { type: 'AVChatRoom', members: undefined });
    await control(context, 'live', { group_id: 'g', join: ['bob', 'eve'] });
    const online = (more = {}) => read(im.liveGroups.iterOnlineMembers({ ...of, ...more }), 'memberAccount');
    checkEqual(await online(), ['bob', 'eve'], 'online');
    checkEqual((await im.groups.getOnlineMemberCount(of)).onlineMemberCount, 2, 'count');
    const inside = await im.liveGroups.checkMembers({ ...of, memberAccounts: ['bob', 'joe'] });
    checkEqual(inside.memberAccounts, ['bob'], 'inside');
    const members = [{ memberAccount: 'bob', marks: [1000] }];
    checkEqual((await im.liveGroups.markMembers({ ...of, commandType: 1, members })).members, members, 'marked');
    checkEqual(await online({ mark: 1000 }), ['bob'], 'online with the mark');
    await im.liveGroups.addRobots({ ...of, memberAccounts: ['joe'] });
    checkEqual(await online(), ['bob', 'eve', 'joe'], 'with a robot');
    await im.liveGroups.removeRobots({ ...of, memberAccounts: ['joe'] });
    await im.liveGroups.updateAdmins({ ...of, commandType: 1, adminAccounts: ['bob'] });
    checkEqual((await im.liveGroups.listAdmins(of)).admins[0].adminAccount, 'bob', 'admin');
    await im.groups.update({ ...of, muteAllMember: 'On' });
    const plain = { supportMessageExtension: undefined };
    await refused(context, 'PermissionDeniedError', () => says(im, context, 'eve', 'hi', plain));
    await says(im, context, 'bob', 'admins may', plain);
    const { msgSeq } = await im.liveGroups.broadcast({ msgBody: [context.sdk.elements.text('to all')] });
    check(msgSeq > 0, 'number of the broadcast');
  }),
];
