// Against the vendor's own signer, with random input: its UserSigs verify here, ours read the same by plain zlib.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { signUserSig, verifyUserSig } from 'tencent-im';
import official from 'tls-sig-api-v2';

const CASES = 300;

/** A small generator, so that a failure can be repeated. */
function* numbers(seed) {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = numbers(20_200_522);
const below = (bound) => Math.floor(random.next().value * bound);
const pick = (texts) => texts[below(texts.length)];
const LETTERS = [...'abcXYZ019_-"\\/<>&', 'é', '用', '😀'];

function randomCase() {
  let userId = '';
  const length = 1 + below(32);
  for (;;) {
    const next = userId + pick(LETTERS);
    if (Buffer.byteLength(next) > length) break;
    userId = next;
  }
  const secretKey = Array.from({ length: 64 }, () => pick([...'0123456789abcdef'])).join('');
  return { sdkAppId: 1 + below(2 ** 32 - 1), secretKey, userId: userId || 'u', expire: 60 + below(15_552_000) };
}

test('its UserSigs verify here', () => {
  for (let at = 0; at < CASES; at++) {
    const { sdkAppId, secretKey, userId, expire } = randomCase();
    const userSig = new official.Api(sdkAppId, secretKey).genSig(userId, expire);
    const stated = verifyUserSig(userSig, { secretKey, sdkAppId, userId });
    assert.deepEqual([stated.userId, stated.sdkAppId, stated.expire], [userId, sdkAppId, expire]);
  }
});

test('ours read the same without this package', () => {
  for (let at = 0; at < CASES; at++) {
    const { sdkAppId, secretKey, userId, expire } = randomCase();
    const now = 1_700_000_000 + below(100_000_000);
    const userSig = signUserSig({ sdkAppId, secretKey, userId, expire, now });
    const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
    const json = JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString());
    const content = `TLS.identifier:${userId}\nTLS.sdkappid:${sdkAppId}\nTLS.time:${now}\nTLS.expire:${expire}\n`;
    assert.deepEqual(json, {
      'TLS.ver': '2.0',
      'TLS.identifier': userId,
      'TLS.sdkappid': sdkAppId,
      'TLS.time': now,
      'TLS.expire': expire,
      'TLS.sig': createHmac('sha256', secretKey).update(content).digest('base64'),
    });
  }
});
