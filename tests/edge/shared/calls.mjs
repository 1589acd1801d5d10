// Calls that work, and what the service refuses.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused } from './tools.mjs';

const LONGEST = 'x'.repeat(32);

export const calls = [
  {
    name: 'an account is imported and checked back',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      checkEqual(
        await im.accounts.importAccount({ userId: 'test', nick: 'Täst 😀', faceUrl: undefined }),
        {},
        'result',
      );
      const { results } = await im.accounts.check({ accounts: ['test', { userId: 'nobody' }] });
      checkEqual(
        results.map(({ userId, accountStatus }) => [userId, accountStatus]),
        [
          ['test', 'Imported'],
          ['nobody', 'NotImported'],
        ],
        'accounts',
      );
      const { apps } = await control(context, 'state');
      checkEqual(apps[context.appId].accounts.test.nick, 'Täst 😀', 'nickname at the service');
      await im.close();
    },
  },
  {
    name: 'many accounts, deleting, logging out, online state',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const { failAccounts } = await im.accounts.importAccounts({
        accounts: ['a', { userId: LONGEST, nick: 'B' }, { userId: 'c' }],
      });
      checkEqual(failAccounts, [], 'failed');
      await control(context, 'online', { users: [{ user_id: 'a', platforms: { Web: 'Online' } }] });
      const { results, errors } = await im.accounts.getOnlineStatus({ userIds: ['a', 'nobody'], needDetail: true });
      checkEqual(results[0].status, 'Online', 'state');
      const [missing] = errors;
      checkEqual([errors.length, missing.userId, missing.errorCode, missing.ok], [1, 'nobody', 70107, false], 'errors');
      await im.accounts.kick({ userId: 'a' });
      const gone = await im.accounts.delete({ accounts: [LONGEST] });
      checkEqual(gone.results[0].resultCode, 0, 'deleted');
      await im.close();
    },
  },
  {
    name: 'a wrong key is an error with cause and cure',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context, { secretKey: '0'.repeat(64) });
      const error = await refused(context, 'SignatureError', () => im.accounts.importAccount({ userId: 'a' }));
      checkEqual(
        [error.code, error.operation, error.attempts, error.maybeApplied, error.httpStatus],
        [70009, 'accounts.import_account', 1, false, 200],
        'facts',
      );
      check(error.cause.length > 0 && error.cure.length > 0 && error.errorInfo.length > 0, error.message);
      for (const words of ['accounts.import_account', '70009', error.cause, error.cure]) {
        check(error.message.includes(words), `${error.message} lacks ${words}`);
      }
      const facts = JSON.parse(JSON.stringify(error));
      checkEqual([facts.name, facts.kind, facts.code], ['SignatureError', 'Signature', 70009], 'as JSON');
      check(error.stack.startsWith('SignatureError: '), error.stack);
    },
  },
  {
    name: 'a hundred calls at once, with one signal for all',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const { signal } = new AbortController();
      const users = Array.from({ length: 100 }, (_, at) => `user${at}`);
      await Promise.all(users.map((userId) => im.accounts.importAccount({ userId }, { signal })));
      const { results } = await im.accounts.check({ accounts: users });
      checkEqual(results.filter(({ accountStatus }) => accountStatus === 'Imported').length, 100, 'imported');
      const { random } = await control(context, 'counters');
      checkEqual([random.total, random.repeated], [101, 0], 'values of random');
      await im.close();
    },
  },
  {
    name: 'what the caller does to its object after the call has no effect',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const account = { userId: 'before' };
      const done = im.accounts.importAccount(account);
      account.userId = 'after';
      await done;
      const { results } = await im.accounts.check({ accounts: ['before', 'after'] });
      checkEqual(
        results.map(({ accountStatus }) => accountStatus),
        ['Imported', 'NotImported'],
        'accounts',
      );
    },
  },
  {
    name: 'raw fields, the other name of the user, and the admin reach the service',
    async run(context) {
      const { body } = clientOf(context, { accountField: 'UserID' }).prepare(
        'accounts.importAccount',
        { userId: 'a' },
        { extraBody: { Brand_New: { Deep: 9_007_199_254_740_993n } } },
      );
      checkEqual(body, '{"UserID":"a","Brand_New":{"Deep":9007199254740993}}', 'body');
      const im = clientOf(context, { admin: 'nobody' });
      const error = await refused(context, 'PermissionDeniedError', () => im.accounts.kick({ userId: 'a' }));
      checkEqual(error.code, 70403, 'code');
    },
  },
  {
    name: 'a prepared request by HTTP of one’s own, and its answer',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      for (const op of ['accounts.importAccount', 'accounts.import_account']) {
        const request = im.prepare(op, { userId: 'own' });
        check(request.timeoutMs > 0, `timeout ${request.timeoutMs}`);
        const answer = await fetch(request.url, {
          method: request.method,
          headers: request.headers,
          body: request.body,
        });
        const { status, headers } = answer;
        checkEqual(im.parse(op, { status, headers, body: await answer.text() }), {}, 'result');
      }
      const body = new TextEncoder().encode('{"ErrorCode":0,"ResultItem":[{"UserID":"a","ResultCode":0}]}');
      const headers = { Date: 'Tue, 14 Nov 2023 22:13:20 GMT' };
      const { results } = im.parse('accounts.check', { status: 200, headers, body });
      checkEqual(results, [{ userId: 'a', resultCode: 0, ok: true }], 'result of bytes');
      const broken = () => im.parse('accounts.check', { status: 200, body: 7 });
      checkEqual((await refused(context, 'InvalidInputError', broken)).path, 'body', 'path');
    },
  },
  {
    name: 'a prepared request does not show its UserSig',
    run(context) {
      const request = clientOf(context).prepare('accounts.kick', { userId: 'a' });
      check(request.url.includes('usersig='), 'the URL lacks the UserSig');
      const inspect = request[Symbol.for('nodejs.util.inspect.custom')]();
      const shown = [`${request}`, JSON.stringify(request), JSON.stringify({ ...request }), JSON.stringify(inspect)];
      shown.push(request.redactedUrl, Object.values(request).join(), request[Symbol.for('Deno.customInspect')]());
      for (const text of shown) {
        check(!/usersig|identifier=|random=/.test(text), `it shows: ${text}`);
      }
    },
  },
  {
    name: 'a lost answer is tried again where that is harmless',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'reset_after', call: 'account_import', next: 2 }]);
      const im = clientOf(context, { maxRetries: 3 });
      await im.accounts.importAccount({ userId: 'again' });
      const { requests, effects } = await counted(context, 'account_import');
      checkEqual([requests, effects], [3, 1], 'requests and effects');
      const { random } = await control(context, 'counters');
      checkEqual(random.repeated, 0, 'repeated values of random');
    },
  },
  {
    name: 'the caller’s own fetch carries the calls',
    async run(context) {
      await control(context, 'reset', {});
      const seen = [];
      const own = (url, init) => {
        seen.push(init.method);
        return fetch(url, init);
      };
      await clientOf(context, { fetch: own }).accounts.importAccount({ userId: 'a' });
      checkEqual(seen, ['POST'], 'what it saw');
    },
  },
  {
    name: 'calls wait for their turn',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context, { rateLimits: { 'accounts.importAccount': 20 } });
      const started = performance.now();
      await Promise.all(Array.from({ length: 12 }, (_, at) => im.accounts.importAccount({ userId: `user${at}` })));
      // At most 20 in any second, spread evenly.
      const ms = performance.now() - started;
      check(ms > 300, `twelve calls took ${ms} ms`);
      checkEqual((await counted(context, 'account_import')).effects, 12, 'effects');
    },
  },
];
