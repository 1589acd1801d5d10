// The event that is measured: a one-to-one message of 1,000 bytes, signed for now.

import { signWebhook } from 'tencent-im/webhooks';

export const APP = 1400000001;
export const TOKEN = 'made up';
export const COMMAND = 'C2C.CallbackBeforeSendMsg';

const message = (text) =>
  JSON.stringify({
    ...{ CallbackCommand: COMMAND, From_Account: 'jared', To_Account: 'Jonh', MsgSeq: 48374, MsgRandom: 2837546 },
    ...{ MsgTime: 1557481126, MsgKey: '48374_2837546_1557481126', OnlineOnlyFlag: 0, EventTime: 1670574414123 },
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  });

export const BODY = message('x'.repeat(1000 - message('').length));

/** The query of a request that is genuine for a minute. */
export function query() {
  const facts = { SdkAppid: String(APP), CallbackCommand: COMMAND, contenttype: 'json', ClientIP: '10.0.0.1' };
  return String(new URLSearchParams({ ...facts, OptPlatform: 'iOS', ...signWebhook(TOKEN) }));
}

/** What is answered to each, by hooks and by the servers without. */
export const ANSWER = '{"ActionStatus":"OK","ErrorCode":120001,"ErrorInfo":"no"}';
