// What a browser's page would run: it comes by HTTP, with the package's files beside it.

import * as sdk from './esm/entry/browser.js';

const [url, key] = globalThis.Deno.args;

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

function thrown(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it threw nothing');
}

const settings = { sdkAppId: 1400000001, secretKey: key, baseUrl: url };
const sign = { sdkAppId: 1400000001, secretKey: key, userId: 'a' };
for (const run of [
  () => new sdk.Client(settings),
  () => sdk.signUserSig(sign),
  () => new sdk.Signer(settings),
  () => sdk.verifyUserSig('', { secretKey: key }),
]) {
  const error = thrown(run);
  check(error instanceof sdk.ConfigError && error.path === 'secretKey', `it threw ${error.stack}`);
  check(error.cause.length > 0 && error.cure.includes('dangerouslyAllowBrowser'), error.message);
}
check(/await ready/.test(thrown(() => sdk.inspectUserSig('')).cure), 'inspecting before the module is there');

const im = new sdk.Client({ ...settings, dangerouslyAllowBrowser: true });
check(/await ready/.test(thrown(() => im.signUserSig('a')).cure), 'signing before the module is there');
const signer = new sdk.Signer({ ...sign, dangerouslyAllowBrowser: true });
check(/await ready/.test(thrown(() => signer.sign('a')).cure), 'a signer before the module is there');
// Settings are checked by the core: where it is not there yet, at the first call.
const unplaced = new sdk.Client({ ...settings, baseUrl: undefined, region: 'nowhere', dangerouslyAllowBrowser: true });
const unknown = await unplaced.accounts.kick({ userId: 'a' }).catch((error) => error);
check(unknown instanceof sdk.ConfigError && unknown.path === 'region', `it gave ${unknown}`);
const misspelt = await im
  .withOptions({ timeoutMS: 5 })
  .accounts.kick({ userId: 'a' })
  .catch((error) => error);
check(misspelt instanceof sdk.ConfigError && misspelt.path === 'timeoutMS', `it gave ${misspelt}`);
await Promise.all(['a', 'b', 'c'].map((userId) => im.accounts.importAccount({ userId })));
await sdk.ready();
const sig = sdk.signUserSig({ ...sign, dangerouslyAllowBrowser: true });
check(sdk.inspectUserSig(sig).userId === 'a', 'what it states');
check(signer.signMany(['a', 'b']).length === 2, 'signing for many');
check(im.signUserSig('b').length > 0, 'signing');
console.log(JSON.stringify({ passed: true }));
