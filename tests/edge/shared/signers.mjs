// Signing with a reusable object.

import { check, checkEqual } from './json.mjs';
import { refused } from './tools.mjs';

const NOW = 1_700_000_000;

/** What a signer refuses: the method, its arguments, the class, the path. */
const REFUSED = [
  ['an empty user id', 'sign', [''], 'InvalidInputError', 'userId'],
  ['no user id', 'sign', [], 'InvalidInputError', 'userId'],
  ['half a character', 'sign', ['a\ud800'], 'InvalidInputError', 'userId'],
  ['a lifetime of 0', 'sign', ['a', { expire: 0 }], 'InvalidInputError', 'expire'],
  ['the time in milliseconds', 'sign', ['a', { now: NOW * 1000 }], 'InvalidInputError', 'now'],
  ['settings that are not an object', 'sign', ['a', 60], 'InvalidInputError', undefined],
  ['one user instead of a list', 'signMany', ['alice'], 'InvalidInputError', 'userIds'],
  ['an empty user id among many', 'signMany', [['a', '', 'c']], 'InvalidInputError', 'userIds[1]'],
  ['an empty user id alone', 'signMany', [['']], 'InvalidInputError', 'userIds[0]'],
  ['a user id of 33 bytes among many', 'signMany', [['a', 'b', 'x'.repeat(33)]], 'InvalidInputError', 'userIds[2]'],
  ['a line break in one of many', 'signMany', [['a', 'b\nc']], 'InvalidInputError', 'userIds[1]'],
  ['a tab in one of many', 'signMany', [['a', 'b\tc']], 'InvalidInputError', 'userIds[1]'],
  ['half a character in one of many', 'signMany', [['a', 'b\ud800']], 'InvalidInputError', 'userIds[1]'],
  ['a number among many', 'signMany', [['a', 7]], 'InvalidInputError', 'userIds[1]'],
  ['a hole in the list', 'signMany', [Array(2)], 'InvalidInputError', 'userIds[0]'],
  ['a lifetime of 0 for none', 'signMany', [['a'], { expire: 0 }], 'InvalidInputError', 'expire'],
];

export const signers = [
  {
    name: 'a signer signs as the function does',
    run({ sdk, appId, key }) {
      const app = { sdkAppId: appId, secretKey: key };
      const signer = new sdk.Signer(app);
      for (const options of [{ now: NOW }, { now: NOW, expire: 60 }]) {
        for (const userId of ['alice', '用户 😀']) {
          checkEqual(signer.sign(userId, options), sdk.signUserSig({ ...app, userId, ...options }), userId);
        }
      }
      checkEqual(sdk.verifyUserSig(signer.sign('alice'), { ...app, userId: 'alice' }).expire, 15_552_000, 'lifetime');
    },
  },
  {
    name: 'a signer signs for many at once, in their order',
    run({ sdk, appId, key }) {
      const signer = new sdk.Signer({ sdkAppId: String(appId), secretKey: key });
      const users = ['alice', '用户', 'a b', '😀', ...Array.from({ length: 500 }, (_, at) => `user ${at}`)];
      const signed = signer.signMany(users, { now: NOW, expire: 60 });
      checkEqual(
        signed,
        users.map((userId) => signer.sign(userId, { now: NOW, expire: 60 })),
        'UserSigs',
      );
      checkEqual(signer.signMany([]), [], 'for nobody');
      checkEqual(signer.signMany(['alice'], { now: NOW, expire: 60 }), signed.slice(0, 1), 'for one');
    },
  },
  ...REFUSED.map(([name, method, args, className, path]) => ({
    name: `a signer refuses ${name}`,
    async run(context) {
      const signer = new context.sdk.Signer({ sdkAppId: context.appId, secretKey: context.key });
      const error = await refused(context, className, () => signer[method](...args));
      checkEqual([error.path, typeof error.cure], [path, 'string'], 'path and cure');
    },
  })),
  {
    name: 'a signer checks its app and its key, and shows neither',
    async run(context) {
      const { sdk, appId, key } = context;
      for (const [change, path] of [
        [{ sdkAppId: 0 }, 'sdkAppId'],
        [{ sdkAppId: undefined }, 'sdkAppId'],
        [{ secretKey: '' }, 'secretKey'],
        [{ secretKey: `${key}\n` }, 'secretKey'],
        [{ secretKey: undefined }, 'secretKey'],
      ]) {
        const make = () => new sdk.Signer({ sdkAppId: appId, secretKey: key, ...change });
        checkEqual((await refused(context, 'ConfigError', make)).path, path, JSON.stringify(change));
      }
      const signer = new sdk.Signer({ sdkAppId: appId, secretKey: key });
      check(!(JSON.stringify(signer) + String(signer) + Object.keys(signer)).includes(key), 'the key shows');
    },
  },
];
