// UserSigs: signing, verifying, inspecting, and arguments that cannot be meant.

import { check, checkEqual } from './json.mjs';
import { clientOf, refused } from './tools.mjs';

const NOW = 1_700_000_000;

/** What each function refuses: the change to good arguments, the class, the path. */
const BAD_SIGN = [
  ['an empty user id', { userId: '' }, 'InvalidInputError', 'userId'],
  ['no user id', { userId: undefined }, 'InvalidInputError', 'userId'],
  ['a user id of 33 bytes', { userId: 'x'.repeat(33) }, 'InvalidInputError', 'userId'],
  ['half a character', { userId: 'a\ud800' }, 'InvalidInputError', 'userId'],
  ['app id 0', { sdkAppId: 0 }, 'ConfigError', 'sdkAppId'],
  ['no key', { secretKey: undefined }, 'ConfigError', 'secretKey'],
  ['an empty key', { secretKey: '' }, 'ConfigError', 'secretKey'],
  ['a lifetime of 0', { expire: 0 }, 'InvalidInputError', 'expire'],
  ['a lifetime below 0', { expire: -1 }, 'InvalidInputError', 'expire'],
  ['a lifetime with a fraction', { expire: 0.5 }, 'InvalidInputError', 'expire'],
  ['a lifetime that is text', { expire: '1e5' }, 'InvalidInputError', 'expire'],
  ['a lifetime beyond 50 years', { expire: 51 * 365 * 86_400 }, 'InvalidInputError', 'expire'],
  ['the time in milliseconds', { now: NOW * 1000 }, 'InvalidInputError', 'now'],
];

const BAD_VERIFY = [
  ['no key', { secretKey: undefined }, 'ConfigError', 'secretKey'],
  ['a hole in the list of keys', { secretKey: [undefined] }, 'ConfigError', 'secretKey'],
  ['17 keys', { secretKey: Array(17).fill('key') }, 'InvalidInputError', 'secretKey'],
  ['an empty list of keys', { secretKey: [] }, 'InvalidInputError', 'secretKey'],
  ['an empty key', { secretKey: '' }, 'ConfigError', 'secretKey'],
  ['a misspelt field', { userID2: 'a' }, 'InvalidInputError', 'userID2'],
  ['leeway below 0', { leeway: -1 }, 'InvalidInputError', 'leeway'],
];

export const userSigs = [
  ...BAD_SIGN.map(([name, change, className, path]) => ({
    name: `signing refuses ${name}`,
    async run(context) {
      const { sdk, appId, key } = context;
      const params = { sdkAppId: appId, secretKey: key, userId: 'alice', now: NOW, ...change };
      const error = await refused(context, className, () => sdk.signUserSig(params));
      checkEqual([error.path, typeof error.cure], [path, 'string'], 'path and cure');
    },
  })),
  ...BAD_VERIFY.map(([name, change, className, path]) => ({
    name: `verifying refuses ${name}`,
    async run(context) {
      const { sdk, appId, key } = context;
      const sig = sdk.signUserSig({ sdkAppId: appId, secretKey: key, userId: 'alice' });
      const error = await refused(context, className, () => sdk.verifyUserSig(sig, { secretKey: key, ...change }));
      checkEqual([error.path, typeof error.cure], [path, 'string'], 'path and cure');
    },
  })),
  {
    name: 'a UserSig is signed for 180 days from now by default',
    run({ sdk, appId, key }) {
      const before = Math.floor(Date.now() / 1000);
      const sig = sdk.signUserSig({ sdkAppId: appId, secretKey: key, userId: 'alice' });
      const stated = sdk.verifyUserSig(sig, { secretKey: key, sdkAppId: appId, userId: 'alice' });
      checkEqual(stated.expire, 15_552_000, 'lifetime');
      check(stated.issuedAt >= before && stated.issuedAt <= Date.now() / 1000, `issued at ${stated.issuedAt}`);
    },
  },
  {
    name: 'a time with a fraction is cut, as Date.now() / 1000 has one',
    run({ sdk, appId, key }) {
      const sig = sdk.signUserSig({ sdkAppId: appId, secretKey: key, userId: 'a', now: NOW + 0.9 });
      checkEqual(sdk.inspectUserSig(sig, { now: NOW + 1.5 }).issuedAt, NOW, 'time of signing');
      checkEqual(sdk.inspectUserSig(sig, { now: NOW + 1.5 }).remaining, 15_552_000 - 1, 'seconds left');
    },
  },
  {
    name: 'a client signs for the users of its app',
    run(context) {
      const { sdk, appId, key } = context;
      const sig = clientOf(context).signUserSig('用户', { expire: 60, now: NOW });
      const stated = sdk.verifyUserSig(sig, { secretKey: key, sdkAppId: appId, userId: '用户', now: NOW + 60 });
      checkEqual([stated.userId, stated.remaining, stated.userbuf], ['用户', 0, null], 'what it states');
    },
  },
  {
    name: 'leeway, several keys, and a wrong key',
    async run(context) {
      const { sdk, appId, key } = context;
      const sig = sdk.signUserSig({ sdkAppId: appId, secretKey: key, userId: 'alice', expire: 60, now: NOW });
      sdk.verifyUserSig(sig, { secretKey: ['old key', key], now: NOW + 65, leeway: 5 });
      const wrong = await refused(context, 'SignatureError', () =>
        sdk.verifyUserSig(sig, { secretKey: 'wrong key', now: NOW }),
      );
      checkEqual(wrong.code, 70009, 'code');
      check(wrong.cause !== undefined && wrong.cure !== undefined, wrong.message);
    },
  },
  {
    name: 'a text that is not a UserSig is refused',
    async run(context) {
      const { sdk } = context;
      checkEqual((await refused(context, 'SignatureError', () => sdk.inspectUserSig(''))).code, 70002, 'empty');
      checkEqual((await refused(context, 'SignatureError', () => sdk.inspectUserSig('x'))).code, 70003, 'broken');
      checkEqual((await refused(context, 'InvalidInputError', () => sdk.inspectUserSig())).path, 'userSig', 'missing');
    },
  },
];
