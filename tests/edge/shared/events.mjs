// What a client tells about its calls.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, refused } from './tools.mjs';

/** A client that notes its events. */
function noting(context, options) {
  const events = [];
  return { events, im: clientOf(context, { onEvent: (event) => events.push(event), ...options }) };
}

export const events = [
  {
    name: 'events: a call that works',
    async run(context) {
      await control(context, 'reset', {});
      const { im, events } = noting(context);
      await im.accounts.importAccount({ userId: 'a' });
      const [tried, reply, ...more] = events.filter(({ event }) => event !== 'skew_learned');
      const operation = 'accounts.import_account';
      checkEqual([tried.event, tried.operation, tried.attempt], ['attempt', operation, 1], 'attempt');
      check(context.url.includes(tried.host), `host ${tried.host}`);
      checkEqual(reply, { event: 'reply', operation, attempt: 1, httpStatus: 200, code: null }, 'reply');
      checkEqual(more, [], 'others');
      await im.close();
    },
  },
  {
    name: 'events: a failure and a retry, each before the call ends',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'reset_before', call: 'account_check', next: 1 }]);
      const { im, events } = noting(context, { maxRetries: 2 });
      await im.accounts.check({ accounts: ['a'] });
      const seen = events.filter(({ event }) => event !== 'skew_learned');
      checkEqual(
        seen.map(({ event, attempt }) => [event, attempt]),
        [
          ['attempt', 1],
          ['failure', 1],
          ['retry', seen[2]?.attempt],
          ['attempt', 2],
          ['reply', 2],
        ],
        'events',
      );
      check(seen[1].reason.length > 0 && seen[2].reason.length > 0 && seen[2].delayMs >= 0, JSON.stringify(seen));
      await im.close();
    },
  },
  {
    name: 'events hold no secrets',
    async run(context) {
      await control(context, 'reset', {});
      const { im, events } = noting(context, { maxRetries: 1 });
      for (const rule of [{ kind: 'reset_before' }, { kind: 'not_json' }, { kind: 'error_code', code: 60007 }]) {
        await control(context, 'faults', [{ ...rule, call: 'account_import' }]);
        await im.accounts.importAccount({ userId: 'a secret name' }).catch(() => {});
      }
      await clientOf(context, { baseUrl: context.refusedUrl, onEvent: (event) => events.push(event) })
        .accounts.kick({ userId: 'a secret name' })
        .catch(() => {});
      check(events.length > 8, `${events.length} events`);
      const text = JSON.stringify(events);
      check(!text.includes(context.key) && !/usersig=|\?\S*random=|secret|e[AFJN][\w*-]{20}/i.test(text), text);
      await im.close();
    },
  },
  {
    name: 'events: a hook that throws breaks no call and is reported once',
    async run(context) {
      await control(context, 'reset', {});
      const { error } = console;
      const said = [];
      console.error = (...words) => said.push(words);
      try {
        let heard = 0;
        const onEvent = () => {
          heard++;
          throw new Error('the hook is broken');
        };
        const im = clientOf(context, { onEvent });
        await im.accounts.importAccount({ userId: 'a' });
        await im.accounts.importAccount({ userId: 'b' });
        check(heard >= 4, `heard ${heard}`);
        checkEqual(said.length, 1, 'reports');
        check(said[0][1].message === 'the hook is broken', String(said[0]));
        await im.close();
        const later = clientOf(context, { onEvent: async () => onEvent() });
        await later.accounts.importAccount({ userId: 'a' });
        await Promise.resolve();
        checkEqual(said.length, 2, 'reports');
        await later.close();
      } finally {
        console.error = error;
      }
    },
  },
  {
    name: 'events: a hook may use the client',
    async run(context) {
      await control(context, 'reset', {});
      let second;
      const im = clientOf(context, {
        onEvent: ({ event }) => {
          if (event === 'reply') second ??= im.accounts.importAccount({ userId: 'b' });
        },
      });
      await im.accounts.importAccount({ userId: 'a' });
      await second;
      const { apps } = await control(context, 'state');
      checkEqual(
        Object.keys(apps[context.appId].accounts)
          .filter((user) => user.length === 1)
          .sort(),
        ['a', 'b'],
        'accounts',
      );
      await im.close();
    },
  },
  {
    name: 'events: a hook that is not a function is refused',
    async run(context) {
      const error = await refused(context, 'ConfigError', () => clientOf(context, { onEvent: 'log' }));
      checkEqual([error.path, typeof error.cure], ['onEvent', 'string'], 'path and cure');
    },
  },
];
