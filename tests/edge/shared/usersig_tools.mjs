// What a broken UserSig suffers from, and PrivateMapKeys.

import { check, checkEqual } from './json.mjs';
import { refused } from './tools.mjs';

const NOW = 1_700_000_000;

/** How a good UserSig gets spoilt, and what is said about it. */
const MISTAKES = [
  ['nothing', (sig) => sig, {}, { ok: true, code: null, mistake: 'ok' }],
  ['an empty one', () => '', {}, { code: 70002, mistake: 'empty' }],
  ['one cut short', (sig) => sig.slice(0, 100), {}, { code: 70003, mistake: 'cut_short' }],
  ['quotation marks', (sig) => `"${sig}"`, {}, { code: 70003, mistake: 'quotes' }],
  ['another user', (sig) => sig, { userId: 'bob' }, { code: 70013, mistake: 'other_user' }],
  ['another app', (sig) => sig, { sdkAppId: 1 }, { code: 70014, mistake: 'other_app' }],
  ['its end', (sig) => sig, { now: NOW + 61 }, { code: 70001, mistake: 'expired' }],
  ['another key', (sig) => sig, { secretKey: 'another' }, { code: 70009, mistake: 'key_of_another_app' }],
];

export const userSigTools = [
  ...MISTAKES.map(([name, spoil, change, expected]) => ({
    name: `explaining ${name}`,
    run({ sdk, appId, key }) {
      const app = { sdkAppId: appId, secretKey: key };
      const sig = sdk.signUserSig({ ...app, userId: 'alice', expire: 60, now: NOW });
      const explained = sdk.explainUserSig(spoil(sig), { ...app, userId: 'alice', now: NOW, ...change });
      for (const [fact, value] of Object.entries({ ok: false, ...expected })) {
        checkEqual(explained[fact], value, fact);
      }
      check(explained.ok || (explained.cause.length > 0 && explained.cure.length > 0), JSON.stringify(explained));
      check(explained.userSig === null || explained.userSig.userId === 'alice', JSON.stringify(explained.userSig));
    },
  })),
  {
    name: 'a PrivateMapKey is signed and read',
    async run(context) {
      const { sdk, appId, key } = context;
      const params = { sdkAppId: appId, secretKey: key, userId: '用户', expire: 60, now: NOW };
      const privileges = ['enter_room', 'receive_audio'];
      const signed = sdk.signPrivateMapKey({ ...params, roomName: 'lounge', privileges });
      const facts = {
        userId: '用户',
        sdkAppId: appId,
        roomId: null,
        roomName: 'lounge',
        expiresAt: NOW + 60,
        privileges,
      };
      checkEqual(sdk.parsePrivateMapKey(signed), facts, 'what it states');
      checkEqual(sdk.parsePrivateMapKey(sdk.signPrivateMapKey({ ...params, roomId: 7 })).roomId, 7, 'room');
      sdk.verifyUserSig(signed, { secretKey: key, now: NOW, allowUserbuf: true });
      for (const [change, className, path] of [
        [{}, 'InvalidInputError', undefined],
        [{ roomId: 7, roomName: 'lounge' }, 'InvalidInputError', undefined],
        [{ roomId: 7, privileges: ['fly'] }, 'InvalidInputError', 'privileges[0]'],
        [{ roomId: 7, expire: undefined }, 'InvalidInputError', 'expire'],
        [{ roomId: 7, userId: '' }, 'InvalidInputError', 'userId'],
        [{ roomId: 7, secretKey: undefined }, 'ConfigError', 'secretKey'],
      ]) {
        const error = await refused(context, className, () => sdk.signPrivateMapKey({ ...params, ...change }));
        checkEqual([error.path, typeof error.cure], [path, 'string'], JSON.stringify(change));
      }
      const plain = sdk.signUserSig(params);
      const no = await refused(context, 'InvalidInputError', () => sdk.parsePrivateMapKey(plain));
      checkEqual(no.path, 'privateMapKey', 'path');
    },
  },
];
