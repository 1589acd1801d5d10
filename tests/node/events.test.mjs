// Events on Node's own channel for diagnostics.

import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import { after, before, test } from 'node:test';
import { Client } from 'tencent-im';
import { startEmulator } from './support/emulator.mjs';
import { runScript } from './support/program.mjs';

const events = channel('tencent-im');
let emulator;

before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

test('a base URL of the environment wins over a region, and says so once', async () => {
  const script = `
    const told = [];
    for (const settings of [{ region: 'singapore' }, {}]) {
      const im = new Client({ ...settings, maxRetries: 0, onEvent: (event) => told.push(event) });
      const { url } = im.prepare('accounts.kick', { userId: 'a' });
      for (let i = 0; i < 2; i++) await im.accounts.kick({ userId: 'a' }).catch(() => {});
      told.push(new URL(url).host);
      await im.close();
    }
    console.log(JSON.stringify(told.filter((one) => typeof one === 'string' || one.event === 'region_ignored')));
  `;
  const environment = { TENCENT_IM_BASE_URL: 'http://LOCALHOST:1', TENCENT_IM_REGION: 'seoul' };
  const ignored = (region) => ({ event: 'region_ignored', region, baseUrl: 'http://LOCALHOST:1' });
  const { stdout } = await runScript(script, environment);
  assert.deepEqual(JSON.parse(stdout), [ignored('singapore'), 'localhost:1', ignored('seoul'), 'localhost:1']);
});

test('a subscriber hears of all clients, from its subscription to its end', async () => {
  const hooked = [];
  const heard = [];
  // The service gives its time in whole seconds: what is learnt of it depends on the moment.
  const into = (list) => (event) => event.event !== 'skew_learned' && list.push(event);
  const settings = { ...emulator.settings, rateLimits: false };
  const one = new Client(settings);
  const other = new Client({ ...settings, onEvent: into(hooked) });
  const listen = into(heard);
  const kinds = () => heard.splice(0).map(({ event }) => event);
  const call = (client) => client.accounts.check({ accounts: ['a'] });

  await call(one);
  await call(other);
  assert.deepEqual(kinds(), []);
  events.subscribe(listen);
  await call(one);
  assert.deepEqual(kinds(), ['attempt', 'reply']);
  hooked.length = 0;
  await call(other);
  assert.deepEqual(heard, hooked);
  assert.deepEqual(kinds(), ['attempt', 'reply']);
  events.unsubscribe(listen);
  await call(one);
  await call(other);
  assert.deepEqual(kinds(), []);
  assert.deepEqual(
    hooked.map(({ event }) => event),
    ['attempt', 'reply', 'attempt', 'reply'],
  );
  await Promise.all([one.close(), other.close()]);
});

test('events hold no secrets', async () => {
  const heard = [];
  const listen = (event) => heard.push(event);
  events.subscribe(listen);
  const im = new Client({ ...emulator.settings, baseUrl: 'http://127.0.0.1:9', maxRetries: 1 });
  await assert.rejects(im.accounts.kick({ userId: 'a secret name' }));
  events.unsubscribe(listen);
  assert.ok(heard.some(({ event }) => event === 'failure'));
  const text = JSON.stringify(heard);
  assert.ok(!text.includes(emulator.settings.secretKey) && !/usersig|identifier|secret|\?/i.test(text), text);
  await im.close();
});
