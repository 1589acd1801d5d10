// Runs the vector files of tests/vectors through a package: the same files as every other language.

import { runScript } from './flow.mjs';
import { camel, camelKeys, check, checkEqual, idsAsText, parseExact } from './json.mjs';
import { runWebhook } from './webhook_vectors.mjs';

const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

/** One handler for each family, which is a folder. It throws where a vector is not met. */
const HANDLERS = {
  requests: request,
  replies: reply,
  errors: code,
  usersig: userSig,
  flow: runScript,
  webhooks: runWebhook,
};

/**
 * Runs files, given as `{ 'family/file.json': text }`. `sdk` is the package's exports, `native` its `Native`.
 * Gives `{ file, count, failures }` for each.
 */
export function runVectors(sdk, native, files) {
  return Object.entries(files).map(([file, text]) => {
    const family = file.split('/')[0];
    const handler = HANDLERS[family];
    if (handler === undefined) {
      return { file, count: 0, failures: [`no handler for the family ${family}`] };
    }
    const { vectors = [], invalid = [] } = parseExact(text);
    const failures = [];
    // Invalid UserSigs stand in a list of their own.
    const all = [...vectors, ...invalid];
    for (const vector of all) {
      try {
        handler(vector, sdk, native);
      } catch (error) {
        failures.push(`${vector.name}: ${error.stack}`);
      }
    }
    if (all.length === 0) {
      failures.push('the file has no vectors');
    }
    return { file, count: all.length, failures };
  });
}

function client(sdk, options = {}) {
  return new sdk.Client({ sdkAppId: APP, secretKey: KEY, region: 'china', ...camelKeys(options) });
}

/** What a function throws; it must throw something of the SDK. */
function thrown(sdk, run) {
  try {
    run();
  } catch (error) {
    check(error instanceof sdk.TencentImError, `it threw ${error.stack}`);
    return error;
  }
  throw new Error('it threw nothing');
}

/** Compares an error's class and facts with what a vector expects, named in snake_case. */
export function checkError(sdk, error, expected) {
  checkFacts(error, error.summary, expected);
  if (expected.kind === undefined) {
    check(error instanceof sdk.TencentImError, `it is a ${error.name}`);
    return;
  }
  check(error instanceof sdk[className(expected.kind)], `it is a ${error.name}`);
  check(error.name === className(expected.kind), `its name is ${error.name}`);
}

/** Compares the facts of an error, or of the core's record of one. Expected as null means that it is not there. */
export function checkFacts(facts, message, expected) {
  for (const [name, value] of Object.entries(expected)) {
    const got = facts[camel(name)];
    const fits =
      name === 'message'
        ? message.includes(value) || message.includes(camel(value))
        : name === 'path'
          ? (got ?? '') === camel(value)
          : (got ?? null) === value;
    check(fits, `${name} is ${name === 'message' ? message : got}, not ${value}`);
  }
}

/** The class of a kind. */
function className(kind) {
  const names = { Permission: 'PermissionDenied', Timeout: 'CallTimeout', Cancelled: 'CallCancelled' };
  return `${names[kind] ?? kind}Error`;
}

function request(vector, sdk) {
  const im = client(sdk, vector.options);
  const input = camelKeys(vector.input, vector.data_keys);
  const options = vector.extra_body && { extraBody: vector.extra_body };
  if (vector.wire === undefined) {
    const error = thrown(sdk, () => im.prepare(vector.op, input, options));
    check(typeof error.cure === 'string', `${error.message} has no cure`);
    checkError(sdk, error, vector.error);
    return;
  }
  const prepared = im.prepare(camel(vector.op), input, options);
  checkEqual(parseExact(prepared.body), vector.wire, 'body');
  checkEqual(prepared.method, 'POST', 'method');
  const url = /^https:\/\/console\.tim\.qq\.com\/v4\/\w+\/\w+\?(.*)$/.exec(prepared.url);
  const query = new URLSearchParams(url?.[1]);
  checkEqual([query.get('sdkappid'), query.get('identifier')], [String(APP), 'administrator'], 'query');
  check(/^\d+$/.test(query.get('random')) && query.get('contenttype') === 'json', 'the query is incomplete');
  const stated = sdk.verifyUserSig(query.get('usersig'), { secretKey: KEY, sdkAppId: APP, userId: 'administrator' });
  check(stated.remaining > 0, 'the UserSig has expired');
  check(!`${prepared} ${JSON.stringify(prepared)}`.includes('usersig'), 'the UserSig shows');
}

function reply(vector, sdk) {
  const im = client(sdk);
  const body = vector.body ?? Uint8Array.from(vector.body_hex.match(/../g), (byte) => Number.parseInt(byte, 16));
  const parse = () => im.parse(vector.op, { status: vector.status, body });
  if (vector.error === undefined) {
    checkEqual(
      withoutOutcomes(parse()),
      camelKeys(idsAsText(vector.result, vector.big_ids), vector.data_keys),
      'result',
    );
  } else {
    checkError(sdk, thrown(sdk, parse), vector.error);
  }
}

/** Takes away what the core adds to items beside their codes: the vectors say what the service sends. */
function withoutOutcomes(value) {
  if (Array.isArray(value)) {
    return value.map(withoutOutcomes);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { ok, cause, cure, ...rest } = value;
  const kept = typeof ok === 'boolean' ? rest : value;
  return Object.fromEntries(Object.entries(kept).map(([name, inner]) => [name, withoutOutcomes(inner)]));
}

function code(vector, sdk) {
  const body = JSON.stringify({ ActionStatus: 'FAIL', ErrorCode: vector.code, ErrorInfo: 'x' });
  const error = thrown(sdk, () => client(sdk).parse(vector.op ?? 'accounts.import_account', { status: 200, body }));
  checkError(sdk, error, { kind: vector.kind, code: vector.code, error_info: 'x' });
  check(typeof error.cause === 'string' && typeof error.cure === 'string', 'cause or cure is missing');
  checkEqual(
    error.retryAfterMs !== undefined,
    ['after_wait', 'slow_down'].includes(vector.retry),
    'whether it says how long to wait',
  );
}

function userSig(vector, sdk) {
  const { usersig, inputs } = vector;
  const verify = ({ key, sdkappid, identifier }, now) =>
    sdk.verifyUserSig(usersig, {
      secretKey: ['another key', key],
      sdkAppId: sdkappid,
      userId: identifier,
      now,
      allowUserbuf: true,
    });
  if (inputs === undefined) {
    const error = thrown(sdk, () => verify(vector.verify_with, vector.verify_with.now));
    const named = /server: (-?\d+)/.exec(vector.expected);
    checkError(sdk, error, { kind: 'Signature', ...(named && { code: Number(named[1]) }) });
    return;
  }
  const { identifier: userId, sdkappid: sdkAppId, time: now, expire, key: secretKey } = inputs;
  const stated = verify(inputs, vector.verify.valid_at);
  const expected = { version: '2.0', sdkAppId, userId, issuedAt: now, expire, expiresAt: now + expire, remaining: 0 };
  const userbuf = vector.userbuf_hex === undefined ? null : base64OfHex(vector.userbuf_hex);
  checkEqual(stated, { ...expected, userbuf }, 'what it states');
  checkEqual(sdk.inspectUserSig(usersig, { now: vector.verify.valid_at }), stated, 'what inspecting gives');
  const late = thrown(sdk, () => verify(inputs, vector.verify.expired_at));
  checkError(sdk, late, { kind: 'Signature', code: 70001 });
  if (userbuf === null) {
    // The official signer's UserSig and ours state the same, and ours has the right signature.
    const ours = sdk.signUserSig({ sdkAppId, secretKey, userId, expire, now });
    const again = sdk.verifyUserSig(ours, { secretKey, sdkAppId, userId, now: vector.verify.valid_at });
    checkEqual(again, stated, 'what our own states');
  } else {
    const bare = thrown(sdk, () => sdk.verifyUserSig(usersig, { secretKey, now }));
    checkError(sdk, bare, { kind: 'Signature', code: null });
  }
}

function base64OfHex(hex) {
  const bytes = (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
  return btoa(bytes.join(''));
}
