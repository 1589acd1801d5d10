// Friendships, blocked users and follows.

import { check, checkEqual } from '../json.mjs';
import { refused } from '../tools.mjs';
import { checkExplained, checkOutcomes, checkServiceError, read, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob', 'eve', 'joe'];
const WEB = { addSource: 'AddSource_Type_Web' };

async function relation(im, fromAccount, other) {
  const params = { fromAccount, toAccounts: [other], checkType: 'CheckResult_Type_Both' };
  return (await im.friends.check(params)).results[0].relation;
}

export const relations = [
  scenario("a friendship's life", USERS, async (im, { sdk }) => {
    const of = { fromAccount: 'ann' };
    const friends = [
      { toAccount: 'bob', remark: 'Bobby', groupName: 'mates', ...WEB },
      { toAccount: 'eve', ...WEB },
    ];
    const added = sdk.raiseForItems(await im.friends.add({ ...of, friends, addType: 'Add_Type_Both' }));
    checkOutcomes(added.results, [true, true], 'added');
    checkEqual(await relation(im, 'bob', 'ann'), 'CheckResult_Type_BothWay', 'relation');
    checkEqual(await read(im.friends.iter(of), 'toAccount'), ['bob', 'eve'], 'friends');
    const fields = [{ tag: 'Tag_SNS_IM_Remark', value: 'Rob' }];
    sdk.raiseForItems(await im.friends.update({ ...of, friends: [{ toAccount: 'bob', fields }] }));
    const tags = ['Tag_SNS_IM_Remark', 'Tag_SNS_IM_Group'];
    const { results } = await im.friends.get({ ...of, toAccounts: ['bob'], tags });
    const got = Object.fromEntries(results[0].fields.map(({ tag, value }) => [tag, value]));
    checkEqual(got, { Tag_SNS_IM_Remark: 'Rob', Tag_SNS_IM_Group: ['mates'] }, 'fields');
    await im.friends.remove({ ...of, toAccounts: ['bob'], deleteType: 'Delete_Type_Single' });
    checkEqual(await relation(im, 'ann', 'bob'), 'CheckResult_Type_BWithA', 'after removing one side');
    await im.friends.clear({ ...of, deleteType: 'Delete_Type_Both' });
    checkEqual(await read(im.friends.iter(of), 'toAccount'), [], 'after clearing');
  }),
  scenario('each friend that could not be added says why', USERS, async (im, context) => {
    const fields = [{ tag: 'Tag_Profile_IM_AllowType', value: 'AllowType_Type_DenyAny' }];
    await im.profiles.update({ fromAccount: 'bob', fields });
    const friends = ['joe', 'bob', 'nobody'].map((toAccount) => ({ toAccount, ...WEB }));
    const added = await im.friends.add({ fromAccount: 'ann', friends });
    checkEqual(
      added.results.map(({ resultCode }) => resultCode),
      [0, 30516, 30003],
      'codes',
    );
    added.results.slice(1).forEach(checkExplained);
    checkEqual(added.failAccounts, ['bob', 'nobody'], 'failed');
    const error = await refused(context, 'PartialError', () => context.sdk.raiseForItems(added));
    checkEqual([error.path, error.code, error.items.length], ['results[1]', 30516, 2], 'facts');
    const nobody = await refused(context, 'NotFoundError', () =>
      im.friends.list({ fromAccount: 'nobody', startIndex: 0 }),
    );
    checkServiceError(nobody, 30003, 'friends.list');
  }),
  scenario('imported friends, friend groups and long lists', USERS, async (im, { sdk }) => {
    const of = { fromAccount: 'ann' };
    const names = Array.from({ length: 130 }, (_, at) => `friend${String(at).padStart(3, '0')}`);
    for (const userIds of [names.slice(0, 100), names.slice(100)]) {
      await im.accounts.importAccounts({ userIds });
      const friends = userIds.map((toAccount) => ({ toAccount, addSource: 'AddSource_Type_Old' }));
      sdk.raiseForItems(await im.friends.importFriends({ ...of, friends }));
    }
    checkEqual(await read(im.friends.iter(of), 'toAccount'), names, 'friends');
    const made = await im.friends.createGroups({ ...of, groupNames: ['work', 'home'], toAccounts: names.slice(0, 1) });
    checkOutcomes(made.results, [true], 'members of the groups');
    const listed = await im.friends.listGroups({ ...of, lastSequence: 0, needFriend: 'Need_Friend_Type_Yes' });
    checkEqual(
      listed.groups.map(({ groupName, toAccounts }) => [groupName, toAccounts]),
      [
        ['work', [names[0]]],
        ['home', [names[0]]],
      ],
      'groups',
    );
    const { currentSequence } = await im.friends.deleteGroups({ ...of, groupNames: ['work'] });
    check(currentSequence > made.currentSequence, 'the sequence did not move');
  }),
  scenario('blocked users', USERS, async (im, { sdk }) => {
    const of = { fromAccount: 'ann' };
    await im.friends.add({ ...of, friends: [{ toAccount: 'bob', ...WEB }] });
    sdk.raiseForItems(await im.blocklist.add({ ...of, toAccounts: ['bob', 'eve'] }));
    checkEqual(await relation(im, 'ann', 'bob'), 'CheckResult_Type_NoRelation', 'blocking ends a friendship');
    const blocked = im.blocklist.iter({ ...of, maxLimited: 1, lastSequence: 0 });
    checkEqual(await read(blocked, 'toAccount'), ['bob', 'eve'], 'blocked');
    const checkType = 'BlackCheckResult_Type_Both';
    const { results } = await im.blocklist.check({ ...of, toAccounts: ['bob', 'joe'], checkType });
    checkEqual(
      results.map((result) => result.relation),
      ['BlackCheckResult_Type_AWithB', 'BlackCheckResult_Type_NO'],
      'relations',
    );
    const added = await im.friends.add({ fromAccount: 'bob', friends: [{ toAccount: 'ann', ...WEB }] });
    checkEqual(added.results[0].resultCode, 30525, 'who is blocked cannot add');
    sdk.raiseForItems(await im.blocklist.remove({ ...of, toAccounts: ['bob'] }));
    checkEqual(await read(im.blocklist.iter({ ...of, maxLimited: 9, lastSequence: 0 }), 'toAccount'), ['eve'], 'left');
  }),
  scenario('follows', USERS, async (im, { sdk }) => {
    const of = { fromAccount: 'ann' };
    const added = await im.follows.add({ ...of, users: ['bob', { toAccount: 'eve' }, 'nobody'] });
    checkOutcomes(added.results, [true, true, false], 'added');
    checkExplained(added.results[2]);
    sdk.raiseForItems(await im.follows.add({ fromAccount: 'bob', users: ['ann'] }));
    for (const [followType, expected] of [
      [1, ['bob']],
      [2, ['bob', 'eve']],
      [3, ['bob']],
    ]) {
      const found = im.follows.iter({ ...of, followType, wantNum: 1 });
      checkEqual(await read(found, 'toAccount'), expected, `follows of type ${followType}`);
    }
    const { results } = await im.follows.check({ ...of, toAccounts: ['bob', 'eve', 'joe'] });
    checkEqual(
      results.map(({ followType }) => followType),
      [3, 2, 0],
      'who follows whom',
    );
    const [counts] = (await im.follows.getCounts({ ...of, toAccounts: ['ann'] })).results;
    checkEqual([counts.followingCount, counts.followerCount, counts.mutualFollowingCount], [2, 1, 1], 'counts');
    sdk.raiseForItems(await im.follows.remove({ ...of, toAccounts: ['bob'] }));
    checkEqual(await read(im.follows.iter({ ...of, followType: 3 }), 'toAccount'), [], 'mutual ones');
  }),
];
