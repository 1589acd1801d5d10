// What the cases of receiving webhooks share.

import { checkEqual } from './json.mjs';

export const APP = 1400000001;
export const TOKEN = 'the-token-of-the-tests';
export const BEFORE = 'C2C.CallbackBeforeSendMsg';
export const AFTER = 'C2C.CallbackAfterSendMsg';
export const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
export const REFUSAL = { ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: 'refused' };

export const equal = (got, expected) => checkEqual(got, expected, 'the value');

/** A message's body, before or after it is delivered. */
export function message(command = BEFORE, fields = {}) {
  return {
    CallbackCommand: command,
    From_Account: 'jared',
    To_Account: 'Jonh',
    MsgSeq: 48374,
    MsgRandom: 2837546,
    MsgTime: 1557481126,
    MsgKey: '48374_2837546_1557481126',
    OnlineOnlyFlag: 0,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'red packet' } }],
    EventTime: '1670574414123',
    ...fields,
  };
}

/** The parameters of a genuine request. */
export function signed({ signWebhook }, command = BEFORE, token = TOKEN, requestTime = undefined) {
  const facts = { SdkAppid: String(APP), CallbackCommand: command, contenttype: 'json', ClientIP: '10.0.0.1' };
  return { ...facts, OptPlatform: 'IOS', ...signWebhook(token, requestTime) };
}

/** Hooks, and what they reported. */
export function open({ sdk }, options = {}) {
  const faults = [];
  const onError = (error, { what, event }) => void faults.push({ what, error, id: event?.id });
  return { hooks: new sdk.Webhooks({ sdkAppId: APP, token: TOKEN, onError, ...options }), faults };
}

/** The answer to a genuine request, as an object. */
export async function answered(context, hooks, body = message(), options = undefined) {
  const answer = await hooks.receive(signed(context.sdk, body.CallbackCommand), body, options);
  equal(answer.status, 200);
  equal(answer.headers['Content-Type'], 'application/json');
  return JSON.parse(answer.body);
}

/** The error of a function that must throw one. */
export function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export const what = (faults) => faults.map((fault) => fault.what);
