// Cases of receiving webhooks, for both packages in every runtime. A case is { name, run(context) }; it throws on a failure.
//
// context: {
//   sdk               the exports of …/webhooks
//   isBoundToRequest  whether nothing goes on after an answer unless waitUntil is told of it
// }

import { check, checkEqual } from './json.mjs';
import { sleep, within } from './tools.mjs';

export const APP = 1400000001;
export const TOKEN = 'the-token-of-the-tests';
export const BEFORE = 'C2C.CallbackBeforeSendMsg';
export const AFTER = 'C2C.CallbackAfterSendMsg';
const OK = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' };
const REFUSAL = { ActionStatus: 'FAIL', ErrorCode: 1, ErrorInfo: 'refused' };

const equal = (got, expected) => checkEqual(got, expected, 'the value');

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
async function answered(context, hooks, body = message(), options = undefined) {
  const answer = await hooks.receive(signed(context.sdk, body.CallbackCommand), body, options);
  equal(answer.status, 200);
  equal(answer.headers['Content-Type'], 'application/json');
  return JSON.parse(answer.body);
}

/** The error of a function that must throw one. */
function thrownBy(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const what = (faults) => faults.map((fault) => fault.what);

const events = {
  async 'an event is typed data'(context) {
    const { hooks, faults } = open(context);
    const seen = [];
    hooks.on(BEFORE, (event) => void seen.push(event));
    equal(await answered(context, hooks), OK);
    const [event] = seen;
    const { command, kind, id, platform, clientIp, eventTime, isLate } = event;
    equal(
      { command, kind, id, platform, clientIp, eventTime, isLate },
      {
        ...{ command: BEFORE, kind: 'before', id: `${BEFORE}/48374_2837546_1557481126`, platform: 'iOS' },
        ...{ clientIp: '10.0.0.1', eventTime: 1670574414123, isLate: false },
      },
    );
    equal([event.body.fromAccount, event.body.onlineOnlyFlag], ['jared', false]);
    equal(event.body.msgBody, [{ msgType: 'TIMTextElem', msgContent: { text: 'red packet' } }]);
    equal([event.is(BEFORE), event.is(AFTER), event.signal.aborted], [true, false, false]);
    equal(faults, []);
  },
  async 'a body comes as text, bytes, base64 or parsed, a query as a line, a URL or parameters'(context) {
    const { hooks, faults } = open(context);
    const seen = [];
    hooks.on(BEFORE, ({ body }) => void seen.push(body.msgBody[0].msgContent.text));
    const parsed = message(BEFORE, { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: '你好 😀' } }] });
    const text = JSON.stringify(parsed);
    const bytes = new TextEncoder().encode(text);
    const base64 = btoa(String.fromCharCode(...bytes));
    const query = signed(context.sdk);
    const line = String(new URLSearchParams(query));
    for (const [form, body, options] of [
      [query, parsed],
      [new URLSearchParams(query), text],
      [line, bytes],
      [`?${line}`, bytes.buffer],
      [`/hooks?own=1&${line}`, base64, { base64: true }],
      [`https://example.com/hooks?${line}`, new DataView(bytes.buffer)],
    ]) {
      equal((await hooks.receive(form, body, options)).status, 200);
    }
    equal(seen, Array(6).fill('你好 😀'));
    equal(faults, []);
    const error = await hooks.receive(7, text).catch((thrown) => thrown);
    check(error instanceof context.sdk.InvalidInputError, String(error));
  },
  async 'an event that this version does not know reaches the handler for any'(context) {
    const { hooks } = open(context, { maxQueue: 0 });
    const seen = [];
    hooks.onAny((event) => void seen.push([event.command, event.kind, event.body]));
    const body = { CallbackCommand: 'New.CallbackOfTomorrow', Some_Field: 1 };
    equal(await answered(context, hooks, body), OK);
    equal(seen, [['New.CallbackOfTomorrow', 'unknown', body]]);
  },
  async 'an event that nobody handles is acknowledged'(context) {
    const { hooks } = open(context);
    equal(await answered(context, hooks), OK);
    equal(await answered(context, hooks, message(AFTER)), OK);
  },
  async 'the webhooks are listed, each with what an answer can do'({ sdk }) {
    const all = sdk.listWebhooks();
    equal(all.length, 57);
    const { codes, actions, kind } = all.find(({ command }) => command === BEFORE);
    equal([kind, actions, codes], ['before', ['allow', 'reject', 'drop', 'replace'], [120001, 130000]]);
  },
};

const settings = {
  'without a token verification is switched off by name'({ sdk }) {
    const error = thrownBy(() => new sdk.Webhooks({ sdkAppId: APP }));
    check(error instanceof sdk.ConfigError && error.path === 'token', String(error));
    check(/verify/.test(error.cure), error.cure);
    new sdk.Webhooks({ sdkAppId: APP, verify: false });
    equal(thrownBy(() => new sdk.Webhooks({ sdkAppId: APP, verify: false, token: TOKEN })).path, 'verify');
  },
  'settings that cannot work are refused, and no message shows a token'({ sdk }) {
    for (const [options, path] of [
      [{ sdkAppId: 0 }, 'sdkAppId'],
      [{ token: '' }, 'token[0]'],
      [{ token: [TOKEN, ` ${TOKEN}`] }, 'token[1]'],
      [{ tolerence: 5 }, 'tolerence'],
      [{ tolerance: 0 }, 'tolerance'],
      [{ budget: 0 }, 'budget'],
      [{ budget: 1.5 }, 'budget'],
      [{ maxQueue: -1 }, 'maxQueue'],
      [{ onLate: 'perhaps' }, 'onLate'],
      [{ onLate: { action: 'reply' } }, 'onLate'],
      [{ onError: 'log' }, 'onError'],
      [{ store: {} }, 'store'],
      [{ verify: 'no' }, 'verify'],
    ]) {
      const error = thrownBy(() => new sdk.Webhooks({ sdkAppId: APP, token: TOKEN, ...options }));
      check(error instanceof sdk.ConfigError, `${JSON.stringify(options)}: ${error.stack}`);
      equal(error.path, path);
      check(![error.message, error.stack, JSON.stringify(error)].join().includes(TOKEN), error.message);
    }
    check(thrownBy(() => new sdk.Webhooks(7)) instanceof sdk.ConfigError);
    check(thrownBy(() => new sdk.MemoryStore(0)) instanceof sdk.ConfigError);
  },
  'handlers that cannot work are refused'(context) {
    const { hooks } = open(context);
    const misspelt = thrownBy(() => hooks.on('C2C.CallbackBeforSendMsg', () => {}));
    check(
      misspelt instanceof context.sdk.ConfigError && misspelt.message.includes(`did you mean ${BEFORE}?`),
      misspelt.message,
    );
    equal(thrownBy(() => hooks.on(BEFORE)).path, 'handler');
    equal(thrownBy(() => hooks.onAny('x')).path, 'handler');
    equal(thrownBy(() => hooks.on(BEFORE, () => {}, { onLate: 'x' })).path, 'onLate');
    hooks
      .on(BEFORE, () => {})
      .on(AFTER, () => {})
      .on(AFTER, () => {});
    const second = thrownBy(() => hooks.on(BEFORE, () => {}));
    check(second instanceof context.sdk.ConfigError && second.path === BEFORE, second.message);
  },
};

const requests = {
  async 'a request that is not genuine is refused, and its sender gets no reason'(context) {
    const { hooks, faults } = open(context, { token: ['old-token', TOKEN] });
    hooks.on(BEFORE, () => check(false, 'the handler was called'));
    const good = signed(context.sdk);
    const now = Math.floor(Date.now() / 1000);
    const without = (name) => ({ ...good, [name]: undefined });
    const line = String(new URLSearchParams(good));
    for (const [name, query, status] of [
      ['no Sign', without('Sign'), 401],
      ['no RequestTime', without('RequestTime'), 401],
      ['another token', signed(context.sdk, BEFORE, 'wrong'), 401],
      ['capital letters', { ...good, Sign: good.Sign.toUpperCase() }, 401],
      ['not hexadecimal', { ...good, Sign: 'z'.repeat(64) }, 401],
      ['cut', { ...good, Sign: good.Sign.slice(1) }, 401],
      ['twice', `${line}&Sign=${good.Sign}`, 401],
      ['a replay', signed(context.sdk, BEFORE, TOKEN, now - 120), 401],
      ['of tomorrow', signed(context.sdk, BEFORE, TOKEN, now + 86_400), 401],
      ['in milliseconds', signed(context.sdk, BEFORE, TOKEN, now * 1000), 401],
      ['negative', { ...good, RequestTime: '-1' }, 401],
      ['another app', { ...good, SdkAppid: '1400000002' }, 403],
      ['no app', without('SdkAppid'), 400],
      ['another command', { ...good, CallbackCommand: AFTER }, 400],
      ['a long query', `${line}&x=${'y'.repeat(9000)}`, 400],
      ['nothing', '', 401],
    ]) {
      const answer = await hooks.receive(query, message());
      equal([name, answer.status, JSON.parse(answer.body)], [name, status, REFUSAL]);
    }
    equal((await hooks.receive(signed(context.sdk, BEFORE, 'old-token'), message(AFTER))).status, 400);
    equal(what(faults), Array(17).fill('request'));
    for (const { error } of faults) {
      check(error instanceof context.sdk.WebhookError, String(error));
      const shown = [error.message, error.stack, JSON.stringify(error)].join();
      check(!shown.includes(TOKEN) && !shown.includes(good.Sign), shown);
    }
  },
  async 'a body that is no event is refused'(context) {
    const { hooks, faults } = open(context);
    const query = signed(context.sdk);
    const text = JSON.stringify(message());
    for (const [body, status, options] of [
      [undefined, 400],
      ['', 400],
      [[message()], 400],
      [text.slice(0, -5), 400],
      ['['.repeat(200_000), 400],
      [`{"MsgBody":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
      ['x'.repeat(10_000_000), 413],
      ['%%%', 400, { base64: true }],
      [{ at: new Date() }, 400],
      [message(), 405, { method: 'GET' }],
      [message(), 415, { contentType: 'multipart/form-data; boundary=x' }],
    ]) {
      const answer = await hooks.receive(query, body, options);
      equal([answer.status, JSON.parse(answer.body)], [status, REFUSAL]);
      equal(answer.headers.Allow, status === 405 ? 'POST' : undefined);
    }
    equal(what(faults), Array(11).fill('request'));
    // Half a character in a text is mended, as the service would want.
    const bytes = new TextEncoder().encode(text.replace('red packet', 'red packe#'));
    bytes[bytes.indexOf(35)] = 0xff;
    equal((await hooks.receive(query, bytes)).status, 200);
  },
};

const decisions = {
  async 'each decision becomes the answer that the service understands'(context) {
    const { allow, reject, drop, replace } = context.sdk;
    const cases = [
      [allow(), OK],
      [undefined, OK],
      [null, OK],
      [reject(120_001, 'no'), { ...OK, ErrorCode: 120_001, ErrorInfo: 'no' }],
      [reject(), { ...OK, ErrorCode: 1 }],
      [drop(), { ...OK, ErrorCode: 2 }],
      [
        replace({ msgBody: [{ msgType: 'TIMTextElem', msgContent: { text: '***' } }] }),
        { ...OK, MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: '***' } }] },
      ],
      [replace({ cloudCustomData: '{"a":1}' }), { ...OK, CloudCustomData: '{"a":1}' }],
      [
        { action: 'reject', code: 130_000 },
        { ...OK, ErrorCode: 130_000 },
      ],
    ];
    for (const [decision, answer] of cases) {
      for (const handler of [() => decision, async () => decision, () => sleep(1).then(() => decision)]) {
        const { hooks, faults } = open(context);
        hooks.on(BEFORE, handler);
        equal(await answered(context, hooks), answer);
        equal(faults, []);
      }
    }
  },
  async 'accounts are decided one by one'(context) {
    const { decide, refuse, reject, allow } = context.sdk;
    const ADD = 'Sns.CallbackPrevFriendAdd';
    const body = {
      ...{ CallbackCommand: ADD, Requester_Account: 'a', From_Account: 'a', AddType: 'Add_Type_Both' },
      ...{ ForceAddFlags: 0, EventTime: 1, FriendItem: ['bob', 'carol', 'dan'].map((To_Account) => ({ To_Account })) },
    };
    const result = (To_Account, ResultCode, ResultInfo = '') => ({ To_Account, ResultCode, ResultInfo });
    for (const [decision, results] of [
      [decide({ bob: reject(38_001, 'no'), carol: allow(), dan: reject() }), [[38_001, 'no'], [0], [38_000]]],
      [refuse(['carol']), [[0], [38_000], [0]]],
      [undefined, [[0], [0], [0]]],
    ]) {
      const { hooks, faults } = open(context);
      hooks.on(ADD, ({ accounts }) => {
        equal(accounts, ['bob', 'carol', 'dan']);
        return decision;
      });
      const names = ['bob', 'carol', 'dan'];
      const ResultItem = results.map(([code, info], at) => result(names[at], code, info));
      equal(await answered(context, hooks, body), { ...OK, ResultItem });
      equal(faults, []);
    }
  },
  async 'nonsense is reported, and the configured answer goes out'(context) {
    const { reject, refuse, drop, decide } = context.sdk;
    const nonsense = [true, 'reject', 7, [], new Map(), reject(1000), reject(120_001.5), refuse(['x']), decide(7)];
    nonsense.push({ action: 'reply' }, { action: 'reject', code: 120_001, msgBody: [] }, decide({ bob: 38_001 }));
    for (const decision of nonsense) {
      for (const [onLate, code] of [
        [undefined, 0],
        ['reject', 1],
        [reject(120_002), 120_002],
        [drop(), 2],
        // The webhook does not take it: on the safe side.
        [reject(38_001), 1],
      ]) {
        const { hooks, faults } = open(context, { onLate });
        hooks.on(BEFORE, () => decision);
        equal((await answered(context, hooks)).ErrorCode, code);
        equal(what(faults), code === 1 && onLate !== 'reject' ? ['decision', 'decision'] : ['decision']);
        check(faults[0].error instanceof context.sdk.InvalidInputError, String(faults[0].error));
      }
    }
    const { hooks, faults } = open(context, { maxQueue: 0 });
    hooks.on(AFTER, () => reject());
    equal(await answered(context, hooks, message(AFTER)), OK);
    equal(what(faults), ['decision']);
  },
  async 'a handler that fails is reported, and the configured answer goes out'(context) {
    const { reject } = context.sdk;
    const fault = new Error('the database is away');
    const handlers = [
      () => {
        throw fault;
      },
      () => Promise.reject(fault),
      async () => {
        await sleep(1);
        throw fault;
      },
    ];
    for (const handler of handlers) {
      const { hooks, faults } = open(context, { onLate: 'reject' });
      hooks.on(BEFORE, handler).on('Group.CallbackBeforeSendMsg', handler, { onLate: reject(10_101, 'later') });
      equal((await answered(context, hooks)).ErrorCode, 1);
      const group = { CallbackCommand: 'Group.CallbackBeforeSendMsg', GroupId: '@TGS#1', Type: 'Public', MsgBody: [] };
      equal(await answered(context, hooks, group), { ...OK, ErrorCode: 10_101, ErrorInfo: 'later' });
      equal([what(faults), faults[0].error === fault], [['handler', 'handler'], true]);
    }
  },
  async 'onError that fails harms nobody'(context) {
    const told = [];
    const { error } = console;
    console.error = (...words) => told.push(words[0]);
    try {
      for (const onError of [
        () => {
          throw new Error('x');
        },
        () => Promise.reject(new Error('x')),
      ]) {
        const { hooks } = open(context, { onError });
        hooks.on(BEFORE, () => 7);
        equal(await answered(context, hooks), OK);
        await sleep(1);
      }
    } finally {
      console.error = error;
    }
    equal(told.length, 2);
  },
  async 'a handler for any event decides where no other does'(context) {
    const { reject } = context.sdk;
    const { hooks, faults } = open(context);
    hooks.onAny(() => reject(120_005));
    equal((await answered(context, hooks)).ErrorCode, 120_005);
    hooks.on(BEFORE, ({ body }) => (body.fromAccount === 'jared' ? reject(120_006) : undefined));
    equal((await answered(context, hooks)).ErrorCode, 120_006);
    equal((await answered(context, hooks, message(BEFORE, { From_Account: 'x' }))).ErrorCode, 120_005);
    hooks.onAny(() => {
      throw new Error('a log is full');
    });
    equal((await answered(context, hooks)).ErrorCode, 120_006);
    equal(what(faults), ['handler']);
  },
};

const time = {
  async 'a handler that is late is told, and its end is reported'(context) {
    const { reject } = context.sdk;
    const { hooks, faults } = open(context, { budget: 40, onLate: 'reject' });
    const seen = [];
    hooks.on(BEFORE, async (event) => {
      event.signal.addEventListener('abort', () => seen.push('aborted'));
      await sleep(120);
      seen.push(event.isLate);
      return reject(120_001);
    });
    const start = Date.now();
    equal((await answered(context, hooks)).ErrorCode, 1);
    check(Date.now() - start < 115, `it took ${Date.now() - start} ms`);
    equal([what(faults), seen], [['late'], ['aborted']]);
    check(faults[0].error instanceof context.sdk.CallTimeoutError && /40 ms/.test(faults[0].error.message));
    await within(2000, hooks.idle());
    equal(
      [what(faults), seen],
      [
        ['late', 'late'],
        ['aborted', true],
      ],
    );
    check(/ended/.test(faults[1].error.message), faults[1].error.message);
  },
  async 'a late handler that fails is reported'(context) {
    const { hooks, faults } = open(context, { budget: 20 });
    hooks.on(BEFORE, async () => {
      await sleep(50);
      throw new Error('too late');
    });
    equal(await answered(context, hooks), OK);
    await within(2000, hooks.idle());
    equal(what(faults), ['late', 'handler']);
  },
  async 'a handler that never returns holds up nobody'(context) {
    const { hooks, faults } = open(context, { budget: 20 });
    const never = new Promise(() => {});
    hooks.on(BEFORE, () => never);
    const answers = await Promise.all(Array.from({ length: 50 }, () => answered(context, hooks)));
    equal(answers, Array(50).fill(OK));
    equal(what(faults), Array(50).fill('late'));
  },
  async 'the budget begins with the request'(context) {
    const { hooks } = open(context, { budget: 60_000 });
    hooks.on(BEFORE, () => sleep(5));
    await within(2000, answered(context, hooks));
  },
};

const background = {
  async 'what has happened is acknowledged before it is handled'(context) {
    const { hooks, faults } = open(context);
    const order = [];
    const waiting = [];
    hooks.on(AFTER, async () => {
      order.push('begun');
      await sleep(30);
      order.push('ended');
    });
    equal(await answered(context, hooks, message(AFTER), { waitUntil: (promise) => waiting.push(promise) }), OK);
    order.push('answered');
    equal(waiting.length, 1);
    await within(2000, Promise.all([hooks.idle(), ...waiting]));
    equal(order, ['answered', 'begun', 'ended']);
    equal(faults, []);
  },
  async 'without waitUntil it is handled before the answer where the runtime needs that, else after'(context) {
    const { hooks } = open(context);
    const order = [];
    hooks.on(AFTER, async () => {
      await sleep(10);
      order.push('handled');
    });
    await answered(context, hooks, message(AFTER));
    order.push('answered');
    await within(2000, hooks.idle());
    equal(order, context.isBoundToRequest ? ['handled', 'answered'] : ['answered', 'handled']);
  },
  async 'when there is too much to do it is handled before the answer, within the budget'(context) {
    const { hooks, faults } = open(context, { maxQueue: 2, budget: 40 });
    const begun = [];
    hooks.on(AFTER, async ({ id }) => {
      begun.push(id);
      await sleep(150);
    });
    const waitUntil = () => {};
    const start = Date.now();
    const times = [];
    for (const MsgKey of ['1', '2', '3']) {
      equal(await answered(context, hooks, message(AFTER, { MsgKey }), { waitUntil }), OK);
      times.push(Date.now() - start);
    }
    check(times[1] < 35 && times[2] >= 38, String(times));
    await within(2000, hooks.idle());
    equal([begun.length, what(faults)], [3, ['late', 'late']]);
  },
  async 'a failure in the background is reported'(context) {
    const { hooks, faults } = open(context);
    hooks.on(AFTER, () => {
      throw new Error('x');
    });
    equal(await answered(context, hooks, message(AFTER), { waitUntil: () => {} }), OK);
    await within(2000, hooks.idle());
    equal(what(faults), ['handler']);
  },
  async 'an event that comes twice is handled once'(context) {
    const { MemoryStore } = context.sdk;
    const keys = [];
    const stores = [new MemoryStore(), { add: async (key) => keys.indexOf(key) < 0 && keys.push(key) > 0 }];
    for (const store of stores) {
      const { hooks, faults } = open(context, { store, maxQueue: 0 });
      let handled = 0;
      hooks.on(AFTER, () => void handled++);
      hooks.on(BEFORE, () => void handled++);
      for (const MsgKey of ['1', '1', '2', '1']) {
        equal(await answered(context, hooks, message(AFTER, { MsgKey })), OK);
      }
      equal(handled, 2);
      // A decision is asked for each time: the service never repeats its question.
      await answered(context, hooks);
      await answered(context, hooks);
      equal([handled, faults], [4, []]);
    }
    equal(keys, [`tencent-im:${APP}:${AFTER}/1`, `tencent-im:${APP}:${AFTER}/2`]);
  },
  async 'a store that fails costs no event'(context) {
    const store = { add: () => Promise.reject(new Error('no Redis')) };
    const { hooks, faults } = open(context, { store, maxQueue: 0 });
    let handled = 0;
    hooks.on(AFTER, () => void handled++);
    equal(await answered(context, hooks, message(AFTER)), OK);
    equal([handled, what(faults)], [1, ['store']]);
  },
  'the store in memory forgets the oldest, and what is over'({ sdk }) {
    const store = new sdk.MemoryStore(2);
    equal([store.add('a', 60), store.add('a', 60), store.add('b', 60), store.add('c', 60)], [true, false, true, true]);
    equal([store.size, store.add('a', 60), store.add('c', 60)], [2, true, false]);
    equal([store.add('d', 0), store.add('d', 60)], [true, true]);
  },
  async '1,000 events at once'(context) {
    const { hooks, faults } = open(context, { maxQueue: 100 });
    let handled = 0;
    hooks.on(AFTER, async () => {
      await sleep(5);
      handled += 1;
    });
    hooks.on(BEFORE, async () => {
      await sleep(5);
      return context.sdk.reject(120_001);
    });
    const all = Array.from({ length: 1000 }, (_, at) =>
      answered(context, hooks, message(at % 2 === 0 ? BEFORE : AFTER, { MsgKey: String(at) }), { waitUntil: () => {} }),
    );
    const codes = (await within(10_000, Promise.all(all))).map(({ ErrorCode }) => ErrorCode);
    await within(10_000, hooks.idle());
    equal([codes.filter((code) => code === 120_001).length, handled, faults], [500, 500, []]);
  },
};

const doors = {
  async 'a Request is answered by a Response'(context) {
    const { hooks, faults } = open(context);
    const { fetch } = hooks;
    hooks.on(BEFORE, () => context.sdk.reject(120_001, 'no'));
    const url = `https://example.com/hooks?${new URLSearchParams(signed(context.sdk))}`;
    const post = (body, headers = {}) => fetch(new Request(url, { method: 'POST', body, headers }));
    const good = JSON.stringify(message());
    for (const [answer, status] of [
      [await post(good), 200],
      [await post(good, { 'Content-Type': 'application/json' }), 200],
      [await fetch(new Request(url)), 405],
      [await post(good, { 'Content-Type': 'text/html' }), 415],
      [await post('x'.repeat(2_000_000)), 413],
      [await fetch(new Request(url.replace('Sign', 'Sing'), { method: 'POST', body: good })), 401],
      [await fetch(new Request(url, { method: 'POST' })), 400],
    ]) {
      equal([answer.status, answer.headers.get('Content-Type')], [status, 'application/json']);
      const text = await answer.text();
      equal(JSON.parse(text), status === 200 ? { ...OK, ErrorCode: 120_001, ErrorInfo: 'no' } : REFUSAL);
    }
    equal(what(faults), Array(5).fill('request'));
    const used = new Request(url, { method: 'POST', body: good });
    await used.text();
    equal((await fetch(used)).status, 400);
    check(/receive/.test(faults.at(-1).error.cure), faults.at(-1).error.message);
  },
  async 'a body without end is cut at the limit, and one that dribbles at the budget'(context) {
    const { hooks, faults } = open(context, { maxBodyBytes: 10_000, budget: 60 });
    hooks.on(BEFORE, () => check(false, 'the handler was called'));
    const url = `https://example.com/hooks?${new URLSearchParams(signed(context.sdk))}`;
    const piece = new Uint8Array(4000);
    let sent = 0;
    let cancelled = 0;
    const endless = (wait) =>
      new ReadableStream({
        async pull(controller) {
          await sleep(wait);
          sent += piece.length;
          controller.enqueue(piece.subarray(0, wait === 0 ? piece.length : 1));
        },
        cancel() {
          cancelled += 1;
        },
      });
    const ask = (body) => hooks.fetch({ method: 'POST', url, headers: new Headers(), body, bodyUsed: false });
    equal((await within(2000, ask(endless(0)))).status, 413);
    check(sent <= 20_000, `${sent} bytes were taken`);
    equal((await within(2000, ask(endless(15)))).status, 408);
    equal((await within(2000, ask(new ReadableStream({ pull: () => new Promise(() => {}) })))).status, 408);
    equal([what(faults), cancelled], [['request', 'request', 'request'], 2]);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    equal((await within(2000, ask(broken))).status, 400);
    const failing = {
      method: 'POST',
      url,
      headers: new Headers({ 'Content-Length': '7' }),
      body: broken,
      bodyUsed: false,
    };
    failing.arrayBuffer = () => Promise.reject(new TypeError('terminated'));
    equal((await within(2000, hooks.fetch(failing))).status, 400);
    failing.arrayBuffer = () => new Promise(() => {});
    equal((await within(2000, hooks.fetch(failing))).status, 408);
    const errors = faults.splice(0).map(({ error }) => error);
    check(
      errors.every((error) => error instanceof context.sdk.WebhookError),
      String(errors),
    );
    check(/broke off: terminated/.test(errors[4].message), errors[4].message);
  },
  async 'what a runtime passes beside the request keeps the worker alive'(context) {
    const { hooks } = open(context);
    const seen = [];
    hooks.on(AFTER, async () => {
      await sleep(10);
      seen.push('handled');
    });
    const url = `https://example.com/?${new URLSearchParams(signed(context.sdk, AFTER))}`;
    const waiting = [];
    const ctx = {
      waitUntil(promise) {
        check(this === ctx, 'it was called on nothing');
        waiting.push(promise);
      },
    };
    const request = new Request(url, { method: 'POST', body: JSON.stringify(message(AFTER)) });
    equal((await hooks.fetch(request, { ENV: 1 }, ctx)).status, 200);
    equal([seen, waiting.length], [[], 1]);
    await within(2000, waiting[0]);
    equal(seen, ['handled']);
  },
};

/** All cases. */
export const WEBHOOK_CASES = [events, settings, requests, decisions, time, background, doors].flatMap((group) =>
  Object.entries(group).map(([name, run]) => ({ name, run })),
);

/** Runs all cases, and gives `{ name, error? }` for each: for runtimes without a test runner. */
export async function runWebhookCases(context) {
  const results = [];
  for (const { name, run } of WEBHOOK_CASES) {
    try {
      await run(context);
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    }
  }
  return results;
}
