// The account calls end to end, by `import` and by `require`.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, beforeEach, test } from 'node:test';
import * as esm from 'tencent-im';
import { startEmulator } from './support/emulator.mjs';

const cjs = createRequire(import.meta.url)('tencent-im');
let emulator;

before(async () => {
  emulator = await startEmulator('--account-quota', '100000');
});
beforeEach(() => emulator.reset());
after(() => emulator.stop());

for (const [way, { Client, backend }] of Object.entries({ esm, cjs })) {
  test(`all account calls by ${way}`, async (t) => {
    assert.deepEqual(backend(), { name: 'native' });
    const im = new Client(emulator.settings);
    t.after(() => im.close());
    const { accounts } = im;

    assert.deepEqual(
      await accounts.importAccount({ userId: 'alice', nick: '爱丽丝', faceUrl: 'http://a.example/' }),
      {},
    );
    assert.deepEqual(await accounts.importAccounts({ userIds: ['bob', 'carol'] }), { failAccounts: [] });
    assert.deepEqual(await accounts.importAccounts({ accounts: [{ userId: 'dave', nick: 'D' }, 'erin'] }), {
      failAccounts: [],
    });
    const checked = await accounts.check({ accounts: ['alice', { userId: 'nobody' }] });
    assert.deepEqual(
      checked.results.map(({ userId, accountStatus, resultCode }) => [userId, accountStatus, resultCode]),
      [
        ['alice', 'Imported', 0],
        ['nobody', 'NotImported', 0],
      ],
    );
    await emulator.online({ user_id: 'alice', platforms: { Web: 'Online' } });
    const online = await accounts.getOnlineStatus({ userIds: ['alice', 'bob'], needDetail: true });
    assert.deepEqual(online.results[0], {
      userId: 'alice',
      status: 'Online',
      detail: [{ platform: 'Web', status: 'Online' }],
    });
    const state = await accounts.queryState({ userIds: ['alice', 'bob'] });
    assert.deepEqual(
      state.results.map(({ userId, state }) => [userId, state]),
      [
        ['alice', 'Online'],
        ['bob', 'Offline'],
      ],
    );
    assert.deepEqual(await accounts.kick({ userId: 'alice' }), {});
    const deleted = await accounts.delete({ accounts: ['alice', 'nobody'] });
    assert.deepEqual(
      deleted.results.map(({ userId, resultCode }) => [userId, resultCode === 0]),
      [
        ['alice', true],
        ['nobody', false],
      ],
    );
  });
}

test('names that failed are data, not an error', async (t) => {
  await emulator.config({ failing: { mallory: 70500 } });
  const im = new esm.Client(emulator.settings);
  t.after(() => im.close());
  const reply = await im.accounts.importAccounts({ userIds: ['mallory', 'peggy'] });
  assert.deepEqual(reply, { failAccounts: ['mallory'] });
  const status = await im.accounts.getOnlineStatus({ userIds: ['peggy', 'nobody'] });
  assert.deepEqual(
    [status.results.map(({ userId }) => userId), status.errors.map(({ userId }) => userId)],
    [['peggy'], ['nobody']],
  );
});

test("the service's refusal becomes an error with its code, cause and cure", async (t) => {
  const im = new esm.Client({ ...emulator.settings, secretKey: 'another' });
  t.after(() => im.close());
  await assert.rejects(im.accounts.kick({ userId: 'alice' }), (error) => {
    assert.ok(error instanceof esm.SignatureError && error instanceof cjs.TencentImError);
    assert.deepEqual([error.code, error.operation, error.maybeApplied], [70009, 'accounts.kick', false]);
    assert.ok(error.cause && error.cure);
    return true;
  });
});

test('nicknames come through unharmed', async (t) => {
  const im = new esm.Client(emulator.settings);
  t.after(() => im.close());
  const nick = '用户 "1" \\ \u{1f600} é';
  await im.accounts.importAccount({ userId: 'alice', nick });
  const { apps } = await (await fetch(`${emulator.url}/_emulator/state`)).json();
  assert.equal(Object.values(apps)[0].accounts.alice.nick, nick);
});

test('what needs no network: preparing, parsing, signing', async () => {
  const im = new esm.Client(emulator.settings);
  const request = im.prepare('accounts.importAccount', { userId: 'alice' });
  const reply = await fetch(request.url, request);
  assert.deepEqual(
    im.parse('accounts.importAccount', { status: reply.status, headers: reply.headers, body: await reply.text() }),
    {},
  );
  const sig = im.signUserSig('alice', { expire: 60 });
  const { secretKey, sdkAppId } = emulator.settings;
  const facts = esm.verifyUserSig(sig, { secretKey, sdkAppId, userId: 'alice' });
  assert.deepEqual([facts.userId, facts.expire], ['alice', 60]);
  assert.deepEqual(
    esm.inspectUserSig(esm.signUserSig({ sdkAppId, secretKey, userId: 'bob', now: 1_700_000_000 })).issuedAt,
    1_700_000_000,
  );
});
