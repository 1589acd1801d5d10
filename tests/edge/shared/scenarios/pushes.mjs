// Pushes, and the tags and attributes that they are addressed by.

import { check, checkEqual } from '../json.mjs';
import { control, refused } from '../tools.mjs';
import { checkExplained, checkServiceError, scenario } from './scenario.mjs';

const USERS = ['ann', 'bob'];
const ann = { toAccount: 'ann' };

/** Whom each push reached, the oldest push first. */
async function receivers(context) {
  const { apps } = await control(context, 'state');
  return apps[context.appId].pushes.map((push) => push.receivers);
}

export const pushes = [
  scenario('tags of users', USERS, async (im, { sdk }) => {
    const tags = async () => (await im.push.getUserTags({ toAccounts: ['ann'] })).userTags[0].tags;
    const userTags = [
      { ...ann, tags: ['a', 'b'] },
      { toAccount: 'nobody', tags: ['a'] },
    ];
    const { errors } = await im.push.addUserTags({ userTags });
    checkEqual([errors.length, errors[0].toAccount, errors[0].errorCode], [1, 'nobody', 70107], 'failed');
    checkExplained(errors[0]);
    sdk.raiseForItems(await im.push.removeUserTags({ userTags: [{ ...ann, tags: ['a'] }] }));
    checkEqual(await tags(), ['b'], 'tags');
    await im.push.addUserTags({ replace: true, userTags: [{ ...ann, tags: ['c'] }] });
    checkEqual(await tags(), ['c'], 'tags in place of the old ones');
    await im.push.clearUserTags({ toAccounts: ['ann'] });
    checkEqual(await tags(), [], 'after clearing');
  }),
  scenario('attributes of users', USERS, async (im) => {
    const names = { 0: 'sex', 1: 'home_city' };
    await im.push.setAttributeNames({ names, types: { 0: 0 } });
    checkEqual((await im.push.getAttributeNames()).names, names, 'names');
    checkEqual((await im.legacyPush.getAttributeNames()).names, names, 'names of the older service');
    // Names of attributes are data, in no style of any language.
    const attributes = { sex: 'f', home_city: 'Rome' };
    await im.push.setUserAttributes({ userAttributes: [{ ...ann, attributes }] });
    const got = async () => (await im.push.getUserAttributes({ toAccounts: ['ann'] })).userAttributes[0].attributes;
    checkEqual(await got(), attributes, 'attributes');
    await im.push.deleteUserAttributes({ userAttributes: [{ ...ann, names: ['sex'] }] });
    checkEqual(await got(), { home_city: 'Rome' }, 'after deleting one');
  }),
  scenario('pushes reach those they are for', USERS, async (im, context) => {
    await im.push.addUserTags({ userTags: [{ ...ann, tags: ['a'] }] });
    const from = { fromAccount: 'administrator', offlinePushInfo: { title: 'news', desc: 'hi' } };
    const { taskId } = await im.push.broadcast({ ...from, condition: { tagsOr: ['a'] } });
    const { errors } = await im.push.send({ ...from, toAccounts: ['bob', 'nobody'] });
    checkEqual([errors[0].toAccount, errors[0].errorCode], ['nobody', 70107], 'failed');
    checkEqual(await receivers(context), [['ann'], ['bob']], 'receivers');
    const recall = () => im.push.recall({ taskId, offlinePushInfo: from.offlinePushInfo });
    await recall();
    checkServiceError(await refused(context, 'ConflictError', recall), 90050, 'push.recall');
  }),
  scenario('statistics of pushes are typed', USERS, async (im) => {
    const endTime = Math.floor(Date.now() / 1000);
    const span = { startTime: endTime - 3600, endTime };
    const [result] = (await im.push.getBroadcastStatistics({ ...span, taskIds: ['t'] })).results;
    checkEqual(typeof result.platformStatistics[0].pushPlatform, 'number', 'platform');
    const [lost] = (await im.push.getBroadcastErrorCounts({ ...span, taskIds: ['t'] })).results;
    checkEqual(typeof lost.readyToSendLoss[0].errCount, 'number', 'count');
    checkEqual(typeof (await im.push.getMessageStatistics(span)).totalCount, 'number', 'total');
    checkEqual(typeof (await im.push.getMessageErrorCounts(span)).readyToSendLoss[0].errCode, 'string', 'code');
    for (const trace of [
      await im.push.getBroadcastTrace({ taskId: 't', userId: 'ann' }),
      await im.push.getMessageTrace({ pushId: 'p' }),
    ]) {
      check(trace.instanceTrace[0].offlinePushStat.offlineStat.ok, 'a stage');
    }
  }),
  scenario('pushes by the older service', USERS, async (im, context) => {
    const { legacyPush } = im;
    const bob = { toAccount: 'bob' };
    const tags = async () => (await legacyPush.getUserTags({ toAccounts: ['bob'] })).userTags[0].tags;
    await legacyPush.addUserTags({ userTags: [{ ...bob, tags: ['a', 'b'] }] });
    await legacyPush.removeUserTags({ userTags: [{ ...bob, tags: ['b'] }] });
    checkEqual(await tags(), ['a'], 'tags');
    await legacyPush.setAttributeNames({ names: { 0: 'sex' } });
    await legacyPush.setUserAttributes({ userAttributes: [{ ...bob, attributes: { sex: 'm' } }] });
    const { userAttributes } = await legacyPush.getUserAttributes({ toAccounts: ['bob'] });
    checkEqual(userAttributes[0].attributes, { sex: 'm' }, 'attributes');
    await legacyPush.deleteUserAttributes({ userAttributes: [{ ...bob, names: ['sex'] }] });
    const msgBody = [context.sdk.elements.text('hi')];
    const push = () => legacyPush.broadcast({ msgBody, msgRandom: 7, condition: { tagsAnd: ['a'] } });
    checkEqual((await push()).taskId, (await push()).taskId, 'the same push twice');
    checkEqual(await receivers(context), [['bob']], 'receivers');
    await legacyPush.clearUserTags({ toAccounts: ['bob'] });
    checkEqual(await tags(), [], 'after clearing');
  }),
];
