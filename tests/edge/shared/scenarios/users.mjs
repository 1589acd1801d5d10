// Profiles, conversations and the global mute of users.

import { check, checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { advance, checkExplained, checkOutcomes, checkServiceError, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob', 'eve'];
const of = { fromAccount: 'ann' };

function says(im, { sdk }, toAccount) {
  return im.messages.send({ ...of, toAccount, msgBody: [sdk.elements.text('hi')] });
}

async function listed(im) {
  const found = [];
  for await (const { toAccount, groupId } of im.conversations.iter({ ...of, assistFlags: 63 })) {
    found.push(toAccount ?? groupId);
  }
  return found;
}

export const users = [
  scenario("an account's life", USERS, async (im) => {
    const statuses = async () =>
      (await im.accounts.check({ accounts: ['ann', 'joe'] })).results.map(({ accountStatus }) => accountStatus);
    checkEqual(await statuses(), ['Imported', 'NotImported'], 'before');
    checkEqual(await im.accounts.importAccount({ userId: 'joe', nick: 'Joe' }), {}, 'imported');
    const { profiles } = await im.profiles.get({ toAccounts: ['joe'], tags: ['Tag_Profile_IM_Nick'] });
    checkEqual(profiles[0].fields, [{ tag: 'Tag_Profile_IM_Nick', value: 'Joe' }], 'nickname');
    checkEqual(await im.accounts.kick({ userId: 'joe' }), {}, 'kicked');
    const { results } = await im.accounts.delete({ accounts: ['joe', 'nobody'] });
    checkOutcomes(results, [true, false], 'deleted');
    checkExplained(results[1]);
    checkEqual(await statuses(), ['Imported', 'NotImported'], 'after');
  }),
  scenario('profiles', USERS, async (im, context) => {
    const fields = [
      { tag: 'Tag_Profile_IM_Nick', value: 'Ann' },
      { tag: 'Tag_Profile_IM_BirthDay', value: 20190419 },
    ];
    await im.profiles.update({ ...of, fields });
    const tags = ['Tag_Profile_IM_Nick', 'Tag_Profile_IM_BirthDay', 'Tag_Profile_IM_Gender'];
    const { profiles, failAccounts } = await im.profiles.get({ toAccounts: ['ann', 'nobody'], tags });
    checkEqual(profiles[0].fields, fields, 'fields');
    checkOutcomes(profiles, [true, false], 'profiles');
    checkExplained(profiles[1]);
    checkEqual(failAccounts, ['nobody'], 'failed');
    const error = await refused(context, 'NotFoundError', () =>
      im.profiles.update({ ...of, fields: [{ tag: 'Tag_Profile_IM_Nik', value: 'x' }] }),
    );
    checkServiceError(error, 40009, 'profiles.update');
  }),
  scenario('online status by the call of today and the older one', USERS, async (im, context) => {
    const platforms = { Web: 'Online', iPhone: 'PushOnline' };
    await control(context, 'online', { users: [{ user_id: 'bob', platforms }] });
    const asked = { userIds: ['ann', 'bob', 'nobody'], needDetail: true };
    const now = await im.accounts.getOnlineStatus(asked);
    const older = await im.accounts.queryState(asked);
    for (const reply of [now, older]) {
      checkEqual(
        [reply.errors.length, reply.errors[0].userId, reply.errors[0].errorCode],
        [1, 'nobody', 70107],
        'failed',
      );
      checkExplained(reply.errors[0]);
      const error = await refused(context, 'PartialError', () => context.sdk.raiseForItems(reply));
      checkEqual([error.code, error.path], [70107, 'errors[0]'], 'facts');
      const { detail } = reply.results.find(({ userId }) => userId === 'bob');
      checkEqual(Object.fromEntries(detail.map(({ platform, status }) => [platform, status])), platforms, 'platforms');
    }
    const states = (results, field) => Object.fromEntries(results.map((user) => [user.userId, user[field]]));
    checkEqual(states(now.results, 'status'), { ann: 'Offline', bob: 'Online' }, 'today');
    checkEqual(states(older.results, 'state'), { ann: 'Offline', bob: 'Online' }, 'the older call');
  }),
  scenario('a mute everywhere ends by itself', USERS, async (im, context) => {
    await im.accounts.mute({ userId: 'ann', c2cMuteTime: 60, groupMuteTime: 4294967295 });
    const { c2cMuteTime, groupMuteTime } = await im.accounts.getMute({ userId: 'ann' });
    check(c2cMuteTime > 0 && c2cMuteTime <= 60 && groupMuteTime === 4294967295, `${c2cMuteTime} ${groupMuteTime}`);
    const muted = await refused(context, 'PermissionDeniedError', () => says(im, context, 'bob'));
    checkServiceError(muted, 20012, 'messages.send');
    await advance(context, 61);
    await says(im, context, 'bob');
    const nobody = await refused(context, 'InvalidInputError', () =>
      im.accounts.mute({ userId: 'nobody', c2cMuteTime: 1 }),
    );
    checkServiceError(nobody, 130005, 'accounts.mute');
  }),
  scenario('conversations in their order', USERS, async (im, context) => {
    await im.groups.create({ type: 'Public', name: 'g', groupId: 'g', ownerAccount: 'ann' });
    for (const other of ['bob', 'eve']) {
      await says(im, context, other);
      await advance(context, 2);
    }
    await im.groupMessages.send({ ...of, groupId: 'g', msgBody: [context.sdk.elements.text('hi')] });
    checkEqual(await listed(im), ['g', 'eve', 'bob'], 'conversations');
    const conversations = [{ type: 1, toAccount: 'bob' }];
    await im.conversations.pin({ ...of, operationType: 1, conversations });
    checkEqual(await listed(im), ['bob', 'g', 'eve'], 'with a pinned one');
    await im.conversations.pin({ ...of, operationType: 2, conversations });
    await im.conversations.delete({ ...of, type: 2, groupId: 'g' });
    await im.conversations.delete({ ...of, type: 1, toAccount: 'bob', clearRamble: true });
    checkEqual(await listed(im), ['eve'], 'after deleting');
  }),
  scenario('groups and marks of conversations', USERS, async (im, context) => {
    const [bob, eve] = ['bob', 'eve'].map((toAccount) => ({ type: 1, toAccount }));
    await says(im, context, 'bob');
    await says(im, context, 'eve');
    const groups = [{ groupName: 'work', conversations: [bob] }];
    const [made] = (await im.conversations.createGroup({ ...of, groups })).groups;
    checkOutcomes(made.results, [true], 'members of the group');
    const update = async (group) => (await im.conversations.updateGroup({ ...of, updateType: 1, group })).group;
    const renamed = await update({ updateGroupType: 1, oldGroupName: 'work', newGroupName: 'job' });
    checkEqual([renamed.groupName, renamed.contactGroupId], ['job', made.group.contactGroupId], 'renamed');
    const updates = [eve, { type: 2, groupId: 'none' }].map((conversation) => ({ contactOptType: 1, conversation }));
    const moved = await update({ updateGroupType: 2, oldGroupName: 'job', updates });
    checkOutcomes(moved.results, [true, false], 'moved');
    checkExplained(moved.results[1]);
    const marks = [{ optType: 3, conversation: bob, setMarks: [1, 4], customMark: 'mine' }];
    checkOutcomes((await im.conversations.mark({ ...of, marks })).results, [true], 'marked');
    const found = {};
    for await (const conversation of im.conversations.iterGroupsAndMarks(of)) {
      found[conversation.toAccount] = conversation;
    }
    checkEqual([found.bob.customMark, found.bob.standardMark], ['mine', '1001'], 'marks');
    checkEqual(found.eve.contactGroupIds, [made.group.contactGroupId], 'groups');
    const some = await im.conversations.getGroupsAndMarks({ ...of, conversations: [bob] });
    checkEqual([some.conversations[0].customMark, some.groups[0].groupName], ['mine', 'job'], 'of one');
    const remove = () => im.conversations.deleteGroup({ ...of, groupNames: ['job'] });
    checkEqual((await remove()).groups[0].groupName, 'job', 'deleted');
    checkServiceError(await refused(context, 'NotFoundError', remove), 51009, 'conversations.delete_group');
  }),
];
