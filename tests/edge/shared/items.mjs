// Items of a reply that failed although the call succeeded.

import { check, checkEqual } from './json.mjs';

/** A reply to a call. */
function answered(sdk, op, fields) {
  const im = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'a key made up for tests' });
  return im.parse(op, { status: 200, body: JSON.stringify({ ErrorCode: 0, ...fields }) });
}

/** A reply of accounts.delete with an item for each code. */
function deleted(sdk, ...codes) {
  const items = codes.map((code, at) => ({ UserID: `u${at}`, ResultCode: code, ResultInfo: '' }));
  return answered(sdk, 'accounts.delete', { ResultItem: items });
}

/** Every way to tell of a failure: the call, its reply, the path and the code of the one item that failed. */
const FAILURES = [
  ['messages.send_batch', { ErrorList: [{ To_Account: 'a', ErrorCode: 70107 }] }, 'errors[0]', 70107],
  ['messages.get_unread_counts', { ErrorList: [{ Peer_Account: 'a', ErrorCode: 70107 }] }, 'errors[0]', 70107],
  ['messages.delete', { InvalidMsgKeyList: ['1_2_3'] }, 'invalidMsgKeys[0]', undefined],
  ['accounts.query_state', { ErrorList: [{ To_Account: 'a', ErrorCode: 70107 }] }, 'errors[0]', 70107],
  ['groups.add_members', { MemberList: [1, 0, 3].map((Result) => ({ Result })) }, 'members[1]', undefined],
  ['official_accounts.add_subscribers', { SubscriberList: [{ Result: 2 }, { Result: 0 }] }, 'results[1]', undefined],
  ['moderation.remove_keywords', { Details: [{ Deleted: true }, { Deleted: false }] }, 'results[1]', undefined],
];

function raised(sdk, reply) {
  try {
    sdk.raiseForItems(reply);
  } catch (error) {
    return error;
  }
  return undefined;
}

export const items = [
  {
    name: 'items say whether they failed and why',
    run({ sdk }) {
      const [good, bad, strange] = deleted(sdk, 0, 70107, 99).results;
      checkEqual(good, { userId: 'u0', resultCode: 0, ok: true, resultInfo: '' }, 'an item that succeeded');
      check(bad.ok === false && bad.cause.length > 0 && bad.cure.length > 0, 'an item that failed');
      checkEqual([strange.ok, strange.cause, strange.cure], [false, undefined, undefined], 'a code nobody knows');
    },
  },
  {
    name: 'a reply without failed items is given back',
    run({ sdk }) {
      const reply = deleted(sdk, 0, 0);
      check(sdk.raiseForItems(reply) === reply, 'another reply');
      checkEqual(sdk.raiseForItems({}), {}, 'an empty reply');
    },
  },
  {
    name: 'failed items are raised',
    run({ sdk }) {
      const reply = deleted(sdk, 0, 70107, 70107);
      const error = raised(sdk, reply);
      check(error instanceof sdk.PartialError, `${error}`);
      checkEqual([error.kind, error.code, error.path], ['Partial', 70107, 'results[1]'], 'facts');
      checkEqual([error.cause, error.cure], [reply.results[1].cause, reply.results[1].cure], 'cause and cure');
      checkEqual(error.items, reply.results.slice(1), 'the items');
      check(error.maybeApplied && error.message.includes('2 items failed'), error.message);
    },
  },
  {
    name: 'a failed item that a list names as well counts once',
    run({ sdk }) {
      const result = (name, code) => ({ To_Account: name, ResultCode: code, ResultInfo: '' });
      const fields = { ResultItem: [result('a', 0), result('b', 30516)], Fail_Account: ['b'] };
      const error = raised(sdk, answered(sdk, 'friends.add', fields));
      checkEqual([error.path, error.code, error.items.length], ['results[1]', 30516, 1], 'facts');
    },
  },
  ...FAILURES.map(([op, fields, path, code]) => ({
    name: `failed items of ${op} are raised`,
    run({ sdk }) {
      const error = raised(sdk, answered(sdk, op, fields));
      checkEqual([error?.path, error?.code, error?.items.length], [path, code, 1], 'facts');
    },
  })),
  {
    name: 'an item whose code is no number failed, one without a code did not',
    run({ sdk }) {
      const oks = ['70107', [], true, null].map((code) => deleted(sdk, code).results[0].ok);
      checkEqual(oks, [false, false, false, true], 'ok');
      checkEqual(raised(sdk, deleted(sdk, '70107')).code, undefined, 'code');
    },
  },
  {
    name: 'failed names are raised',
    run({ sdk }) {
      const error = raised(sdk, { failAccounts: ['a', 'b'] });
      checkEqual([error.items, error.path, error.code], [['a', 'b'], 'failAccounts[0]', undefined], 'facts');
      checkEqual(raised(sdk, { failAccounts: [] }), undefined, 'no names');
    },
  },
];
