// The fallback address, used after a connection failure; and what limits retries.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused } from './tools.mjs';

/** A client whose main address nobody listens at, and what happened to its calls. */
function standingBy(context) {
  const events = [];
  const onEvent = (event) => events.push(event);
  const im = clientOf(context, { baseUrl: context.refusedUrl, fallbackUrl: context.url, maxRetries: 3, onEvent });
  return { im, names: () => events.splice(0).map(({ event, host, to }) => `${event} ${host ?? to ?? ''}`.trim()) };
}

export const failover = [
  {
    name: 'failover: calls go to the fallback address and stay there',
    async run(context) {
      await control(context, 'reset', {});
      const { im, names } = standingBy(context);
      if (!context.tellsUnsent) {
        // Where a refused connection looks like a broken one, a call that must not be done twice ends in doubt.
        const error = await refused(context, 'TransportError', () => im.groups.create({ type: 'Public', name: 'a' }));
        checkEqual([error.attempts, error.maybeApplied], [1, true], 'facts');
        return;
      }
      await im.groups.create({ type: 'Public', name: 'a' });
      const expected = [`attempt ${context.refusedUrl}`, 'failure', `failover ${context.url}`, 'retry'];
      checkEqual(names(), [...expected, `attempt ${context.url}`, 'reply'], 'the first call');
      await im.groups.create({ type: 'Public', name: 'b' });
      checkEqual(names(), [`attempt ${context.url}`, 'reply'], 'the second call');
      checkEqual((await counted(context, 'create_group')).applied, 2, 'groups');
      await im.close();
    },
  },
  {
    name: 'retries: pauses and budget of the client and of a call',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'http_status', call: 'account_import' }]);
      const delays = [];
      const onEvent = ({ event, delayMs }) => event === 'retry' && delays.push(delayMs);
      const im = clientOf(context, { maxRetries: 3, backoffMs: 1, maxBackoffMs: 2, retryBudget: 4, onEvent });
      const attempts = async (options) => {
        const call = () => im.accounts.importAccount({ userId: 'a' }, options);
        return (await refused(context, 'ServerError', call)).attempts;
      };
      checkEqual([await attempts(), await attempts(), await attempts()], [4, 2, 1], 'attempts');
      check(Math.max(...delays) <= 2, `delays ${delays}`);
      checkEqual(await attempts({ useRetryBudget: false }), 4, 'attempts of a call free of the budget');
      delays.length = 0;
      await attempts({ useRetryBudget: false, backoffMs: 100, maxBackoffMs: 100 });
      check(Math.max(...delays) > 2 && Math.max(...delays) <= 100, `delays ${delays}`);
      await im.close();
    },
  },
];
