// Calls and clients that end early: cancelled, timed out, closed.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused, sleep, until, within } from './tools.mjs';

/** A fetch that never answers and minds no signal. */
const deaf = () => new Promise(() => {});

/** Aborts when the service has the first request of a call. */
async function abortUnderWay(context, controller) {
  await until(async () => (await counted(context, 'account_import')).requests > 0);
  controller.abort();
}

export const ending = [
  {
    name: 'a call whose signal is aborted already is not sent',
    async run(context) {
      await control(context, 'reset', {});
      const signal = AbortSignal.abort('why not');
      const im = clientOf(context);
      const call = () => im.accounts.importAccount({ userId: 'a' }, { signal });
      const error = await refused(context, 'CallCancelledError', call);
      checkEqual([error.reason, error.attempts, error.maybeApplied], ['why not', 0, false], 'facts');
      checkEqual(error.operation, 'accounts.import_account', 'operation');
      checkEqual((await counted(context, 'account_import')).requests, 0, 'requests');
    },
  },
  {
    name: 'a call that is cancelled under way ends at once and may have taken effect',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'never' }]);
      const controller = new AbortController();
      const im = clientOf(context, { timeoutMs: 60_000 });
      const call = () => im.accounts.importAccount({ userId: 'a' }, { signal: controller.signal });
      const ended = within(30_000, refused(context, 'CallCancelledError', call));
      await abortUnderWay(context, controller);
      const error = await ended;
      checkEqual([error.attempts, error.maybeApplied, error.kind], [1, true, 'Cancelled'], 'facts');
    },
  },
  {
    name: 'a call that is cancelled between two tries ends at once',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'error_code', code: 60007, call: 'account_import' }]);
      const controller = new AbortController();
      const settings = { timeoutMs: 600_000, maxRetries: 20, backoffMs: 60_000, maxBackoffMs: 60_000 };
      const im = clientOf(context, settings);
      const call = () => im.accounts.importAccount({ userId: 'a' }, { signal: controller.signal });
      const ended = within(30_000, refused(context, 'CallCancelledError', call));
      await abortUnderWay(context, controller);
      const error = await ended;
      check(error.attempts >= 1, `attempts ${error.attempts}`);
    },
  },
  {
    name: 'a call that is cancelled while it waits for its turn was never sent',
    async run(context) {
      await control(context, 'reset', {});
      const controller = new AbortController();
      const im = clientOf(context, { rateLimits: { 'accounts.kick': 0.1 }, timeoutMs: 60_000 });
      const first = im.accounts.kick({ userId: 'a' }).catch(() => {});
      setTimeout(() => controller.abort(), 50);
      const call = () => im.accounts.kick({ userId: 'a' }, { signal: controller.signal });
      const error = await within(30_000, refused(context, 'CallCancelledError', call));
      checkEqual([error.attempts, error.maybeApplied], [0, false], 'facts');
      await first;
      await within(30_000, im.close());
    },
  },
  {
    name: 'a call ends in time though the HTTP library is deaf',
    async run(context) {
      const im = clientOf(context, { fetch: deaf, timeoutMs: 200 });
      const call = () => im.accounts.importAccount({ userId: 'a' });
      const error = await within(30_000, refused(context, 'CallTimeoutError', call));
      checkEqual([error.maybeApplied, error.attempts], [true, 1], 'facts');
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const cancelled = () =>
        im.accounts.importAccount({ userId: 'a' }, { signal: controller.signal, timeoutMs: 60_000 });
      await within(30_000, refused(context, 'CallCancelledError', cancelled));
    },
  },
  {
    name: 'a call’s own timeout counts',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'never' }]);
      const im = clientOf(context, { timeoutMs: 60_000 });
      const call = () => im.accounts.importAccount({ userId: 'a' }, { timeoutMs: 2_000 });
      const error = await within(30_000, refused(context, 'CallTimeoutError', call));
      checkEqual([error.kind, error.maybeApplied], ['Timeout', true], 'facts');
    },
  },
  {
    name: 'a closed client refuses everything',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      await im.accounts.importAccount({ userId: 'a' });
      await im.close();
      await im.close();
      for (const use of [
        () => im.accounts.importAccount({ userId: 'a' }),
        () => im.prepare('accounts.kick', { userId: 'a' }),
        () => im.parse('accounts.kick', { status: 200, body: '{"ErrorCode":0}' }),
        () => im.signUserSig('a'),
      ]) {
        const error = await refused(context, 'ConfigError', use);
        check(error.message.includes('closed') && error.cure !== undefined, error.message);
      }
      checkEqual((await counted(context, 'account_import')).requests, 1, 'requests');
    },
  },
  {
    name: 'closing waits for the calls under way',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'delay', delay_ms: 200 }]);
      const im = clientOf(context);
      let done = false;
      const call = im.accounts.importAccount({ userId: 'a' }).then(() => {
        done = true;
      });
      await sleep(50);
      const closed = im.close();
      await refused(context, 'ConfigError', () => im.accounts.importAccount({ userId: 'b' }));
      await within(30_000, closed);
      check(done, 'closed before the call had ended');
      await call;
      // A client that was never used, and one that is disposed of.
      await clientOf(context).close();
      if (Symbol.asyncDispose !== undefined) {
        const disposed = clientOf(context);
        await disposed[Symbol.asyncDispose]();
        await refused(context, 'ConfigError', () => disposed.signUserSig('a'));
      }
    },
  },
  {
    name: 'ending: when many are cancelled, those behind them move up',
    async run(context) {
      if (context.isBoundToRequest) {
        // Nobody may wake a call of another request, and which one it is of cannot be told: each waits as it was told.
        return;
      }
      await control(context, 'reset', {});
      const im = clientOf(context, { rateLimits: { 'accounts.importAccount': 20 }, timeoutMs: 600_000 });
      const controller = new AbortController();
      const call = (signal) => im.accounts.importAccount({ userId: 'a' }, { signal });
      const first = call();
      const cancelled = Array.from({ length: 980 }, () => call(controller.signal).catch((error) => error.name));
      // Told to wait for 49 seconds.
      const last = Array.from({ length: 10 }, () => call());
      await first;
      controller.abort();
      await within(30_000, Promise.all(last));
      const ended = new Set(await Promise.all(cancelled));
      check(ended.has('CallCancelledError'), `ended: ${[...ended]}`);
      const { requests } = await counted(context, 'account_import');
      check(requests >= 11 && requests < 500, `${requests} requests`);
      await im.close();
    },
  },
];
