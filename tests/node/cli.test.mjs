// `npx tencent-im`: the same words and exit codes as the Python package's command line.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspectUserSig, signUserSig, verifyUserSig } from 'tencent-im';
import { APP, KEY, root, startEmulator } from './support/emulator.mjs';
import { project } from './support/project.mjs';

const directory = join(root, 'bindings-node');
const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
const program = join(directory, bin['tencent-im']);
const settings = { TENCENT_IM_SDK_APP_ID: String(APP), TENCENT_IM_SECRET_KEY: KEY };
let emulator;
let folder;

before(async () => {
  emulator = await startEmulator();
  folder = mkdtempSync(join(tmpdir(), 'tencent-im-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

/** Runs the command line. No run may show the secret key. */
async function cli(args, { expected = 0, environment = settings, stdin = '', file = program } = {}) {
  const env = { PATH: process.env.PATH, TENCENT_IM_BASE_URL: emulator.url, ...environment };
  const ran = await new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...args], { env, timeout: 120_000 }, (error, out, err) =>
      resolve({ exitCode: error?.code ?? 0, out, err, lines: out.trimEnd().split('\n') }),
    );
    child.stdin.end(stdin);
  });
  assert.equal(ran.exitCode, expected, `${ran.out}\n${ran.err}`);
  assert.ok(!(ran.out + ran.err).includes(KEY));
  return ran;
}

test('it begins with a line by which a shell runs it', () => {
  assert.ok(readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n'));
});

test('sign writes UserSigs that the key verifies', async () => {
  const one = await cli(['sign', 'alice', '--expire', '2h']);
  assert.equal(verifyUserSig(one.lines[0], { secretKey: KEY, userId: 'alice' }).expire, 7200);
  const many = await cli(['sign', 'alice', 'bob']);
  assert.deepEqual(
    many.lines.map((line) => line.split('\t')).map(([user, sig]) => [user, inspectUserSig(sig).userId]),
    [
      ['alice', 'alice'],
      ['bob', 'bob'],
    ],
  );
  const json = JSON.parse((await cli(['sign', 'alice', '--json'])).out);
  assert.deepEqual(Object.keys(json[0]), ['user_id', 'user_sig']);
});

test('the key may be in a file, and is never an option', async () => {
  const file = join(folder, 'key');
  writeFileSync(file, `${KEY}\n`);
  const given = ['sign', 'alice', '--app', String(APP), '--secret-key-file', file];
  const { lines } = await cli(given, { environment: {} });
  verifyUserSig(lines[0], { secretKey: KEY });
  writeFileSync(file, `${KEY}\n${KEY}\n`);
  assert.match((await cli(given, { environment: {}, expected: 2 })).err, /more than one line/);
  assert.match((await cli(['sign', 'alice', '--secret-key', '0'], { expected: 2 })).err, /--secret-key/);
});

test('inspect shows what a UserSig states', async () => {
  const sig = (await cli(['sign', 'alice'])).out;
  for (const [args, stdin] of [
    [['inspect', sig.trim()], ''],
    [['inspect'], sig],
    [['inspect', '-'], sig],
  ]) {
    const { lines } = await cli(args, { stdin, environment: {} });
    assert.equal(lines[0], 'user:    alice');
    assert.equal(lines[1], `app:     ${APP}`);
  }
  assert.match((await cli(['inspect'], { expected: 2 })).err, /standard input has no UserSig/);
  assert.match((await cli(['inspect', 'nonsense'], { expected: 1 })).err, /^error: /);
});

test('one command reads what another writes, and a full disk is an error', {
  skip: process.platform === 'win32',
}, () => {
  const run = (command) =>
    spawnSync('sh', ['-c', command], {
      env: { PATH: process.env.PATH, NODE: process.execPath, CLI: program, ...settings },
      encoding: 'utf8',
    });
  for (let at = 0; at < 3; at++) {
    const piped = run('"$NODE" "$CLI" sign alice | "$NODE" "$CLI" inspect');
    assert.match(piped.stdout, /^user: {4}alice\n/, piped.stderr);
  }
  const all = run('"$NODE" "$CLI" codes --search e | (sleep 0.5; wc -l)');
  assert.ok(Number(all.stdout) > 300, all.stdout);
  assert.equal(run('"$NODE" "$CLI" codes --search e | head -1').stdout.trimEnd().split('\n').length, 1);
  if (existsSync('/dev/full')) {
    const full = run('"$NODE" "$CLI" sign alice > /dev/full');
    assert.equal(full.status, 1);
    assert.match(full.stderr, /error: standard output: .*no space left/);
  }
});

test('explain finds the mistake', async () => {
  const sig = (await cli(['sign', 'alice'])).out;
  assert.equal((await cli(['explain', '--user', 'alice'], { stdin: sig })).lines[0], 'verdict: good');
  const wrong = await cli(['explain', '--user', 'bob', '--json'], { stdin: sig, expected: 1 });
  assert.equal(JSON.parse(wrong.out).code, 70013);
  const unchecked = await cli(['explain'], { stdin: sig, environment: { TENCENT_IM_SDK_APP_ID: String(APP) } });
  assert.match(unchecked.out, /nothing wrong is seen/);
});

test('codes explains numbers and finds words', async () => {
  const one = await cli(['codes', '70013'], { environment: {} });
  assert.ok(one.lines.includes('cause: The UserSig was signed for another UserID'), one.out);
  const json = JSON.parse((await cli(['codes', '70013', '-10113', '--json'])).out);
  assert.deepEqual(
    json.map(({ code }) => code),
    [70013, -10113],
  );
  const found = await cli(['codes', '--search', 'USERSIG expired']);
  assert.ok(found.lines.includes('70001\tSignature\tThe UserSig has expired'), found.out);
  assert.match((await cli(['codes', '1'], { expected: 1 })).err, /not documented: 1/);
  assert.match((await cli(['codes', 'usersig'], { expected: 2 })).err, /--search usersig/);
  assert.match((await cli(['codes'], { expected: 2 })).err, /--search/);
});

test('doctor looks at what may be wrong on this machine', async () => {
  const file = join(folder, 'open-key');
  writeFileSync(file, KEY, { mode: 0o644 });
  const environment = {
    ...settings,
    TENCENT_IM_SECRETKEY: 'x',
    HTTPS_PROXY: 'http://user:password@proxy.example:3128',
  };
  const { out } = await cli(['doctor', '--secret-key-file', file], { environment });
  assert.ok(out.includes('TENCENT_IM_SECRETKEY is not read'), out);
  assert.ok(out.includes('did you mean TENCENT_IM_SECRET_KEY?'), out);
  assert.ok(out.includes(`chmod 600 ${file}`), out);
  assert.ok(out.includes('proxy.example:3128') && !out.includes('password'), out);
});

/** Whether a value has all that a part of it says; items of a list in their order. */
function holds(whole, part) {
  if (Array.isArray(part)) {
    let from = 0;
    return part.every((wanted) => {
      const at = whole.findIndex((item, index) => index >= from && holds(item, wanted));
      from = at + 1;
      return at >= 0;
    });
  }
  if (typeof part === 'object' && part !== null) {
    return Object.entries(part).every(([name, value]) => holds(whole?.[name], value));
  }
  return whole === part;
}

for (const wanted of JSON.parse(readFileSync(join(root, 'tests/data/cli.json'), 'utf8')).cases) {
  test(`the words of all languages: ${wanted.args.join(' ')}, with ${wanted.set ?? 'all settings'}`, async () => {
    const sig = signUserSig({ userId: 'alice', sdkAppId: APP, secretKey: KEY, expire: 86_400, now: 1_700_000_000 });
    const file = join(folder, 'two-lines');
    writeFileSync(file, 'one\ntwo\n');
    const filled = (text) => text.replaceAll('$SIG', sig).replaceAll('$KEY_FILE', file);
    const all = { app: { TENCENT_IM_SDK_APP_ID: String(APP) }, key: { TENCENT_IM_SECRET_KEY: KEY } };
    const isSet = (name) => wanted.set?.includes(name) ?? true;
    const environment = { TZ: 'Asia/Shanghai', TENCENT_IM_BASE_URL: isSet('url') ? emulator.url : '' };
    Object.assign(environment, ...['app', 'key'].filter(isSet).map((name) => all[name]));
    const stdin = filled(wanted.stdin ?? '');
    const ran = await cli(wanted.args.map(filled), { environment, stdin, expected: wanted.exit });
    for (const stream of ['out', 'err']) {
      for (const line of wanted[stream] ?? []) {
        assert.ok(ran[stream].split('\n').includes(filled(line)), `${line} is not in ${ran[stream]}`);
      }
    }
    if (wanted.json !== undefined) {
      assert.ok(holds(JSON.parse(ran.out), wanted.json), ran.out);
    }
    if (wanted.error !== undefined) {
      assert.ok(holds(JSON.parse(ran.err).error, wanted.error), ran.err);
    }
  });
}

test('it runs where it is installed, and without the addon as far as it can', async () => {
  const ofMachine = (leaveOut) => join(project('cli', leaveOut), 'node_modules/tencent-im', bin['tencent-im']);
  const whole = await cli(['codes', '70013', '--json'], { file: ofMachine() });
  assert.equal(JSON.parse(whole.out)[0].code, 70013);
  const file = ofMachine('native');
  const { lines } = await cli(['sign', 'alice'], { file });
  assert.equal(inspectUserSig(lines[0]).userId, 'alice');
  assert.match((await cli(['codes', '70013'], { file, expected: 1 })).err, /needs the addon/);
});

test('wrong arguments are an exit code of 2, as JSON too', async () => {
  assert.match((await cli(['sing'], { expected: 2 })).err, /no such command: sing/);
  assert.match(
    (await cli(['import', 'users.csv'], { expected: 2 })).err,
    /pip install 'tencent-im\[cli\]'.*importMany/,
  );
  assert.match((await cli(['sign', 'a', '--expire', 'soon'], { expected: 2 })).err, /is not a time/);
  const { err } = await cli(['sign', 'x'.repeat(33), '--json'], { expected: 2 });
  assert.equal(JSON.parse(err).error.kind, 'InvalidInput');
  assert.match((await cli(['sign', 'a', '--search', 'x'], { expected: 2 })).err, /no such option of sign: --search/);
  assert.match((await cli(['doctor', 'more'], { expected: 2 })).err, /one argument too many: more/);
  assert.match((await cli(['inspect', 'a', 'b'], { expected: 2 })).err, /one argument too many: b/);
  assert.match((await cli([], { expected: 2 })).out, /^Usage: /);
  assert.match((await cli(['--help'])).out, /Exit codes: 0 done/);
});
