// Communities: their topics and permission groups.

import { checkEqual } from '../json.mjs';
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
    checkEqual(await read(im.groups.iterMembers({ ...of, limit: 1 }), 'memberAccount'), ['ann', 'bob'], 'all');
  }),
  community('an iteration over members continues from its cursor', async (im) => {
    await im.groups.addMembers({ ...of, members: ['eve'] });
    for (let taken = 0; taken < 3; taken += 1) {
      const members = im.groups.iterMembers({ ...of, limit: 2 });
      const names = [];
      while (names.length < taken) {
        names.push((await members.next()).value.memberAccount);
      }
      names.push(...(await read(im.groups.iterMembers(of, { resume: members.cursor }), 'memberAccount')));
      checkEqual(names, ['ann', 'bob', 'eve'], `after ${taken}`);
    }
  }),
  community("a permission group's life", async (im, context) => {
    const groups = im.permissionGroups;
    const named = { ...of, permissionGroupId: '@PMG#_w' };
    const made = await groups.create({ ...named, permissionGroupName: 'writers', permission: '3' });
    checkEqual(made.permissionGroupId, '@PMG#_w', 'id');
    // Beyond 2^53: text in JavaScript, every digit kept.
    const widest = { ...of, permissionGroupName: 'readers', permission: '9223372036854775808' };
    const other = (await groups.create(widest)).permissionGroupId;
    checkEqual(await groups.update({ ...named, permissionGroupName: 'editors' }), {}, 'updated');
    const listed = new Map();
    for await (const { permissionGroupId, permissionGroupName, permission } of groups.iter({ ...of, limit: 1 })) {
      listed.set(permissionGroupId, [permissionGroupName, permission]);
    }
    checkEqual(listed.get('@PMG#_w'), ['editors', '3'], 'changed');
    checkEqual(listed.get(other), ['readers', '9223372036854775808'], 'the other one');
    const added = await groups.addMembers({ ...named, members: ['bob', { memberAccount: 'eve' }, 'ann'] });
    checkOutcomes(added.members, [true, false, true], 'eve is not in the community');
    checkEqual(await read(groups.iterMembers({ ...named, limit: 1 }), 'memberAccount'), ['bob', 'ann'], 'members');
    await groups.removeMembers({ ...named, members: ['bob'] });
    checkEqual(await read(groups.iterMembers(named), 'memberAccount'), ['ann'], 'members left');
    const deleted = await groups.delete({ ...of, permissionGroupIds: ['@PMG#_w', '@PMG#_x'] });
    checkOutcomes(deleted.results, [true, false], 'deleted');
    checkExplained(deleted.results[1]);
    checkEqual(await read(groups.iter(of), 'permissionGroupId'), [other], 'left');
    const gone = await refused(context, 'NotFoundError', () => groups.update({ ...named, permission: '1' }));
    checkServiceError(gone, 10010, 'permission_groups.update');
  }),
  community('permissions in topics', async (im) => {
    const groups = im.permissionGroups;
    const named = { ...of, permissionGroupId: '@PMG#_w' };
    await im.topics.create({ ...of, topicId: NEWS, topicName: 'news' });
    await groups.create({ ...named, permissionGroupName: 'writers', permission: '3' });
    const listed = async () => (await groups.listTopicPermissions(named)).topicPermissions;
    for (const [change, permission] of [
      ['addTopicPermissions', '7'],
      ['updateTopicPermissions', '9223372036854775808'],
    ]) {
      const topicPermissions = [NEWS, `${CLUB}@TOPIC#_none`].map((topicId) => ({ topicId, permission }));
      const { results } = await groups[change]({ ...named, topicPermissions });
      checkOutcomes(results, [true, false], change);
      checkExplained(results[1]);
      checkEqual(await listed(), [{ topicId: NEWS, permission }], change);
    }
    checkOutcomes((await groups.removeTopicPermissions({ ...named, topicIds: [NEWS] })).results, [true], 'removed');
    checkEqual(await listed(), [], 'left');
  }),
];
