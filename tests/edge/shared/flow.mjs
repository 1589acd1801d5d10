// Scripts for the call machine: each line says what is done when, and the step that it gives. They go through the
// native interface itself, since time and random numbers are theirs: the number that a line draws is the seed set before it.

import { camelKeys, check, checkEqual } from './json.mjs';
import { checkFacts } from './vectors.mjs';

const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';
const UNIX_MS = 1_700_000_000_000;
const MAX_U32 = 0xffff_ffff;

/** Runs one script. */
export function runScript(vector, sdk, native) {
  const client = native.open(APP, KEY, JSON.stringify(camelKeys(vector.options ?? {})), '');
  let id = 0;
  let body;
  let sig = '';
  for (const line of vector.script) {
    const what = JSON.stringify(line);
    const step = readStep(act(client, id, vector, line, sig), what);
    id = step.id ?? id;
    if (step.send !== undefined) {
      sent(what, sdk, step.send, line.gives.send);
      sig = new URL(step.send.url).searchParams.get('usersig');
      body ??= step.send.body;
      checkEqual(step.send.body, body, `${what}: the body of a repeat`);
    } else if (step.waitUntilMs !== undefined) {
      checkEqual({ wait: step.waitUntilMs }, line.gives, what);
    } else if (step.result !== undefined) {
      JSON.parse(step.result);
      checkEqual({ result: true }, line.gives, what);
    } else {
      const record = JSON.parse(step.error);
      check(line.gives.error !== undefined, `${what}: ${record.text}`);
      check(!step.error.includes(sig.slice(0, 20)), `${what}: the UserSig shows`);
      checkFacts(record, record.message, line.gives.error);
    }
  }
  check((client.cancel(id) ?? undefined) === undefined, 'the script leaves its call under way');
  client.free?.();
}

/** A client that was given no seed draws nothing: it refuses to make a call. */
export function checkNeedsSeed(native) {
  const client = native.open(APP, KEY, '{}', '');
  const call = ['accounts.import_account', '{"userId":"test"}', undefined, 0, UNIX_MS];
  for (const begin of ['start', 'register', 'prepare']) {
    const step = client[begin](...call);
    check(step[0] === 'e' && JSON.parse(step.slice(1)).message.includes('no seed'), `${begin}: ${step}`);
  }
  client.seed(1, 2);
  check(client.prepare(...call).includes('random=1&'), 'the seed is not the first number drawn');
  client.free?.();
}

function act(client, id, vector, line, sig) {
  client.seed(line.hi ?? MAX_U32, line.lo ?? MAX_U32);
  const now = [line.at, UNIX_MS + line.at];
  switch (line.do) {
    case 'start': {
      const options = vector.call && JSON.stringify(camelKeys(vector.call));
      return client.start(vector.op, JSON.stringify(camelKeys(vector.input)), options, ...now);
    }
    case 'poll':
      return client.poll(id, ...now);
    case 'reply':
      return client.onReply(
        id,
        line.status,
        line.date ?? undefined,
        filled(line.body, sig),
        ...now,
        line.retry_after,
        line.encoding,
      );
    case 'fail':
      return client.onFailure(id, line.kind, filled(line.detail ?? '', sig), ...now);
    case 'cancel':
      return `e${client.cancel(id)}`;
    default:
      throw new Error(`unknown action ${line.do}`);
  }
}

/** A text with the UserSig of the last request in it, as gateways and HTTP libraries show it. */
function filled(text, sig) {
  const codes = [...sig].map((letter) => letter.charCodeAt(0).toString(16));
  return text
    .replaceAll('{sig}', sig)
    .replaceAll('{sig|json}', codes.map((code) => `\\u00${code}`).join(''))
    .replaceAll('{sig|percent}', codes.map((code) => `%${code.toUpperCase()}`).join(''))
    .replaceAll('{sig|start}', sig.slice(0, 20));
}

/** A step as it comes from the native side. */
function readStep(text, what) {
  const [, send, wait, result, error] = /^(?:s(.*)|w(.*)|r(.*)|e(.*))$/s.exec(text) ?? [];
  if (send !== undefined) {
    const [, id, timeoutMs, url, body] = /^(\d+) (\d+)\n(\S+)\n(.*)$/s.exec(send) ?? [];
    check(id !== undefined, `${what}: a request that cannot be read`);
    return { id: Number(id), send: { url, body, timeoutMs: Number(timeoutMs) } };
  }
  if (wait !== undefined) {
    check(/^\d+ \d+$/.test(wait), `${what}: a wait that cannot be read: ${wait}`);
    const [id, waitUntilMs] = wait.split(' ').map(Number);
    return { id, waitUntilMs };
  }
  check(result !== undefined || error !== undefined, `${what}: no step: ${text}`);
  return { result, error };
}

function sent(what, sdk, send, expected) {
  check(expected !== undefined, `${what}: sent`);
  const url = new URL(send.url);
  for (const [name, value] of Object.entries(expected)) {
    const got = {
      timeout_ms: () => send.timeoutMs,
      host: () => url.host,
      random: () => Number(url.searchParams.get('random')),
      issued_at: () => sdk.inspectUserSig(url.searchParams.get('usersig')).issuedAt,
    }[name];
    check(got !== undefined, `${what}: unknown expectation ${name}`);
    checkEqual(got(), value, `${what}: ${name}`);
  }
}
