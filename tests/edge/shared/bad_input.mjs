// Bad input is an error that names the field and the cure, before anything is sent.

import { check, checkEqual } from './json.mjs';
import { refused } from './tools.mjs';

/** Longer than any message may be. */
const HUGE = 'k'.repeat(1_000_000);

const nested = (levels) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

const circular = { userId: 'a' };
circular.nick = circular;
circular.list = [];
circular.list.push(circular.list);

class Account {
  userId = 'a';
}

/** Parameters of a call that must be refused: the call, the parameters, the path, words of the message. */
const PARAMS = [
  ['an empty user id', 'importAccount', { userId: '' }, 'userId', 'empty'],
  ['no user id', 'importAccount', { nick: 'a' }, 'userId', 'missing'],
  ['half a character as key', 'importAccount', { 'a\ud800': 1 }, undefined, 'surrogate'],
  ['no parameters', 'importAccount', undefined, 'userId', 'missing'],
  ['parameters that are null', 'importAccount', null, 'userId', 'missing'],
  ['a user id of 33 bytes', 'importAccount', { userId: 'x'.repeat(33) }, 'userId', '33 bytes'],
  ['a user id of 11 characters and 33 bytes', 'importAccount', { userId: '用'.repeat(11) }, 'userId', '33 bytes'],
  ['a line break in the user id', 'importAccount', { userId: 'a\nb' }, 'userId', 'control character'],
  ['a zero byte in the user id', 'importAccount', { userId: 'a\0' }, 'userId', 'control character'],
  ['half a character in the user id', 'importAccount', { userId: 'a\ud800' }, 'userId', 'surrogate'],
  ['a nickname of 501 bytes', 'importAccount', { userId: 'a', nick: 'n'.repeat(501) }, 'nick', '501 bytes'],
  ['a number as user id', 'importAccount', { userId: 7 }, 'userId', 'expected text'],
  ['a list as nickname', 'importAccount', { userId: 'a', nick: ['n'] }, 'nick', 'expected text'],
  ['a misspelt field', 'importAccount', { userId: 'a', nik: 'n' }, 'nik', 'did you mean nick?'],
  ['a field of another call', 'importAccount', { userId: 'a', avatar: 'n' }, 'avatar', 'unknown field'],
  ['a field given twice', 'importAccount', { userId: 'a', UserID: 'a' }, 'userId', 'given twice'],
  ['text for the parameters', 'importAccount', 'a', undefined, 'expected an object'],
  ['a list for the parameters', 'importAccount', ['a'], undefined, 'expected an object'],
  ['101 accounts', 'importAccounts', { userIds: Array(101).fill('a') }, 'userIds', '101 items'],
  ['no accounts', 'importAccounts', { userIds: [] }, 'userIds', '0 items'],
  ['neither form', 'importAccounts', {}, undefined, 'given'],
  [
    'a bad name in a list',
    'importAccounts',
    { accounts: [{ userId: 'a' }, { userId: '' }] },
    'accounts[1].userId',
    'empty',
  ],
  [
    'a misspelt field in a list',
    'importAccounts',
    { accounts: ['a', { userId: 'b', nik: 'n' }] },
    'accounts[1].nik',
    'nick',
  ],
  ['a function', 'importAccount', { userId: 'a', nick: () => 'n' }, 'nick', 'function'],
  ['a symbol', 'importAccount', { userId: Symbol('a') }, 'userId', 'symbol'],
  ['not a number', 'importAccount', { userId: 'a', nick: Number.NaN }, 'nick', 'NaN'],
  ['infinity', 'importAccount', { userId: 'a', nick: Number.POSITIVE_INFINITY }, 'nick', 'Infinity'],
  ['a circle', 'importAccount', circular, 'nick', 'contains itself'],
  ['undefined in a list', 'importAccounts', { userIds: ['a', undefined] }, 'userIds[1]', 'undefined'],
  ['a hole in a list', 'importAccounts', { userIds: Array(2) }, 'userIds[0]', 'undefined'],
  ['a Map', 'importAccount', new Map([['userId', 'a']]), undefined, 'Map'],
  ['a Set', 'importAccounts', { userIds: new Set(['a']) }, 'userIds', 'Set'],
  ['a Date', 'importAccount', { userId: 'a', nick: new Date(0) }, 'nick', 'Date'],
  ['a promise', 'importAccount', { userId: Promise.resolve('a') }, 'userId', 'Promise'],
  ['bytes', 'importAccount', { userId: new Uint8Array(3) }, 'userId', 'Uint8Array'],
  ['an object with its own toJSON', 'importAccount', { userId: { toJSON: () => 'a' } }, 'userId', 'toJSON'],
  ['a bigint beyond 64 bits', 'importAccount', { userId: 2n ** 64n }, 'userId', '64 bits'],
  ['a bigint where text belongs', 'importAccount', { userId: 7n }, 'userId', 'expected text'],
  [
    'a getter that throws',
    'importAccount',
    {
      get userId() {
        throw new Error('no luck');
      },
    },
    undefined,
    'no luck',
  ],
];

/** Data without an end, or nearly: where it may stand, and the path of the error. */
const ENDLESS = [
  ['accounts.kick', (value) => ({ userId: value }), 'userId'],
  ['accounts.importAccounts', (value) => ({ userIds: value }), 'userIds'],
  [
    'messages.send',
    (value) => ({ toAccount: 'u', msgBody: [{ msgType: value, msgContent: {} }] }),
    'msgBody[0].msgType',
  ],
  [
    'messages.send',
    (value) => ({ toAccount: 'u', msgBody: [{ msgContent: {}, msgType: value }] }),
    'msgBody[0].msgType',
  ],
  [
    'messages.send',
    (value) => ({ toAccount: 'u', msgBody: [{ msgContent: { a: value }, msgType: 'TIMOtherElem' }] }),
    'msgBody[0].msgContent',
  ],
];

/** Words of the caller that no message repeats whole. */
const HUGE_WORDS = [
  ['a field', (im) => im.accounts.kick({ userId: 'u', [HUGE]: 1 })],
  ['a field in a list', (im) => im.accounts.importAccounts({ accounts: [{ [HUGE]: 1 }] })],
  ['a raw field', (im) => im.accounts.kick({ userId: 'u' }, { extraBody: { [HUGE]: () => 1 } })],
  ['a user id', (im) => im.accounts.kick({ userId: HUGE })],
  ['a call', (im) => im.prepare(HUGE, {})],
  ['an option', (im) => im.accounts.kick({ userId: 'u' }, { [HUGE]: 1 })],
  ['a setting', (im) => im.withOptions({ [HUGE]: 1 }).accounts.kick({ userId: 'u' })],
  ['a rate', (im) => im.withOptions({ rateLimits: { [HUGE]: 1 } }).accounts.kick({ userId: 'u' })],
];

/** Settings of a client that must be refused: the settings in place of good ones, the path, words of the message. */
const SETTINGS = [
  ['app id 0', { sdkAppId: 0 }, 'sdkAppId', 'is 0'],
  ['an app id with a fraction', { sdkAppId: 1.5 }, 'sdkAppId', 'whole number'],
  ['an app id below 0', { sdkAppId: -1 }, 'sdkAppId', 'whole number'],
  ['an app id beyond 32 bits', { sdkAppId: 2 ** 32 }, 'sdkAppId', 'whole number'],
  ['an app id that is not a number', { sdkAppId: 'app' }, 'sdkAppId', 'whole number'],
  ['an empty key', { secretKey: '' }, 'secretKey', 'empty'],
  ['a key with a line break', { secretKey: 'key\n' }, 'secretKey', 'white space'],
  ['a key that is not text', { secretKey: 7 }, 'secretKey', 'not text'],
  ['an unknown region', { region: 'singapor' }, 'region', 'did you mean singapore?'],
  ['both region and address', { region: 'china', baseUrl: 'https://example.com' }, 'baseUrl', 'both'],
  ['an address without scheme', { baseUrl: 'example.com' }, 'baseUrl', 'https://'],
  ['plain http to elsewhere', { baseUrl: 'http://example.com' }, 'baseUrl', 'http'],
  ['a password in the address', { baseUrl: 'https://a:b@example.com' }, 'baseUrl', 'password'],
  ['a timeout of 0', { timeoutMs: 0 }, 'timeoutMs', 'out of range'],
  ['a timeout below 0', { timeoutMs: -1 }, 'timeoutMs', 'out of range'],
  ['a timeout that is text', { timeoutMs: '5s' }, 'timeoutMs', 'expected a whole number'],
  ['a timeout that is NaN', { timeoutMs: Number.NaN }, 'timeoutMs', 'NaN'],
  ['a timeout without end', { timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs', 'Infinity'],
  [
    'a deadline under one try',
    { timeoutMs: 1000, attemptTimeoutMs: 1001 },
    'timeoutMs',
    'attemptTimeoutMs is longer than timeoutMs',
  ],
  [
    'a try longer than the deadline',
    { attemptTimeoutMs: 30_001 },
    'attemptTimeoutMs',
    'attemptTimeoutMs is longer than timeoutMs',
  ],
  ['a first pause over the longest', { backoffMs: 5_001 }, 'backoffMs', 'backoffMs is longer than maxBackoffMs'],
  ['a longest pause of 0', { maxBackoffMs: 0 }, 'maxBackoffMs', 'out of range'],
  ['a budget below 0', { retryBudget: -1 }, 'retryBudget', 'out of range'],
  ['a fallback for nothing', { fallbackUrl: 'https://example.com' }, 'fallbackUrl', 'not given'],
  ['a rate of 0', { rateLimits: { 'accounts.kick': 0 } }, 'rateLimits.accounts.kick', 'above 0'],
  ['a share that is NaN', { rateShare: Number.NaN }, 'rateShare', 'NaN'],
  ['a share below 0', { rateShare: -0.5 }, 'rateShare', 'above 0, up to 1'],
  ['an admin of 33 bytes', { admin: 'x'.repeat(33) }, 'admin', '33 bytes'],
  ['an unknown setting', { tiemoutMs: 5 }, 'tiemoutMs', 'did you mean timeoutMs?'],
  ['an unknown account field', { accountField: 'UserId' }, 'accountField', 'did you mean UserID?'],
];

/** Settings of a call that must be refused. */
const CALL_SETTINGS = [
  ['a timeout of 0', { timeoutMs: 0 }, 'ConfigError', 'timeoutMs', 'out of range'],
  [
    'a deadline under one try',
    { timeoutMs: 10, attemptTimeoutMs: 11 },
    'ConfigError',
    'timeoutMs',
    'attemptTimeoutMs is longer than timeoutMs',
  ],
  [
    'a first pause over the longest',
    { backoffMs: 5_001 },
    'ConfigError',
    'backoffMs',
    'backoffMs is longer than maxBackoffMs',
  ],
  [
    'a budget that is neither true nor false',
    { useRetryBudget: 'no' },
    'ConfigError',
    'useRetryBudget',
    'expected true or false',
  ],
  ['an unknown setting', { timeout: 5 }, 'ConfigError', 'timeout', 'unknown field'],
  ['a signal that is none', { signal: 5 }, 'ConfigError', 'signal', 'AbortSignal'],
  ['settings that are not an object', 5, 'ConfigError', undefined, 'not an object'],
  ['raw fields that are not an object', { extraBody: [] }, 'InvalidInputError', 'extraBody', 'expected an object'],
];

/** Runs something with a client that counts what it sends, and checks the error. */
async function checkRefused(context, { className, path, words, settings, run }) {
  let sent = 0;
  const send = () => {
    sent++;
    return Promise.reject(new Error('sent'));
  };
  const error = await refused(context, className, async () => {
    const { sdk, appId, key } = context;
    await run(new sdk.Client({ sdkAppId: appId, secretKey: key, fetch: send, ...settings }));
  });
  checkEqual(sent, 0, 'requests sent');
  check(error.path === path, `path is ${error.path}, not ${path}: ${error.message}`);
  check(error.summary.includes(words), `${error.message} does not say ${words}`);
  check(typeof error.cure === 'string' && error.message.includes(error.cure), `${error.message}: no cure`);
  check(path === undefined || error.message.includes(path), `${error.message}: no path`);
  checkEqual([error.attempts, error.maybeApplied, error.code], [0, false, undefined], 'facts');
  return error;
}

export const badInput = [
  ...PARAMS.map(([name, method, params, path, words]) => ({
    name: `bad input: ${name}`,
    async run(context) {
      const run = (im) => im.accounts[method](params);
      const error = await checkRefused(context, { className: 'InvalidInputError', path, words, run });
      checkEqual(
        error.operation,
        method === 'importAccount' ? 'accounts.import_account' : 'accounts.import_accounts',
        'operation',
      );
    },
  })),
  ...SETTINGS.map(([name, settings, path, words]) => ({
    name: `bad settings: ${name}`,
    run: (context) =>
      checkRefused(context, {
        className: 'ConfigError',
        path,
        words,
        settings,
        // In a browser the first call finds it.
        run: (im) => im.accounts.importAccount({ userId: 'a' }),
      }),
  })),
  ...CALL_SETTINGS.map(([name, options, className, path, words]) => ({
    name: `bad settings of a call: ${name}`,
    run: (context) =>
      checkRefused(context, {
        className,
        path,
        words,
        run: (im) => im.accounts.importAccount({ userId: 'a' }, options),
      }),
  })),
  ...ENDLESS.flatMap(([op, paramsOf, path]) =>
    [
      ['a list that holds itself', () => circular.list],
      ['900 levels', () => nested(900)],
      ['100 levels', () => nested(100)],
    ].map(([name, make]) => ({
      name: `bad input: ${name} in ${op} at ${path}`,
      async run({ sdk, appId, key }) {
        const im = new sdk.Client({ sdkAppId: appId, secretKey: key });
        const error = await refused({ sdk, key }, 'InvalidInputError', () => im.prepare(op, paramsOf(make())));
        check(error.path?.startsWith(path) && error.cure, `${error.path}: ${error.message}`);
      },
    })),
  ),
  ...HUGE_WORDS.map(([name, run]) => ({
    name: `bad input: a message repeats no huge words, ${name}`,
    async run({ sdk, appId, key }) {
      const im = new sdk.Client({ sdkAppId: appId, secretKey: key });
      const error = await refused(
        { sdk, key },
        name.match(/option|setting|rate/) ? 'ConfigError' : 'InvalidInputError',
        () => run(im),
      );
      check(error.message.length < 2000, `${error.message.length} characters`);
    },
  })),
  {
    name: 'bad input: a long list is reported by its length',
    async run(context) {
      const run = (im) => im.accounts.importAccounts({ userIds: Array(1_000_000).fill('u') });
      const words = '1000000 items';
      await checkRefused(context, { className: 'InvalidInputError', path: 'userIds', words, run });
    },
  },
  {
    name: 'bad input: raw numbers are sent exactly or refused',
    async run(context) {
      const { sdk, appId, key } = context;
      const im = new sdk.Client({ sdkAppId: appId, secretKey: key });
      const extraBody = { a: 2n ** 64n - 1n, b: -(2n ** 63n), c: 2n ** 53n + 1n };
      const { body } = im.prepare('accounts.kick', { userId: 'u' }, { extraBody });
      check(body.includes('"a":18446744073709551615,"b":-9223372036854775808,"c":9007199254740993'), body);
      for (const [value, words] of [
        [2n ** 70n, '64 bits'],
        [Number.NaN, 'NaN'],
      ]) {
        const run = (client) => client.accounts.kick({ userId: 'u' }, { extraBody: { b: value } });
        await checkRefused(context, { className: 'InvalidInputError', path: 'extraBody.b', words, run });
      }
    },
  },
  {
    name: 'good input: plain http to this machine in any spelling',
    run({ sdk, appId, key }) {
      for (const baseUrl of ['http://LOCALHOST:1', 'http://127.0.0.1:1', 'http://127.8.9.10:1', 'http://[::1]:1']) {
        const im = new sdk.Client({ sdkAppId: appId, secretKey: key, baseUrl });
        check(
          im.prepare('accounts.kick', { userId: 'a' }).url.toLowerCase().startsWith(baseUrl.toLowerCase()),
          baseUrl,
        );
      }
    },
  },
  {
    name: 'bad input: NaN is not sent as null, and has a cure',
    async run(context) {
      const run = (im) => im.accounts.importAccount({ userId: 'a', nick: Number.NaN });
      const error = await checkRefused(context, { className: 'InvalidInputError', path: 'nick', words: 'NaN', run });
      checkEqual(error.cure, 'pass a finite number, or leave it out if the value is absent', 'cure');
    },
  },
  {
    name: 'bad input: a name of a call that is none',
    async run(context) {
      const run = (im) => im.prepare('accounts.importAcount', {});
      await checkRefused(context, {
        className: 'InvalidInputError',
        words: 'did you mean accounts.import_account?',
        run,
      });
    },
  },
  {
    name: 'bad settings: a misspelt name of a setting that must be there',
    async run(context) {
      const { sdk, key } = context;
      const error = await refused(context, 'ConfigError', () => new sdk.Client({ SDKAppID: 1, secretKey: key }));
      checkEqual(error.path, 'sdkAppId', 'path');
      check(error.message.includes('SDKAppID is unknown'), error.message);
    },
  },
  {
    name: 'good input: an object of a class, digits as app id',
    async run({ sdk, appId, key }) {
      const im = new sdk.Client({ sdkAppId: String(appId), secretKey: key });
      checkEqual(JSON.parse(im.prepare('accounts.importAccount', new Account()).body), { Identifier: 'a' }, 'body');
    },
  },
];
