// Communities: their topics and permission groups.

import { check, checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { checkExplained, checkOutcomes, checkServiceError, read, scenario } from './scenario.mjs';

const CLUB = '@TGS#_club';
const NEWS = `${CLUB}@TOPIC#_news`;
const of = { groupId: CLUB };

function community(name, run) {
  return scenario(name, ['ann', 'bob', 'eve'], async (im, context) => {
    const more = { name: 'club', ownerAccount: 'ann', supportTopic: true, members: ['bob'] };
    await im.groups.create({ ...of, type: 'Community', ...more });
    await run(im, context);
  });
}

export const communities = [
  community("a topic's life", async (im, context) => {
    const topic = { ...of, topicId: NEWS };
    const create = () => im.topics.create({ ...topic, topicName: 'news' });
    checkEqual((await create()).topicId, NEWS, 'id');
    checkServiceError(await refused(context, 'ConflictError', create), 10025, 'topics.create');
    const old = (await im.topics.importTopic({ ...of, topicName: 'old' })).topicId;
    await im.topics.update({ ...topic, topicName: 'late news', customString: '{"a":1}' });
    const says = (text) =>
      im.groupMessages.send({ ...topic, fromAccount: 'bob', msgBody: [context.sdk.elements.text(text)] });
    await says('hi');
    checkEqual(await read(im.groupMessages.iter(topic), 'msgSeq'), [1], 'messages of the topic');
    checkEqual(await read(im.groupMessages.iter(of), 'msgSeq'), [], 'messages beside the topic');
    await im.groups.muteMembers({ ...topic, memberAccounts: ['bob'], muteTime: 60 });
    await refused(context, 'PermissionDeniedError', () => says('hi'));
    const { topics } = await im.topics.list({ ...of, fromAccount: 'bob', topicIds: [NEWS, 'none'] });
    const { topicName, nextMsgSeq, customString } = topics[0].topicInfo;
    checkEqual([topicName, nextMsgSeq, customString], ['late news', 2, '{"a":1}'], 'the topic');
    checkEqual(topics[1].errorCode, 110003, 'no topic');
    checkExplained(topics[1]);
    const deleted = await im.topics.delete({ ...of, topicIds: [NEWS, 'none'] });
    checkOutcomes(deleted.results, [true, false], 'deleted');
    const rest = await im.topics.list({ ...of, fromAccount: 'ann' });
    checkEqual(
      rest.topics.map(({ topicInfo }) => topicInfo.topicId),
      [old],
      'left',
    );
  }),
  community('members of a community who are online', async (im, context) => {
    await control(context, 'online', { users: [{ user_id: 'bob', status: 'Online' }] });
    checkEqual((await im.groups.getCommunityOnlineMemberCount(of)).onlineMemberCount, 1, 'count');
    checkEqual(
      await read(im.groups.iterMembers({ ...of, limit: 1, next: '' }), 'memberAccount'),
      ['ann', 'bob'],
      'all',
    );
  }),
  community('calls of permission groups', async (im, { sdk }) => {
    const groups = im.permissionGroups;
    const named = { ...of, permissionGroupId: '@PMG#_w' };
    const made = await groups.create({ ...named, permissionGroupName: 'writers', permission: '3' });
    checkEqual(made.permissionGroupId, '@PMG#_w', 'id');
    checkEqual(await groups.update({ ...named, permissionGroupName: 'editors' }), {}, 'updated');
    check((await read(groups.iter({ ...of, limit: 1 }), 'permissionGroupId')).length > 0, 'no groups');
    const added = await groups.addMembers({ ...named, members: ['bob', { memberAccount: 'eve' }] });
    checkOutcomes(added.members, [true, true], 'added');
    checkEqual(typeof (await read(groups.iterMembers(named), 'memberAccount'))[0], 'string', 'member');
    const removed = await groups.removeMembers({ ...named, members: ['bob'] });
    checkEqual(removed.members[0].memberAccount, 'bob', 'removed');
    // Beyond 2^53: text in JavaScript, every digit kept.
    const topicPermissions = [{ topicId: NEWS, permission: '9223372036854775808' }];
    checkOutcomes((await groups.addTopicPermissions({ ...named, topicPermissions })).results, [true], 'added');
    checkOutcomes((await groups.updateTopicPermissions({ ...named, topicPermissions })).results, [true], 'updated');
    const listed = await groups.listTopicPermissions(named);
    checkEqual(typeof listed.topicPermissions[0].permission, 'string', 'permission');
    checkOutcomes((await groups.removeTopicPermissions({ ...named, topicIds: [NEWS] })).results, [true], 'removed');
    const permissionGroupIds = ['@PMG#_w', '@PMG#_x'];
    const deleted = sdk.raiseForItems(await groups.delete({ ...of, permissionGroupIds }));
    checkEqual(
      deleted.results.map(({ permissionGroupId }) => permissionGroupId),
      permissionGroupIds,
      'deleted',
    );
  }),
];
