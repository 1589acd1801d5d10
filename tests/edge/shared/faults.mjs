// Faults on the wire: the right kind of error, the truth about whether it may have taken effect, and nothing hangs.

import { check, checkEqual } from './json.mjs';
import { clientOf, control, counted, refused, within } from './tools.mjs';

/** The fault, the class of the error, whether it may have taken effect. */
const FAULTS = [
  ['a 502 page', { kind: 'http_status' }, 'ServerError', true, { httpStatus: 502, body: /nginx/ }],
  ['a 404 page', { kind: 'http_status', status: 404 }, 'ProtocolError', false, { httpStatus: 404 }],
  [
    'a redirect, which is not followed',
    { kind: 'http_status', status: 302, headers: { Location: '/_emulator/state' } },
    'ProtocolError',
    false,
    { httpStatus: 302 },
  ],
  ['a reset before the service acts', { kind: 'reset_before' }, 'TransportError', true, {}],
  ['a reset after it has acted', { kind: 'reset_after' }, 'TransportError', true, {}],
  ['a close without an answer', { kind: 'reset_before', fin: true }, 'TransportError', true, {}],
  ['an answer that is cut', { kind: 'cut_body' }, 'TransportError|ProtocolError', true, {}],
  ['an empty answer', { kind: 'empty_body' }, 'ProtocolError', true, { httpStatus: 200 }],
  ['an HTML page with 200', { kind: 'not_json' }, 'ProtocolError', true, { httpStatus: 200 }],
  ['an answer of 17 MiB', { kind: 'oversized_body', mib: 17 }, 'ProtocolError', true, {}],
  ['an endless answer in chunks', { kind: 'oversized_body', mib: 1024, chunked: true }, 'ProtocolError', true, {}],
  ['no answer', { kind: 'never' }, 'CallTimeoutError', true, {}],
  ['a late answer', { kind: 'delay', delay_ms: 60_000 }, 'CallTimeoutError', true, {}],
  ['an error of the service', { kind: 'error_code', code: 70398 }, 'QuotaError', false, { code: 70398 }],
  ['a fault inside the service', { kind: 'error_code', code: 70500 }, 'ServerError', true, { code: 70500 }],
  ['too many calls', { kind: 'error_code', code: 60007 }, 'RateLimitedError', false, { code: 60007 }],
];

export const faults = [
  ...FAULTS.map(([name, rule, classes, maybeApplied, facts]) => ({
    name: `on the wire: ${name}`,
    async run(context) {
      await control(context, 'reset', {});
      await control(context, 'faults', [{ ...rule, call: 'account_import' }]);
      const im = clientOf(context, {
        timeoutMs: facts.httpStatus === undefined && /never|delay/.test(rule.kind) ? 2_000 : 20_000,
      });
      const call = () => im.accounts.importAccount({ userId: 'a' });
      let error;
      try {
        await within(25_000, call());
      } catch (thrown) {
        error = thrown;
      }
      check(error !== undefined, 'it threw nothing');
      check(classes.split('|').includes(error.name), error.stack);
      await refused(context, error.name, () => Promise.reject(error));
      const { requests, applied } = await counted(context, 'account_import');
      checkEqual([error.attempts, requests], [1, 1], 'attempts and requests');
      checkEqual(error.maybeApplied, maybeApplied, 'whether it may have taken effect');
      // False is a promise.
      check(error.maybeApplied || applied === 0, 'it did take effect');
      for (const [fact, value] of Object.entries(facts)) {
        check(value instanceof RegExp ? value.test(error[fact]) : error[fact] === value, `${fact}: ${error[fact]}`);
      }
      check(error.cure !== undefined, `${error.message}: no cure`);
      // The client goes on working.
      await control(context, 'faults', []);
      await im.accounts.importAccount({ userId: 'a' });
      await im.close();
    },
  })),
  {
    name: 'on the wire: HTTP 429, and Retry-After is waited for',
    async run(context) {
      await control(context, 'reset', {});
      const rule = { kind: 'http_status', status: 429, headers: { 'Retry-After': '1' }, next: 1 };
      await control(context, 'faults', [{ ...rule, call: 'account_import' }]);
      const im = clientOf(context, { maxRetries: 1, backoffMs: 1, maxBackoffMs: 1 });
      const start = Date.now();
      await within(30_000, im.accounts.importAccount({ userId: 'a' }));
      check(Date.now() - start >= 990, `it waited ${Date.now() - start} ms`);
      await control(context, 'faults', [{ ...rule, call: 'account_import', headers: { 'Retry-After': '60' } }]);
      const call = () => im.accounts.importAccount({ userId: 'a' });
      const error = await refused(context, 'RateLimitedError', call);
      checkEqual([error.retryAfterMs, error.httpStatus, error.attempts], [60_000, 429, 1], 'facts');
      await im.close();
    },
  },
  {
    name: 'on the wire: nobody listens',
    async run(context) {
      const im = clientOf(context, { baseUrl: context.refusedUrl });
      const error = await refused(context, 'TransportError', () => im.accounts.importAccount({ userId: 'a' }));
      checkEqual(error.attempts, 1, 'attempts');
      checkEqual(error.maybeApplied, !context.tellsUnsent, 'whether it may have taken effect');
    },
  },
  {
    name: 'on the wire: a body that never ends',
    async run(context) {
      const im = clientOf(context, { baseUrl: context.drippingUrl, timeoutMs: 2_000 });
      const call = () => im.accounts.importAccount({ userId: 'a' });
      const error = await within(30_000, refused(context, 'CallTimeoutError', call));
      checkEqual(error.maybeApplied, true, 'whether it may have taken effect');
    },
  },
];
