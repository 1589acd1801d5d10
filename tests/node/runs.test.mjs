// Checkpoints in files: what was done is not done again, what was not is, also after a kill.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, beforeEach, test } from 'node:test';
import { Client, ConfigError, InvalidInputError } from 'tencent-im';
import { APP, KEY, startEmulator } from './support/emulator.mjs';

let emulator;
let path;

before(async () => {
  emulator = await startEmulator();
});
beforeEach(async () => {
  await emulator.reset();
  path = join(mkdtempSync(join(tmpdir(), 'tencent-im-')), 'journal');
});
after(() => emulator.stop());

function* users(count, prefix = 'u') {
  for (let at = 0; at < count; at += 1) {
    yield { userId: `${prefix}${at}`, nick: `N${at}` };
  }
}

async function accounts() {
  const state = await (await fetch(`${emulator.url}/_emulator/state`)).json();
  return Object.keys(state.apps[APP].accounts).filter((name) => name !== 'administrator');
}

function client(t, options = {}) {
  const im = new Client({ ...emulator.settings, rateLimits: false, ...options });
  t.after(() => im.close());
  return im;
}

test('a run that was left continues where its file ends', async (t) => {
  const im = client(t);
  const numbers = new Set();
  for (const most of [700, 1500, Number.POSITIVE_INFINITY]) {
    const run = im.accounts.importMany(Readable.from(users(2500)), { checkpoint: path, inFlight: 2 });
    for await (const { number } of run) {
      numbers.add(number);
      if (numbers.size >= most) {
        break;
      }
    }
    // The last result before leaving the loop is given again.
    assert.equal(run.progress.skipped, most === 700 ? 0 : most === 1500 ? 699 : 1499);
  }
  assert.equal(numbers.size, 2500);
  assert.equal((await accounts()).length, 2500);
  const before = await emulator.requests();
  const { skipped, done } = await im.accounts.importMany(users(2500), { checkpoint: path }).finish();
  assert.deepEqual([skipped, done, await emulator.requests()], [2500, 0, before]);
  assert.ok(!readFileSync(path, 'utf8').includes(KEY));
});

test('another file, other items and a second run are refused', async (t) => {
  const im = client(t);
  const run = im.accounts.importMany(users(1000), { checkpoint: path, source: 'a.csv' });
  for (let at = 0; at < 300; at += 1) {
    await run.next();
  }
  await assert.rejects(im.accounts.importMany(users(1000), { checkpoint: path }).finish(), (error) => {
    assert.ok(error instanceof ConfigError || error instanceof InvalidInputError, String(error));
    return error.path === 'checkpoint' && /another run/.test(error.message);
  });
  await run.return();
  for (const [items, source, says] of [
    [users(1000), 'b.csv', /another source/],
    [users(1000, 'v'), 'a.csv', /not those/],
    [users(100), 'a.csv', /fewer items/],
  ]) {
    const again = im.accounts.importMany(items, { checkpoint: path, source });
    await assert.rejects(again.finish(), (error) => error instanceof InvalidInputError && says.test(error.message));
  }
  const csv = `${path}.csv`;
  writeFileSync(csv, 'userId\na\n'.repeat(5000));
  const kept = readFileSync(csv);
  await assert.rejects(im.accounts.importMany(users(10), { checkpoint: csv }).finish(), /not a checkpoint/);
  assert.deepEqual(readFileSync(csv), kept);
  const missing = join(path, 'no', 'such');
  await assert.rejects(im.accounts.importMany(users(10), { checkpoint: missing }).finish(), ConfigError);
  const { skipped } = await im.accounts.importMany(users(1000), { checkpoint: path, source: 'a.csv' }).finish();
  assert.equal(skipped, 299);
});

// A killed process loses what `console.log` holds back while the reader is slow.
const PROGRAM = `
  import { writeSync } from 'node:fs';
  import { Client } from 'tencent-im';
  const [path, count] = process.argv.slice(-2);
  function* users() {
    for (let at = 0; at < Number(count); at += 1) yield { userId: 'u' + at };
  }
  const im = new Client({ rateLimits: false, backoffMs: 5, maxBackoffMs: 10 });
  const run = im.accounts.importMany(users(), { checkpoint: path, inFlight: 4 });
  let isFirst = true;
  for await (const { number, ok } of run) {
    if (isFirst) writeSync(1, 'resent ' + run.progress.resent + '\\n');
    isFirst = false;
    if (ok) writeSync(1, number + '\\n');
  }
  await im.close();
`;

test('a run that is killed is resumed to the end', async () => {
  const faults = [
    { kind: 'http_status', probability: 0.05 },
    { kind: 'delay', delay_ms: 20 },
  ];
  const told = new Set();
  let rounds = 0;
  for (; ; rounds += 1) {
    // The first rounds cannot come to their end before they are killed; the last ones may take as long as they need.
    await emulator.faults(...(rounds < 2 ? [{ kind: 'never', skip: 12 }] : []), ...faults);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, '--', path, '3000'], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        TENCENT_IM_SDK_APP_ID: String(APP),
        TENCENT_IM_SECRET_KEY: KEY,
        TENCENT_IM_BASE_URL: emulator.url,
      },
    });
    let out = '';
    let timer;
    child.stdout.on('data', (data) => {
      if (rounds < 6) timer ??= setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 100);
      out += data;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(timer);
    for (const line of out.split('\n').slice(0, -1)) {
      if (line.startsWith('resent')) {
        assert.ok(Number(line.split(' ')[1]) <= 900, line);
      } else {
        told.add(Number(line));
      }
    }
    if (code === 0) {
      break;
    }
  }
  assert.ok(rounds >= 2);
  assert.equal((await accounts()).length, 3000);
  assert.equal(told.size, 3000);
});

test('a dry run checks every item, sends none and keeps no checkpoint', async (t) => {
  const im = client(t);
  const items = [{ userId: 'a' }, { userId: 'x'.repeat(33) }, { userId: 'a' }, ...users(250)];
  const run = im.accounts.importMany(items, { dryRun: true });
  const outcomes = {};
  for await (const { outcome } of run) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  assert.deepEqual(outcomes, { refused: 1, duplicate: 1, done: 251 });
  assert.equal(await emulator.requests(), 0);

  const refused = (error) => error instanceof InvalidInputError && error.path === 'checkpoint';
  await assert.rejects(im.accounts.importMany(users(3), { dryRun: true, checkpoint: path }).finish(), refused);
  await assert.rejects(im.accounts.importMany(users(3), { dryRun: true, resume: run.checkpoint }).finish(), refused);
  assert.ok(!existsSync(path));
  const wrong = (error) => error instanceof InvalidInputError && error.path === 'dryRun';
  await assert.rejects(im.accounts.importMany(users(3), { dryRun: 'yes' }).finish(), wrong);
  // What was checked is not done: a real run sends all of it.
  assert.equal((await im.accounts.importMany(users(3), { resume: run.checkpoint }).finish()).done, 3);
});

test('one name is not taken for its letters, whose users would be deleted', async (t) => {
  const im = client(t);
  const refused = (error) => error instanceof InvalidInputError && /expected many items/.test(error.message);
  await assert.rejects(async () => im.accounts.deleteMany('alice').finish(), refused);
  assert.equal(await emulator.requests(), 0);
});
