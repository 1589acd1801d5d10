// Runs over many items: each item accepted is sent and reported once.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused, sleep, until, within } from './tools.mjs';

function* users(count, prefix = 'u') {
  for (let at = 0; at < count; at += 1) {
    yield { userId: `${prefix}${at}`, nick: `N${at}` };
  }
}

async function* later(items) {
  let at = 0;
  for (const item of items) {
    if (at++ % 50 === 0) {
      await sleep(0);
    }
    yield item;
  }
}

async function all(run) {
  const results = [];
  for await (const result of run) {
    results.push(result);
  }
  return results.sort((a, b) => a.number - b.number);
}

/** The accounts that the emulator has, besides the admin. */
async function accountsOf(context) {
  const { apps } = await control(context, 'state');
  return Object.keys(apps[context.appId].accounts).filter((name) => name !== 'administrator');
}

export const runs = [
  ...[
    ['an iterable', (items) => items],
    ['an array', (items) => [...items]],
    ['an async iterable', later],
    ['a stream', (items) => new ReadableStream(streamOf(items))],
  ].map(([source, make]) => ({
    name: `runs: accepted is sent is reported, from ${source}`,
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const items = make(users(1234));
      if (source === 'a stream' && typeof items[Symbol.asyncIterator] !== 'function') {
        // Not every runtime iterates over streams.
        return;
      }
      const run = im.accounts.importMany(items);
      const results = await all(run);
      checkEqual(
        results.map(({ number }) => number),
        Array.from({ length: 1234 }, (_, at) => at),
        'the numbers',
      );
      check(
        results.every(({ ok, outcome, item, number }) => ok && outcome === 'done' && item.userId === `u${number}`),
        'not all are done',
      );
      checkEqual((await accountsOf(context)).length, 1234, 'accounts');
      checkEqual((await counted(context, 'multiaccount_import')).requests, 13, 'calls');
      const { done, failed, inFlight, skipped, resent } = run.progress;
      checkEqual(
        { done, failed, inFlight, skipped, resent },
        { done: 1234, failed: 0, inFlight: 0, skipped: 0, resent: 0 },
        'progress',
      );
      checkEqual(await run.next(), { done: true, value: undefined }, 'after the end');
      await im.close();
    },
  })),
  {
    name: 'runs: each item has its outcome and its reason',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'config', { failing: { mallory: 70500 } });
      const im = clientOf(context);
      const items = [
        { user_id: 'snake' },
        { UserID: 'wire' },
        'bare',
        { userId: 'mallory' },
        { userId: 'x'.repeat(33) },
        { userId: 7 },
        { userId: 'a', nik: 'A' },
        { userId: 'b', nick: () => 'B' },
        undefined,
        { userId: 'snake', nick: 'again' },
        { userId: '007' },
      ];
      const run = im.accounts.importMany(items);
      const results = await all(run);
      const told = results.map(({ outcome }) => outcome);
      const expected = ['done', 'done', 'done', 'failed', ...Array(5).fill('refused'), 'duplicate', 'done'];
      checkEqual(told, expected, 'outcomes');
      const { error } = results[3];
      check(error instanceof context.sdk.TencentImError && error.cure, `${error}`);
      checkEqual([error.code, error.operation], [70500, 'accounts.import_account'], 'the reason of one item');
      const paths = results.slice(4, 9).map(({ error }) => [error.kind, error.path]);
      const faults = [
        ['InvalidInput', 'userId'],
        ['InvalidInput', 'userId'],
        ['InvalidInput', 'nik'],
        ['InvalidInput', 'nick'],
        ['InvalidInput', undefined],
      ];
      checkEqual(paths, faults, 'paths');
      check(results[6].error.message.includes('did you mean nick'), results[6].error.message);
      checkEqual((await accountsOf(context)).sort(), ['007', 'bare', 'snake', 'wire'], 'accounts');
      await im.close();
    },
  },
  {
    name: 'runs: what a reply says about an item comes with it, and other fields are the same for all',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      await all(im.accounts.importMany(['owner', 'a', 'b']));
      const checked = await all(im.accounts.checkMany(['a', 'nobody']));
      checkEqual(
        checked.map(({ reply }) => [reply.userId, reply.accountStatus, reply.ok]),
        [
          ['a', 'Imported', true],
          ['nobody', 'NotImported', true],
        ],
        'replies',
      );
      await im.groups.create({ type: 'Private', name: 'G', groupId: 'g', ownerAccount: 'owner' });
      const added = await all(im.groups.addMembersMany(['a', 'b', 'nobody'], { groupId: 'g', silence: true }));
      check(added[0].ok && added[1].ok, JSON.stringify(added));
      await im.close();
    },
  },
  {
    name: 'runs: faults cost no item',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [
        { kind: 'http_status', probability: 0.05 },
        { kind: 'reset_before', probability: 0.05 },
      ]);
      const im = clientOf(context, { maxRetries: 5, backoffMs: 5, maxBackoffMs: 20 });
      const results = await all(im.accounts.importMany(later(users(3000)), { inFlight: 4 }));
      await control(context, 'faults', []);
      checkEqual(results.filter(({ ok }) => ok).length, 3000, 'done');
      checkEqual((await accountsOf(context)).length, 3000, 'accounts');
      await im.close();
    },
  },
  {
    name: 'runs: a checkpoint continues a run without a gap',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const taken = [];
      let resume;
      for (const most of [0, 1, 250, 251, 10_000]) {
        const run = im.accounts.importMany(users(1000), { resume, inFlight: 2 });
        for await (const { number } of run) {
          taken.push(number);
          if (taken.length >= most && most < 10_000) {
            // One more than what was dealt with, as leaving the loop may mean that its handling failed.
            break;
          }
          resume = run.checkpoint;
        }
        resume = run.checkpoint ?? resume;
      }
      checkEqual([...new Set(taken)].sort((a, b) => a - b).length, 1000, 'items reported');
      check(taken.length <= 1004, `${taken.length} reports`);
      checkEqual((await accountsOf(context)).length, 1000, 'accounts');
      const error = await refused(context, 'InvalidInputError', () =>
        im.accounts.importMany(users(1000, 'v'), { resume }).finish(),
      );
      checkEqual([error.path, error.message.includes('not those')], ['checkpoint', true], error.message);
      const other = await refused(context, 'InvalidInputError', () =>
        im.accounts.deleteMany(users(1000), { resume }).finish(),
      );
      check(other.message.includes('belongs to accounts.import_accounts'), other.message);
      await im.close();
    },
  },
  {
    name: 'runs: a source is read no faster than results are taken',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      let read = 0;
      function* counted() {
        for (const user of users(50_000)) {
          read += 1;
          yield user;
        }
      }
      let taken = 0;
      for await (const _ of im.accounts.importMany(counted(), { inFlight: 2 })) {
        taken += 1;
        check(read - taken <= 600, `${read} read, ${taken} taken`);
        if (taken === 1000) {
          break;
        }
      }
      await im.close();
    },
  },
  {
    name: 'runs: a signal ends a run',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'never' }]);
      const im = clientOf(context);
      const aborting = new AbortController();
      const run = im.accounts.importMany(users(500), { signal: aborting.signal });
      const ended = refused(context, 'CallCancelledError', () => run.finish());
      await until(async () => (await counted(context, 'multiaccount_import')).requests > 0);
      aborting.abort('enough');
      await within(30_000, ended);
      await control(context, 'faults', []);
      checkEqual(await run.next(), { done: true, value: undefined }, 'after the end');
      await im.close();
    },
  },
  {
    name: 'runs: what would fail for all items stops the run, what a source throws comes after the results before it',
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ kind: 'error_code', code: 70020, skip: 2 }]);
      const im = clientOf(context);
      const auth = await refused(context, 'AuthError', () =>
        im.accounts.importMany(users(5000), { inFlight: 2 }).finish(),
      );
      checkEqual(auth.code, 70020, 'the code');
      await control(context, 'faults', []);
      async function* broken() {
        yield* users(250, 'w');
        throw new RangeError('the file broke');
      }
      let taken = 0;
      try {
        for await (const _ of im.accounts.importMany(broken())) {
          taken += 1;
        }
        check(false, 'it ended without an error');
      } catch (error) {
        check(error instanceof RangeError, `${error}`);
      }
      checkEqual(taken, 250, 'results before it');
      await im.close();
    },
  },
  {
    name: 'runs: items of a source that waits do not wait for a full batch; stopping lets them come to their end',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      let give;
      async function* endless() {
        for (let at = 0; ; at += 1) {
          yield await new Promise((resolve) => {
            give = () => resolve(`u${at}`);
          });
        }
      }
      const run = im.accounts.importMany(endless());
      for (let at = 0; at < 2; at += 1) {
        const next = run.next();
        await until(() => give !== undefined);
        give();
        give = undefined;
        const { value } = await within(30_000, next);
        checkEqual([value.item, value.ok], [`u${at}`, true], 'the result');
      }
      const many = im.accounts.importMany(users(50_000, 'v'), { inFlight: 2 });
      let taken = 0;
      for await (const _ of many) {
        taken += 1;
        many.stop();
      }
      checkEqual([taken, taken < 1000], [many.progress.done, true], 'results');
      await run.return();
      await im.close();
    },
  },
  {
    name: 'runs: bad options are told by the first result, and progress is told',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      for (const [options, path] of [
        [{ inFlight: 0 }, 'inFlight'],
        [{ inFlight: 'many' }, 'inFlight'],
        [{ onProgress: 5 }, 'onProgress'],
        [{ resume: '{}' }, 'checkpoint'],
        [{ source: 5 }, 'source'],
        [{ extraBody: { A: 1 } }, 'extraBody'],
        [{ checkpoint: 5 }, 'checkpoint'],
        ['many', 'options'],
        [5, 'options'],
      ]) {
        const error = await refused(context, 'InvalidInputError', () => im.accounts.importMany(['a'], options).next());
        checkEqual(error.path, path, error.message);
        check(error.cure, error.message);
      }
      const misspelt = await refused(context, 'ConfigError', () =>
        im.accounts.importMany(['a'], { inflight: 2 }).next(),
      );
      check(misspelt.message.includes('did you mean inFlight'), misspelt.message);
      for (const items of [5, 'users.csv']) {
        const { path } = await refused(context, 'InvalidInputError', () => im.accounts.importMany(items).next());
        checkEqual(path, 'items', 'the path');
      }
      const tooMany = Array.from({ length: 500 }, (_, at) => `u${at}`);
      const error = await refused(context, 'InvalidInputError', () =>
        im.accounts.importAccounts({ accounts: tooMany }),
      );
      check(error.message.includes('accounts.importMany'), error.message);
      const told = [];
      const run = im.accounts.importMany(users(500), { onProgress: (progress) => told.push(progress.done) });
      const last = await run.finish();
      checkEqual([told.at(-1), last.done], [500, 500], 'progress');
      await im.close();
    },
  },
  {
    name: 'runs: what onProgress throws, or its promise, ends the run',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      const fault = new RangeError('the disk is full');
      for (const fail of [
        () => {
          throw fault;
        },
        () => Promise.reject(fault),
      ]) {
        let told = 0;
        const onProgress = () => {
          told += 1;
          return fail();
        };
        const run = im.accounts.importMany(users(500), { onProgress });
        checkEqual(await run.finish().catch((error) => error === fault), true, 'its own error');
        checkEqual([told, typeof run.checkpoint, (await run.next()).done], [1, 'string', true], 'after it');
      }
      // What ended the run is told rather than what onProgress threw of that.
      let told = 0;
      const onProgress = () => {
        told += 1;
        if (told > 1) {
          throw fault;
        }
      };
      const broken = function* () {
        yield 'a';
        throw new TypeError('the file broke');
      };
      const ended = await im.accounts
        .importMany(broken(), { onProgress })
        .finish()
        .catch((error) => error);
      check(ended instanceof TypeError && told === 2, `${told}: ${ended?.stack}`);
      await im.close();
    },
  },
  {
    name: 'runs: closing the client ends a run, which keeps its checkpoint',
    async run(context) {
      for (const isWaiting of [false, true]) {
        await control(context, 'reset', {});
        const im = clientOf(context);
        const run = im.accounts.importMany(users(2000), { inFlight: 1 });
        let next = run.next();
        if (isWaiting) {
          await control(context, 'faults', [{ kind: 'delay', delay_ms: 200 }]);
          await sleep(50);
        } else {
          await next;
        }
        await im.close();
        await control(context, 'faults', []);
        const { done: isEnd } = await next;
        checkEqual(isEnd, false, 'the result of what was sent');
        const rest = async () => {
          for (;;) {
            next = await within(3000, run.next());
          }
        };
        const { operation, attempts } = await refused(context, 'ConfigError', rest);
        checkEqual([operation, attempts], ['accounts.import_accounts', 0], 'the error');
        checkEqual((await accountsOf(context)).length < 2000, true, 'it was closed before the end');
        const again = clientOf(context);
        await again.accounts.importMany(users(2000), { resume: run.checkpoint }).finish();
        checkEqual((await accountsOf(context)).length, 2000, 'accounts');
        await again.close();
      }
    },
  },
  {
    name: 'runs: a signal that was aborted before ends a run before its source is read',
    async run(context) {
      const im = clientOf(context);
      const { requests } = await counted(context, 'multiaccount_import');
      for (const options of [{}, { dryRun: true }]) {
        let read = 0;
        const hanging = {
          [Symbol.asyncIterator]: () => hanging,
          next() {
            read += 1;
            return new Promise(() => {});
          },
        };
        const signal = AbortSignal.abort('enough');
        for (const items of [users(500), [], hanging]) {
          const run = im.accounts.importMany(items, { ...options, signal });
          const error = await within(
            3000,
            refused(context, 'CallCancelledError', () => run.finish()),
          );
          checkEqual([error.reason, error.maybeApplied, read], ['enough', false, 0], 'the error');
        }
      }
      checkEqual((await counted(context, 'multiaccount_import')).requests, requests, 'requests');
      await im.close();
    },
  },
  {
    name: 'runs: a source is let go of once, and not after its end',
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      for (const [count, returns] of [
        [3, 0],
        [Number.POSITIVE_INFINITY, 1],
      ]) {
        for (const isAsync of [false, true]) {
          let given = 0;
          let returned = 0;
          const step = () => ({ done: given >= count, value: `u${given++}` });
          const iterator = {
            next: isAsync ? async () => step() : step,
            return() {
              returned += 1;
              throw new Error('nobody hears of this');
            },
          };
          const run = im.accounts.importMany({ [isAsync ? Symbol.asyncIterator : Symbol.iterator]: () => iterator });
          await run.next();
          await (count === 3 ? run.finish() : run.return());
          await sleep(1);
          checkEqual(returned, returns, 'times');
        }
      }
      await im.close();
    },
  },
];

function streamOf(items) {
  return {
    pull(controller) {
      const { done, value } = items.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
  };
}
