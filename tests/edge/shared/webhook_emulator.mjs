// From end to end: a client sends, the emulator asks a receiver, and the client sees what its handler decided. Client and
// receiver run in one program, in any runtime; the test drives it over HTTP.

import { check } from './json.mjs';
import { control, PATIENCE, until } from './tools.mjs';
import { AFTER, APP, BEFORE, equal, TOKEN } from './webhook_tools.mjs';

/**
 * A program that answers `/hooks` as a webhook, and sends by `/send`. `start` gives the URL and secret key of its client,
 * which are known with the first request only.
 */
export function program({ Client }, { Webhooks, drop, reject, replace }) {
  const sent = [];
  const faults = [];
  const hooks = new Webhooks({ sdkAppId: APP, token: TOKEN, onError: (error) => void faults.push(error.message) });
  hooks.on(BEFORE, async ({ body }) => {
    switch (body.msgBody[0].msgContent.text) {
      case 'advertisement':
        return reject(120001, 'no advertisements');
      case 'forbidden':
        return reject();
      case 'spam':
        return drop();
      case 'damn':
        return replace({ msgBody: [{ msgType: 'TIMTextElem', msgContent: { text: '****' } }] });
      case 'broken':
        throw new Error('the handler has a bug');
    }
  });
  hooks.on(AFTER, ({ body }) => void sent.push(body.msgKey));

  let client;
  const clientOf = ({ baseUrl, secretKey }) => {
    client ??= new Client({ sdkAppId: APP, secretKey, baseUrl, maxRetries: 0 });
    return client;
  };
  const routes = {
    /** Gives the message's key, or the error. */
    async send(im, text) {
      const msgBody = [{ msgType: 'TIMTextElem', msgContent: { text } }];
      try {
        const { msgKey } = await im.messages.send({ fromAccount: 'ann', toAccount: 'bob', msgBody });
        return { key: msgKey };
      } catch (error) {
        const { name, code, message, operation, maybeApplied } = error;
        return { name, code, message, operation, maybeApplied };
      }
    },
    /** What bob has from ann. */
    async history(im) {
      const now = Math.floor(Date.now() / 1000);
      const range = { maxCount: 9, minTime: now - 99, maxTime: now + 99 };
      const texts = [];
      for await (const { msgBody } of im.messages.iter({ operatorAccount: 'bob', peerAccount: 'ann', ...range })) {
        texts.push(msgBody[0].msgContent.text);
      }
      return texts.sort();
    },
    begin: (im) => im.accounts.importAccounts({ userIds: ['ann', 'bob'] }),
    seen: () => ({ sent, faults }),
  };
  return {
    hooks,
    /** Answers all but the webhooks. */
    async answer(url, settings) {
      const { pathname, searchParams } = new URL(url);
      return routes[pathname.slice(1)](clientOf(settings), searchParams.get('text'));
    },
  };
}

/** Drives a program that is served at `url`, against an emulator. */
export async function drive(url, emulatorUrl) {
  const emulator = { url: emulatorUrl };
  const ask = async (path) => (await fetch(`${url}/${path}`)).json();
  await control(emulator, 'reset', {});
  await control(emulator, 'webhooks', { url: `${url}/hooks`, token: TOKEN, timeout_ms: PATIENCE });
  await ask('begin');

  const { key: hello } = await ask('send?text=hello');
  const rejected = await ask('send?text=advertisement');
  equal([rejected.name, rejected.code, rejected.operation], ['ContentRejectedError', 120001, 'messages.send']);
  equal(rejected.maybeApplied, false);
  check(rejected.message.includes('no advertisements'), rejected.message);
  const forbidden = await ask('send?text=forbidden');
  equal([forbidden.name, forbidden.code], ['ContentRejectedError', 20006]);
  const { key: dropped } = await ask('send?text=spam');
  const { key: changed } = await ask('send?text=damn');
  // A handler that fails has no say.
  const { key: broken } = await ask('send?text=broken');
  equal(await ask('history'), ['****', 'broken', 'hello']);

  let seen;
  await until(async () => {
    seen = await ask('seen');
    return seen.sent.length >= 3;
  });
  equal(seen.sent.sort(), [hello, changed, broken].sort());
  check(typeof dropped === 'string' && !seen.sent.includes(dropped), 'the dropped message looks sent and is not');
  equal(seen.faults, ['the handler has a bug']);

  // Every webhook, verified and acknowledged.
  const { commands } = await control(emulator, 'webhooks');
  check(commands.length >= 57, `the emulator knows ${commands.length} webhooks`);
  for (const command of commands) {
    const { status, answer } = await control(emulator, 'webhooks/fire', { command });
    equal([command, status, answer.ErrorCode], [command, 200, 0]);
  }
}
