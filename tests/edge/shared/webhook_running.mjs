// Cases of receiving webhooks that take time: late handlers, the background, bodies that come slowly.

import { check } from './json.mjs';
import { gate, PATIENCE, sleep, within } from './tools.mjs';
import { AFTER, APP, answered, BEFORE, equal, message, OK, open, REFUSAL, signed, what } from './webhook_tools.mjs';

const time = {
  async 'a handler that is late is told, and its end is reported'(context) {
    const { reject } = context.sdk;
    const { hooks, faults } = open(context, { budget: 40, onLate: 'reject' });
    const seen = [];
    const { opened, open: end } = gate();
    hooks.on(BEFORE, async (event) => {
      event.signal.addEventListener('abort', () => seen.push('aborted'));
      await opened;
      seen.push(event.isLate);
      return reject(120_001);
    });
    equal((await answered(context, hooks)).ErrorCode, 1);
    equal([what(faults), seen], [['late'], ['aborted']]);
    check(faults[0].error instanceof context.sdk.CallTimeoutError && /40 ms/.test(faults[0].error.message));
    end();
    await within(PATIENCE, hooks.idle());
    equal(
      [what(faults), seen],
      [
        ['late', 'late'],
        ['aborted', true],
      ],
    );
    check(/ended/.test(faults[1].error.message), faults[1].error.message);
  },
  async 'a long budget is kept as exactly, by many at once'(context) {
    const { hooks, faults } = open(context, { budget: 1_500, onLate: 'reject' });
    hooks.on(BEFORE, ({ body }) => (body.msgSeq === 1 ? new Promise(() => {}) : sleep(30)));
    const ask = async (MsgSeq) => {
      const start = Date.now();
      const { ErrorCode } = await answered(context, hooks, message(BEFORE, { MsgSeq }));
      return [MsgSeq, ErrorCode, Date.now() - start];
    };
    const ends = await Promise.all(Array.from({ length: 40 }, (_, at) => sleep(at).then(() => ask(at % 2))));
    for (const [MsgSeq, code, ms] of ends) {
      equal([MsgSeq, code], [MsgSeq, MsgSeq]);
      check(MsgSeq === 0 || ms > 1_490, `${ms} ms`);
    }
    equal(what(faults), Array(20).fill('late'));
  },
  async 'a late handler that fails is reported'(context) {
    const { hooks, faults } = open(context, { budget: 20 });
    const { opened, open: end } = gate();
    hooks.on(BEFORE, async () => {
      await opened;
      throw new Error('too late');
    });
    equal(await answered(context, hooks), OK);
    end();
    await within(PATIENCE, hooks.idle());
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
  async 'a decision waits for no handler that comes after it'(context) {
    const { reject } = context.sdk;
    const { hooks, faults } = open(context, { budget: 150 });
    const seen = [];
    const waiting = [];
    hooks.on(BEFORE, () => reject(120_001));
    hooks.onAny(async () => {
      await sleep(300);
      seen.push('logged');
      throw new Error('a log is full');
    });
    const waitUntil = (promise) => waiting.push(promise);
    equal((await answered(context, hooks, message(), { waitUntil })).ErrorCode, 120_001);
    equal([seen, what(faults), waiting.length], [[], [], 1]);
    await within(2000, Promise.all([hooks.idle(), ...waiting]));
    equal([seen, what(faults)], [['logged'], ['handler']]);
    // What was done is done when all have seen it.
    hooks.on(AFTER, () => context.sdk.allow());
    await answered(context, hooks, message(AFTER), { waitUntil });
    await within(2000, Promise.all([hooks.idle(), waiting[1]]));
    equal(seen, ['logged', 'logged']);
  },
  async 'the budget begins with the request'(context) {
    const { hooks } = open(context, { budget: 1999 });
    hooks.on(BEFORE, () => sleep(5));
    await within(PATIENCE, answered(context, hooks));
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
    await within(PATIENCE, Promise.all([hooks.idle(), ...waiting]));
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
    await within(PATIENCE, hooks.idle());
    equal(order, context.isBoundToRequest ? ['handled', 'answered'] : ['answered', 'handled']);
  },
  async 'when there is too much to do it is handled before the answer, within the budget'(context) {
    const { hooks, faults } = open(context, { maxQueue: 2, budget: 40 });
    const begun = [];
    const { opened, open: end } = gate();
    hooks.on(AFTER, async ({ id }) => {
      begun.push(id);
      await opened;
    });
    const waitUntil = () => {};
    const late = [];
    for (const MsgKey of ['1', '2', '3']) {
      equal(await answered(context, hooks, message(AFTER, { MsgKey }), { waitUntil }), OK);
      late.push(what(faults).length);
    }
    // The third was waited for, which the first two are never.
    equal(late, [0, 0, 1]);
    end();
    await within(PATIENCE, hooks.idle());
    equal([begun.length, what(faults)], [3, ['late', 'late']]);
  },
  async 'a waitUntil that throws costs neither the event nor the answer'(context) {
    const { hooks, faults } = open(context);
    const seen = [];
    const waitUntil = () => {
      throw new TypeError('Illegal invocation');
    };
    hooks.on(AFTER, () => void seen.push('handled'));
    equal(await answered(context, hooks, message(AFTER), { waitUntil }), OK);
    equal([seen, what(faults)], [['handled'], ['waitUntil']]);
    const hasty = open(context, { budget: 40 });
    const { opened, open: end } = gate();
    hasty.hooks.on(BEFORE, () => opened);
    equal(await within(PATIENCE, answered(context, hasty.hooks, message(), { waitUntil })), OK);
    end();
    await within(PATIENCE, hasty.hooks.idle());
    equal(what(hasty.faults), ['late', 'waitUntil', 'late']);
  },
  async 'a failure in the background is reported'(context) {
    const { hooks, faults } = open(context);
    hooks.on(AFTER, () => {
      throw new Error('x');
    });
    equal(await answered(context, hooks, message(AFTER), { waitUntil: () => {} }), OK);
    await within(PATIENCE, hooks.idle());
    equal(what(faults), ['handler']);
  },
  async 'an event that comes twice is handled once'(context) {
    const { MemoryStore } = context.sdk;
    const keys = [];
    const redis = new Set();
    const stores = [
      new MemoryStore(),
      { add: async (key) => keys.indexOf(key) < 0 && keys.push(key) > 0 },
      // As `SET NX` of Redis says it.
      { add: async (key) => (redis.has(key) ? null : redis.add(key) && 'OK') },
    ];
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
    equal(keys, [`tencent-im:${APP}:${AFTER}/jared/Jonh/1`, `tencent-im:${APP}:${AFTER}/jared/Jonh/2`]);
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
    const waitUntil = () => {};
    const byFetch = async (body) => {
      const url = `https://example.com/?${new URLSearchParams(signed(context.sdk, body.CallbackCommand))}`;
      const request = new Request(url, { method: 'POST', body: JSON.stringify(body) });
      return (await hooks.fetch(request, { waitUntil })).json();
    };
    const all = Array.from({ length: 1000 }, (_, at) => {
      const body = message(at % 2 === 0 ? BEFORE : AFTER, { MsgKey: String(at) });
      return at % 4 < 2 ? byFetch(body) : answered(context, hooks, body, { waitUntil });
    });
    const codes = (await within(PATIENCE, Promise.all(all))).map(({ ErrorCode }) => ErrorCode);
    await within(PATIENCE, hooks.idle());
    equal([codes.filter((code) => code === 120_001).length, handled, faults], [500, 500, []]);
  },
};

const doors = {
  async 'what is no request is told to the program, at once'(context) {
    const { hooks, faults } = open(context, { budget: 20 });
    const request = new Request('https://example.com/', { method: 'POST', body: 'x' });
    const asNode = { method: 'POST', url: '/', headers: {}, body: {} };
    const query = signed(context.sdk);
    for (const [path, ask] of [
      ['request', () => hooks.fetch()],
      ['request', () => hooks.fetch(asNode, {})],
      ['request', () => hooks.node()],
      ['request', () => hooks.node(request)],
      ['request', () => hooks.node({ ...asNode, on() {} })],
      ['instance', () => hooks.fastify({})],
      ['query', () => hooks.receive(5, '')],
      ['options', () => hooks.receive(query, '', 'base64')],
      ['method', () => hooks.receive(query, '', { method: 5 })],
      ['contentType', () => hooks.receive(query, '', { contentType: ['application/json'] })],
      ['base64', () => hooks.receive(query, '', { base64: 'no' })],
      ['waitUntil', () => hooks.receive(query, '', { waitUntil: 5 })],
      ['isBase64Encoded', () => hooks.receive(query, '', { isBase64Encoded: true })],
    ]) {
      const error = await ask().then(
        () => undefined,
        (thrown) => thrown,
      );
      check(error instanceof context.sdk.InvalidInputError && error.cure, `${ask}: ${error?.stack}`);
      equal(error.path, path);
    }
    await sleep(40);
    equal(faults, []);
    const nothing = { base64: null, method: null, contentType: null, waitUntil: null };
    equal(await answered(context, hooks, message(), nothing), OK);
  },
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
      [await post('x'.repeat(10_000_000)), 413],
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
    const { hooks, faults } = open(context, { maxBodyBytes: 10_000 });
    const hasty = open(context, { maxBodyBytes: 10_000, budget: 60 });
    for (const each of [hooks, hasty.hooks]) {
      each.on(BEFORE, () => check(false, 'the handler was called'));
    }
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
    const ask = (body, of = hooks) => of.fetch({ method: 'POST', url, headers: new Headers(), body, bodyUsed: false });
    equal((await within(PATIENCE, ask(endless(0)))).status, 413);
    check(sent <= 20_000, `${sent} bytes were taken`);
    equal((await within(PATIENCE, ask(endless(15), hasty.hooks))).status, 408);
    const silent = new ReadableStream({ pull: () => new Promise(() => {}) });
    equal((await within(PATIENCE, ask(silent, hasty.hooks))).status, 408);
    equal([what(faults), what(hasty.faults), cancelled], [['request'], ['request', 'request'], 2]);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    equal((await within(PATIENCE, ask(broken))).status, 400);
    const failing = {
      method: 'POST',
      url,
      headers: new Headers({ 'Content-Length': '7' }),
      body: broken,
      bodyUsed: false,
    };
    failing.arrayBuffer = () => Promise.reject(new TypeError('terminated'));
    equal((await within(PATIENCE, hooks.fetch(failing))).status, 400);
    failing.arrayBuffer = () => new Promise(() => {});
    equal((await within(PATIENCE, hasty.hooks.fetch(failing))).status, 408);
    const errors = [...faults, ...hasty.faults].map(({ error }) => error);
    equal(errors.length, 6);
    check(
      errors.every((error) => error instanceof context.sdk.WebhookError),
      String(errors),
    );
    check(/broke off: terminated/.test(errors[2].message), errors[2].message);
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
    await within(PATIENCE, waiting[0]);
    equal(seen, ['handled']);
  },
};

/** The cases, by subject. */
export const RUNNING = [time, background, doors];
