// Clients made from a client, with other settings for their calls.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused } from './tools.mjs';

/** The setting, the path of the error, and a word of its message. */
const REFUSED = [
  [{ timeoutMS: 5 }, 'timeoutMS', 'timeoutMs'],
  [{ maxRetry: 5 }, 'maxRetry', 'maxRetries'],
  [{ timeoutMs: 0 }, 'timeoutMs', ''],
  [{ maxRetries: 21 }, 'maxRetries', ''],
  [{ attemptTimeoutMs: '5' }, 'attemptTimeoutMs', ''],
  [{ signal: {} }, 'signal', 'single calls'],
  [5, undefined, 'object'],
  [undefined, undefined, 'object'],
];

export const withOptions = [
  {
    name: 'withOptions: other settings for the clone, and the same for the client itself',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [
        { kind: 'delay', delay_ms: 60_000, next: 1 },
        { kind: 'delay', delay_ms: 800 },
      ]);
      const im = clientOf(context);
      const hasty = im.withOptions({ timeoutMs: 200 });
      check(hasty instanceof context.sdk.Client, 'its class');
      await refused(context, 'CallTimeoutError', () => hasty.accounts.importAccount({ userId: 'a' }));
      await im.accounts.importAccount({ userId: 'a' });
      await hasty.accounts.importAccount({ userId: 'a' }, { timeoutMs: 30_000 });
      await im.close();
    },
  },
  {
    name: 'withOptions: clones of clones, and raw fields add up',
    async run(context) {
      const im = clientOf(context);
      const extraBody = { FieldA: 1, FieldB: 1 };
      const clone = im.withOptions({ extraBody, maxRetries: 2 }).withOptions({ extraBody: { FieldB: 2 } });
      extraBody.FieldA = 7;
      const body = (client, options) => JSON.parse(client.prepare('accounts.kick', { userId: 'a' }, options).body);
      checkEqual(body(im), { Identifier: 'a' }, 'the client');
      checkEqual(body(clone), { Identifier: 'a', FieldA: 1, FieldB: 2 }, 'the clone');
      const once = body(clone, { extraBody: { FieldA: 3 }, maxRetries: undefined });
      checkEqual(once, { Identifier: 'a', FieldA: 3, FieldB: 2 }, 'a call of the clone');
      await im.close();
    },
  },
  {
    name: 'withOptions: retries of the clone, and its events go to the same hook',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'reset_before', call: 'account_check', next: 1 }]);
      const events = [];
      const im = clientOf(context, { onEvent: ({ event }) => events.push(event) });
      await im.withOptions({ maxRetries: 1 }).accounts.check({ accounts: ['a'] });
      checkEqual((await counted(context, 'account_check')).requests, 2, 'requests');
      check(events.includes('retry'), String(events));
      await im.close();
    },
  },
  {
    name: 'withOptions: closing either closes both',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const clone = im.withOptions({ timeoutMs: 20_000 });
      const call = im.accounts.importAccount({ userId: 'a' });
      await clone.close();
      await call;
      const kick = (client) => refused(context, 'ConfigError', () => client.accounts.kick({ userId: 'a' }));
      await kick(im);
      await kick(clone);
      await refused(context, 'ConfigError', () => im.withOptions({}));
    },
  },
  ...REFUSED.map(([options, path, word]) => ({
    name: `withOptions refuses ${JSON.stringify(options)}`,
    async run(context) {
      const error = await refused(context, 'ConfigError', () => clientOf(context).withOptions(options));
      checkEqual([error.path, typeof error.cure], [path, 'string'], 'path and cure');
      check(error.message.includes(word), error.message);
    },
  })),
];
