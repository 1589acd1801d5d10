/** @jest-environment jsdom */
// Jest's jsdom, which lacks TextDecoder, setImmediate and fetch.

const http = require('node:http');
const { ReadableStream } = require('node:stream/web');

/** As much of a fetch as the packages need. */
const fetch = (url, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers }, (response) => {
      const status = response.statusCode;
      const get = (name) => response.headers[name] ?? null;
      resolve({ status, headers: { get }, body: ReadableStream.from(response) });
    });
    request.on('error', reject);
    signal.addEventListener('abort', () => request.destroy());
    request.end(body);
  });

test('this is a page without what the packages use', () => {
  expect([typeof document, typeof TextDecoder, typeof setImmediate, typeof globalThis.fetch]).toEqual([
    'object',
    ...Array(3).fill('undefined'),
  ]);
});

for (const name of ['tencent-im', 'tencent-im-wasm']) {
  describe(name, () => {
    const sdk = require(name);

    test('signs', () => {
      const sig = sdk.signUserSig({ userId: 'alice' });
      expect(sdk.verifyUserSig(sig, { userId: 'alice' }).userId).toBe('alice');
    });

    test('calls with a fetch of the test, and errors keep their classes', async () => {
      const im = new sdk.Client({ fetch });
      await im.accounts.importAccount({ userId: 'alice' });
      const { results } = await im.accounts.check({ accounts: ['alice'] });
      expect(results[0].accountStatus).toBe('Imported');
      await expect(im.accounts.importAccount({ userId: '' })).rejects.toBeInstanceOf(sdk.InvalidInputError);
      await im.close();
    });
  });
}

test('tencent-im without a fetch says which environment has what it needs', async () => {
  const { Client, ConfigError } = require('tencent-im');
  const error = await new Client().accounts.check({ accounts: ['alice'] }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error.cure).toMatch(/in Jest use the environment "node"/);
});

test('tencent-im-wasm without a fetch asks for one', async () => {
  const { Client, TransportError } = require('tencent-im-wasm');
  const im = new Client({ maxRetries: 0 });
  const error = await im.accounts.check({ accounts: ['alice'] }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(TransportError);
  expect([error.maybeApplied, error.message]).toEqual([false, expect.stringMatching(/pass one as the option fetch/)]);
});
