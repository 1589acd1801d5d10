// Items of a reply that failed although the call succeeded.

import { check, checkEqual } from './json.mjs';

/** A reply of accounts.delete with an item for each code. */
function deleted(sdk, ...codes) {
  const items = codes.map((code, at) => ({ UserID: `u${at}`, ResultCode: code, ResultInfo: '' }));
  const im = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'a key made up for tests' });
  return im.parse('accounts.delete', { status: 200, body: JSON.stringify({ ErrorCode: 0, ResultItem: items }) });
}

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
      const im = new sdk.Client({ sdkAppId: 1400000001, secretKey: 'a key made up for tests' });
      const result = (name, code) => ({ To_Account: name, ResultCode: code, ResultInfo: '' });
      const body = { ErrorCode: 0, ResultItem: [result('a', 0), result('b', 30516)], Fail_Account: ['b'] };
      const error = raised(sdk, im.parse('friends.add', { status: 200, body: JSON.stringify(body) }));
      checkEqual([error.path, error.code, error.items.length], ['results[1]', 30516, 1], 'facts');
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
