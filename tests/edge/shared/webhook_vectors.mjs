// Webhooks: what is read from a request, and what is written for a decision. They go through the native interface itself,
// since the time is theirs.

import { camelKeys, check, checkEqual } from './json.mjs';
import { checkFacts } from './vectors.mjs';

const SETTINGS = JSON.stringify({ sdkAppId: 1400000001, token: ['xxxyyy'] });
/** The time of the fact file's signature. */
const AT = 1669872112;

/** Runs one vector. */
export function runWebhook(vector, _sdk, native) {
  const receiver = native.openReceiver(SETTINGS, '');
  try {
    const bytes = vector.body_hex?.match(/../g)?.map((byte) => Number.parseInt(byte, 16));
    const body = bytes === undefined ? new TextEncoder().encode(vector.body) : Uint8Array.from(bytes);
    const read = () => receiver.read(vector.query, body, vector.now ?? AT);
    if (vector.error !== undefined) {
      checkRefusal(read, vector.error);
      return;
    }
    const record = JSON.parse(read());
    for (const [name, value] of Object.entries(camelKeys(vector.event))) {
      checkEqual(record[name], value, name);
    }
    const accounts = record.accounts && JSON.stringify(record.accounts);
    for (const { decision, body, error } of vector.answers) {
      const answer = () => native.answerWebhook(record.command, accounts, JSON.stringify(camelKeys(decision)));
      if (error === undefined) {
        checkEqual(JSON.parse(answer()), body, JSON.stringify(decision));
      } else {
        checkRefusal(answer, error);
      }
    }
  } finally {
    receiver.free?.();
  }
}

/** The native side throws an error whose message is the core's record of it. */
function checkRefusal(run, expected) {
  let thrown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  check(thrown !== undefined, 'it threw nothing');
  check(!thrown.message.includes('xxxyyy'), 'the token shows');
  const record = JSON.parse(thrown.message);
  checkFacts(record, record.text, expected);
}
