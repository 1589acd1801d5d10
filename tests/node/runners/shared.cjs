// What both test runners check of a package. Copied into a project of its own, where the package is installed.

/** Defines the tests of a package. `timers` turns the runner's fake timers on and off. */
exports.define = ({ test, expect, timers }, sdk) => {
  const failure = (promise) => promise.then(() => undefined).catch((error) => error);
  let im;

  test('calls work', async () => {
    im = new sdk.Client({ rateLimits: { 'accounts.check': 20 } });
    await im.accounts.importAccount({ userId: 'alice' });
    const { results } = await im.accounts.check({ accounts: ['alice', 'nobody'] });
    expect(results.map(({ accountStatus }) => accountStatus)).toEqual(['Imported', 'NotImported']);
  });

  test('errors keep their classes and kinds', async () => {
    const input = await failure(im.accounts.importAccount({ userId: '' }));
    expect(input).toBeInstanceOf(sdk.InvalidInputError);
    expect([input.kind, input.path, input.maybeApplied]).toEqual(['InvalidInput', 'userId', false]);

    const impostor = new sdk.Client({ secretKey: 'a key made up for tests' });
    const refused = await failure(impostor.accounts.check({ accounts: ['alice'] }));
    expect(refused).toBeInstanceOf(sdk.SignatureError);
    expect([refused.kind, refused.maybeApplied]).toEqual(['Signature', false]);
    await impostor.close();

    const deaf = new sdk.Client({ baseUrl: process.env.DEAD_URL, maxRetries: 0 });
    const unsent = await failure(deaf.accounts.importAccount({ userId: 'alice' }));
    expect(unsent).toBeInstanceOf(sdk.TransportError);
    expect([unsent.kind, unsent.maybeApplied]).toEqual(['Transport', false]);
    await deaf.close();

    expect(() => sdk.verifyUserSig('eA')).toThrow(sdk.SignatureError);
    expect(() => new sdk.Client({ nothing: 1 })).toThrow(sdk.ConfigError);
  });

  test('fake timers do not stop calls, retries or rate limits', async () => {
    timers.fake();
    try {
      // More than the rate limit allows at once, over connections that were used before.
      for (let i = 0; i < 25; i++) await im.accounts.check({ accounts: ['alice'] });
      const deaf = new sdk.Client({ baseUrl: process.env.DEAD_URL, maxRetries: 2, backoffMs: 20 });
      const error = await failure(deaf.accounts.check({ accounts: ['alice'] }));
      expect([error.kind, error.attempts]).toEqual(['Transport', 3]);
      await deaf.close();
      await im.close();
    } finally {
      timers.real();
    }
  });
};
