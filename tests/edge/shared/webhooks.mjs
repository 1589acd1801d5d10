// Cases of receiving webhooks, for both packages in every runtime. A case is { name, run(context) }; it throws on a failure.
//
// context: {
//   sdk               the exports of …/webhooks
//   isBoundToRequest  whether nothing goes on after an answer unless waitUntil is told of it
// }

import { check } from './json.mjs';
import { runAll } from './run_all.mjs';
import { sleep } from './tools.mjs';
import { RUNNING } from './webhook_running.mjs';
import {
  AFTER,
  APP,
  answered,
  BEFORE,
  equal,
  message,
  OK,
  open,
  REFUSAL,
  signed,
  TOKEN,
  thrownBy,
  what,
} from './webhook_tools.mjs';

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
        ...{ command: BEFORE, kind: 'before', id: `${BEFORE}/jared/Jonh/48374_2837546_1557481126`, platform: 'iOS' },
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
    check(all.length >= 57, `${all.length} webhooks are listed`);
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
      [{ budget: 2000 }, 'budget'],
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
    const inSmall = thrownBy(() => hooks.on(BEFORE.toLowerCase(), () => {}));
    check(inSmall.message.includes(`did you mean ${BEFORE}?`), inSmall.message);
    equal(thrownBy(() => hooks.on(5, () => {})).path, 'command');
    equal(thrownBy(() => hooks.on(BEFORE)).path, 'handler');
    equal(thrownBy(() => hooks.onAny('x')).path, 'handler');
    equal(thrownBy(() => hooks.on(BEFORE, () => {}, { onLate: 'x' })).path, 'onLate');
    // What is meant to reject must not be passed over.
    equal(thrownBy(() => hooks.on(BEFORE, () => {}, { onLte: 'reject' })).path, 'onLte');
    equal(thrownBy(() => hooks.on(BEFORE, () => {}, 'reject')).path, 'options');
    hooks
      .on(BEFORE, () => {})
      .on(AFTER, () => {})
      .on(AFTER, () => {});
    const second = thrownBy(() => hooks.on(BEFORE, () => {}));
    check(second instanceof context.sdk.ConfigError && second.path === BEFORE, second.message);
  },
};

const tools = {
  'what is known of a webhook cannot be changed, since answers depend on it'({ sdk }) {
    const known = sdk.listWebhooks().find(({ command }) => command === BEFORE);
    for (const change of [
      () => {
        known.kind = 'after';
      },
      () => {
        known.codes[0] = 7;
      },
      () => known.actions.pop(),
    ]) {
      check(thrownBy(change) instanceof TypeError, String(change));
    }
  },
  'only a text is a token to sign with'({ sdk }) {
    for (const token of [undefined, null, 5, ['a', 'b']]) {
      const error = thrownBy(() => sdk.signWebhook(token));
      check(error instanceof sdk.InvalidInputError && error.path === 'token' && error.cure, error.stack);
    }
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
      ['no number', { ...good, RequestTime: '1e9' }, 401],
      ['a second time', `${line}&RequestTime=${good.RequestTime}`, 401],
      ['two apps', `${line}&SdkAppid=${APP}`, 400],
      ['another app', { ...good, SdkAppid: '1400000002' }, 403],
      ['no app', without('SdkAppid'), 400],
      ['another command', { ...good, CallbackCommand: AFTER }, 400],
      ['a long query', `${line}&x=${'y'.repeat(9000)}`, 400],
      ['nothing', '', 401],
      // As AWS says that there is none, and as parsers read `Sign[x]=1`.
      ['none', null, 401],
      ['an object', { ...good, Sign: { toString: 'x' } }, 400],
      ['half a character', { ...good, Sign: '\ud800' }, 401],
    ]) {
      const answer = await hooks.receive(query, message());
      equal([name, answer.status, JSON.parse(answer.body)], [name, status, REFUSAL]);
    }
    equal((await hooks.receive(signed(context.sdk, BEFORE, 'old-token'), message(AFTER))).status, 400);
    equal(what(faults), Array(23).fill('request'));
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
        // The answer names them all: a handler cannot take one out.
        check(thrownBy(() => accounts.pop()) instanceof TypeError);
        return decision;
      });
      const names = ['bob', 'carol', 'dan'];
      const ResultItem = results.map(([code, info], at) => result(names[at], code, info));
      equal(await answered(context, hooks, body), { ...OK, ResultItem });
      equal(faults, []);
    }
  },
  async 'what a handler does to its event does not change the answer'(context) {
    const { decide, reject } = context.sdk;
    const ADD = 'Sns.CallbackPrevFriendAdd';
    for (const fails of [false, true]) {
      const { hooks, faults } = open(context, { onLate: 'reject' });
      const spoil = (event) => {
        Object.assign(event, { command: 'Own', kind: 'after', accounts: ['zed'], id: '', body: null });
        if (fails) {
          throw new Error('x');
        }
      };
      hooks.on(BEFORE, (event) => spoil(event) ?? reject(120_001));
      hooks.on(ADD, (event) => spoil(event) ?? decide({ bob: reject(38_001) }));
      equal((await answered(context, hooks)).ErrorCode, fails ? 1 : 120_001);
      const body = { CallbackCommand: ADD, From_Account: 'a', FriendItem: [{ To_Account: 'bob' }] };
      const { ResultItem } = await answered(context, hooks, body);
      equal(ResultItem, [{ To_Account: 'bob', ResultCode: fails ? 38_000 : 38_001, ResultInfo: '' }]);
      equal(what(faults), fails ? ['handler', 'handler'] : []);
    }
  },
  async 'decisions about accounts are a plain object: of a Map nothing would be seen'(context) {
    const { decide, reject } = context.sdk;
    const ADD = 'Sns.CallbackPrevFriendAdd';
    for (const results of [new Map([['bob', reject(38_001)]]), new Set(), [reject(38_001)]]) {
      const { hooks, faults } = open(context, { onLate: 'reject' });
      hooks.on(ADD, () => decide(results));
      const body = { CallbackCommand: ADD, From_Account: 'a', FriendItem: [{ To_Account: 'bob' }] };
      equal((await answered(context, hooks, body)).ResultItem[0].ResultCode, 38_000);
      equal([what(faults), faults[0].error.path], [['decision'], 'results']);
    }
  },
  async 'an answer is that of its own event, whatever was answered before'(context) {
    const { decide, reject } = context.sdk;
    const { hooks, faults } = open(context);
    const [GROUP, ADD] = ['Group.CallbackBeforeSendMsg', 'Sns.CallbackPrevFriendAdd'];
    hooks.on(BEFORE, () => reject(120_001)).on(GROUP, () => reject(120_001));
    hooks.on(ADD, ({ accounts }) => decide({ [accounts[0]]: reject(38_001) }));
    const group = { CallbackCommand: GROUP, GroupId: '@TGS#1', Type: 'Public', MsgBody: [] };
    const add = (To_Account) => ({ CallbackCommand: ADD, From_Account: 'a', FriendItem: [{ To_Account }] });
    for (let round = 0; round < 2; round++) {
      equal((await answered(context, hooks)).ErrorCode, 120_001);
      // The code is out of the range of groups.
      equal((await answered(context, hooks, group)).ErrorCode, 0);
      for (const To_Account of ['bob', 'carol']) {
        equal((await answered(context, hooks, add(To_Account))).ResultItem, [
          { To_Account, ResultCode: 38_001, ResultInfo: '' },
        ]);
      }
    }
    equal(what(faults), ['decision', 'decision']);
    const first = await hooks.receive(signed(context.sdk), message());
    first.headers['X-Own'] = '1';
    equal((await hooks.receive(signed(context.sdk), message())).headers, { 'Content-Type': 'application/json' });
  },
  async 'more decisions than are remembered'(context) {
    const { hooks, faults } = open(context);
    let info;
    hooks.on(BEFORE, () => context.sdk.reject(120_001, info));
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 300; at++) {
        info = `no ${at}`;
        equal((await answered(context, hooks)).ErrorInfo, info);
      }
    }
    info = 'x'.repeat(2000);
    equal((await answered(context, hooks)).ErrorInfo, info);
    equal(faults, []);
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
    // What it gives throws when it is looked at.
    const get = () => {
      throw fault;
    };
    handlers.push(() => new Proxy({}, { get }));
    handlers.push(async () => new Proxy({}, { get }));
    for (const handler of handlers) {
      const { hooks, faults } = open(context, { onLate: 'reject' });
      hooks.on(BEFORE, handler).on('Group.CallbackBeforeSendMsg', handler, { onLate: reject(10_101, 'later') });
      equal((await answered(context, hooks)).ErrorCode, 1);
      const group = { CallbackCommand: 'Group.CallbackBeforeSendMsg', GroupId: '@TGS#1', Type: 'Public', MsgBody: [] };
      equal(await answered(context, hooks, group), { ...OK, ErrorCode: 10_101, ErrorInfo: 'later' });
      equal([what(faults), faults[0].error === fault], [['handler', 'handler'], true]);
    }
  },
  async 'a handler that holds everything up is reported'(context) {
    // Where the clock stands still while a program computes, nothing can be told.
    const clock = performance.now();
    for (let turns = 0; turns < 1e6 && performance.now() === clock; turns++);
    if (performance.now() === clock) {
      return;
    }
    const { hooks, faults } = open(context, { budget: 20 });
    hooks.on(BEFORE, () => {
      const end = performance.now() + 40;
      while (performance.now() < end);
      return context.sdk.reject(120_001);
    });
    equal((await answered(context, hooks)).ErrorCode, 120_001);
    equal(what(faults), ['late']);
    check(/held everything up/.test(faults[0].error.message), faults[0].error.message);
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

/** All cases. */
export const WEBHOOK_CASES = [events, settings, tools, requests, decisions, ...RUNNING].flatMap((group) =>
  Object.entries(group).map(([name, run]) => ({ name, run })),
);

export const runWebhookCases = (context) => runAll(WEBHOOK_CASES, context);
