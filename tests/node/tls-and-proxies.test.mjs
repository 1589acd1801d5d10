// TLS certificates are verified whatever the environment says; proxies are taken from settings and environment.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Client, ConfigError } from 'tencent-im';
import { fails } from './support/checks.mjs';
import { APP, KEY } from './support/emulator.mjs';
import { runScript } from './support/program.mjs';
import { certificate, deadPort, httpServer, proxyServer, tcpServer, tlsServer } from './support/servers.mjs';

const ca = certificate('ca.pem');

function client(t, baseUrl, settings = {}) {
  const im = new Client({ sdkAppId: APP, secretKey: KEY, baseUrl, maxRetries: 0, ...settings });
  t.after(() => im.close({ force: true }));
  return im;
}

const kick = (im) => im.accounts.kick({ userId: 'alice' });

test('a certificate of an unknown authority: not sent', async (t) => {
  const server = await tlsServer(t);
  const says = /UNABLE_TO_VERIFY_LEAF_SIGNATURE|unable to verify|unable to get local issuer/i;
  await fails(kick(client(t, server.url)), { kind: 'Transport', maybeApplied: false, says });
  assert.equal(server.requests.length, 0);
});

test('a certificate for another name: not sent, also with its authority trusted', async (t) => {
  const server = await tlsServer(t, 'elsewhere');
  await fails(kick(client(t, server.url, { ca })), { kind: 'Transport', maybeApplied: false, says: /altnames|cert/i });
  assert.equal(server.requests.length, 0);
});

test('certificates of further authorities: text, bytes, a list', async (t) => {
  const server = await tlsServer(t);
  for (const given of [ca, Buffer.from(ca), new TextEncoder().encode(ca), [certificate('elsewhere.pem'), ca]]) {
    assert.deepEqual(await kick(client(t, server.url, { ca: given })), {});
  }
  assert.equal(server.requests.length, 4);
});

test('settings that cannot work', () => {
  const settings = { sdkAppId: APP, secretKey: KEY };
  for (const [name, value, path = name] of [
    ['ca', 'ca.pem'],
    ['ca', certificate('server.key')],
    ['ca', 7],
    ['ca', [ca, 'x'], 'ca[1]'],
    ['proxy', 'socks5://127.0.0.1:1080'],
    ['proxy', ''],
    ['proxy', 'http://'],
    ['proxy', 'http://%zz@proxy.example'],
    ['proxy', 3128],
    ['proxy', true],
    ['connections', 0],
    ['connections', 1.5],
    ['connections', '8'],
    ['connections', Number.NaN],
    ['connectTimeoutMs', -1],
    ['connectTimeoutMs', Number.POSITIVE_INFINITY],
    ['keepAliveTimeoutMs', 0],
  ]) {
    const make = () => new Client({ ...settings, [name]: value });
    assert.throws(make, (error) => {
      assert.ok(error instanceof ConfigError && error.path === path && error.cure, `${name}=${value}: ${error}`);
      return true;
    });
  }
  for (const [misspelt, meant] of [
    ['conections', 'connections'],
    ['proxi', 'proxy'],
    ['CA', 'ca'],
    ['keepaliveTimeout', 'keepAliveTimeoutMs'],
  ]) {
    const make = () => new Client({ ...settings, [misspelt]: 1 });
    assert.throws(make, { name: 'ConfigError', path: misspelt, summary: `unknown field, did you mean ${meant}?` });
  }
  assert.throws(() => new Client({ ...settings, timeotMs: 1 }), /did you mean timeoutMs/);
  assert.throws(() => new Client(null), ConfigError);
  // Nothing given is fine.
  new Client({ ...settings, ca: undefined, proxy: undefined, connections: undefined });
});

test('verified even where the environment switches that off', async (t) => {
  const server = await tlsServer(t);
  const script = `
    const im = new Client({ maxRetries: 0 });
    await im.accounts.kick({ userId: 'alice' }).catch((error) => console.log(error.kind, error.maybeApplied));
    await im.close();`;
  const { stdout } = await runScript(script, { NODE_TLS_REJECT_UNAUTHORIZED: '0', TENCENT_IM_BASE_URL: server.url });
  assert.equal(stdout, 'Transport false\n');
  assert.equal(server.requests.length, 0);
});

test('through a proxy: to TLS, with a login, over TLS itself, to plain http', async (t) => {
  const server = await tlsServer(t);
  const plain = await proxyServer(t, server);
  await kick(client(t, 'https://im.example.test', { ca, proxy: plain.url }));
  assert.deepEqual(plain.tunnels, [{ target: 'im.example.test:443', login: undefined }]);

  const login = await proxyServer(t, { ...server, password: 'me:p@ss' });
  await kick(client(t, 'https://im.example.test:8443', { ca, proxy: `http://me:p%40ss@127.0.0.1:${login.port}` }));
  assert.equal(login.tunnels[0].target, 'im.example.test:8443');

  const secure = await proxyServer(t, { ...server, secure: true });
  await kick(client(t, 'https://im.example.test', { ca, proxy: new URL(secure.url) }));
  assert.equal(secure.tunnels.length, 1);
  assert.equal(server.requests.length, 3);

  const unencrypted = await httpServer(t);
  const proxy = await proxyServer(t, unencrypted);
  await kick(client(t, 'http://im.example.test', { allowHttp: true, proxy: `127.0.0.1:${proxy.port}` }));
  assert.equal(proxy.tunnels[0].target, 'im.example.test:80');
});

test('calls through a proxy share a tunnel', async (t) => {
  const server = await tlsServer(t);
  const proxy = await proxyServer(t, server);
  const im = client(t, 'https://im.example.test', { ca, proxy: proxy.url });
  for (let i = 0; i < 5; i++) {
    await kick(im);
  }
  assert.equal(proxy.tunnels.length, 1);
});

test('a certificate for another name is refused behind a proxy, too', async (t) => {
  const proxy = await proxyServer(t, await tlsServer(t, 'elsewhere'));
  const im = client(t, 'https://im.example.test', { ca, proxy: proxy.url });
  await fails(kick(im), { kind: 'Transport', maybeApplied: false, says: /altnames|cert/i });
});

test('proxies that do not let through: not sent', async (t) => {
  const failing = (proxy, says, settings = {}) =>
    fails(kick(client(t, 'https://im.example.test', { ca, proxy, ...settings })), {
      kind: 'Transport',
      maybeApplied: false,
      says,
    });
  await failing((await proxyServer(t, { password: 'a:b' })).url, /407.*password/);
  await failing((await proxyServer(t, { refuse: 502 })).url, /502/);
  await failing(`http://127.0.0.1:${await deadPort()}`, /proxy cannot be reached.*ECONNREFUSED/);
  const silent = await tcpServer(t, () => {});
  await failing(silent.url, /proxy did not answer within 200 ms/, { connectTimeoutMs: 200 });
  const untrusted = await proxyServer(t, { port: 1, secure: true });
  await failing(untrusted.url, /proxy cannot be reached/, { ca: undefined });
  const hangsUp = await tcpServer(t, (socket) => socket.once('data', () => socket.end()));
  await failing(hangsUp.url, /proxy cannot be reached/);
  assert.equal(hangsUp.connections(), 1);
});

test("the environment's proxy", async (t) => {
  const server = await httpServer(t);
  const proxy = await proxyServer(t, server);
  const script = `
    const im = new Client({ allowHttp: true, maxRetries: 0, timeoutMs: 5000 });
    await im.accounts.kick({ userId: 'alice' }).then(() => console.log('ok'), (error) => console.log(error.kind));
    await im.close();`;
  const run = async (baseUrl, environment) => {
    proxy.tunnels.length = 0;
    const { stdout } = await runScript(script, { TENCENT_IM_BASE_URL: baseUrl, ...environment });
    return [stdout.trim(), proxy.tunnels.length];
  };
  assert.deepEqual(await run('http://im.invalid', { http_proxy: proxy.url }), ['ok', 1]);
  assert.deepEqual(await run('http://im.invalid', { ALL_PROXY: proxy.url }), ['ok', 1]);
  assert.deepEqual(await run('http://im.invalid', { http_proxy: proxy.url, NO_PROXY: 'other, .invalid' }), [
    'Transport',
    0,
  ]);
  // Never for this machine itself.
  assert.deepEqual(await run(server.url, { http_proxy: proxy.url, HTTPS_PROXY: proxy.url }), ['ok', 0]);
  // A blank one is none.
  assert.deepEqual(await run('http://im.invalid', { http_proxy: ' ', ALL_PROXY: proxy.url }), ['ok', 1]);
});

test("what is wrong with the environment's proxy is told under its variable, and nothing is sent", async () => {
  const script = `
    const im = new Client({ maxRetries: 3, allowHttp: true });
    const error = await im.accounts.kick({ userId: 'alice' }).catch((thrown) => thrown);
    console.log([error.kind, error.path, error.maybeApplied, error.message].join(' '));
    await im.close();`;
  const run = async (environment) =>
    (await runScript(script, { TENCENT_IM_BASE_URL: 'https://im.invalid', ...environment })).stdout.trim();
  assert.match(await run({ HTTPS_PROXY: 'ftp://u:secret@x' }), /^Config HTTPS_PROXY false HTTPS_PROXY: .*http:\/\//);
  assert.match(await run({ https_proxy: 'foo://x' }), /^Config https_proxy false/);
  assert.match(await run({ ALL_PROXY: 'socks5://u:secret@x:1080' }), /^Config ALL_PROXY false .*SOCKS.*HTTP proxy/);
  assert.match(await run({ all_proxy: 'http://' }), /^Config all_proxy false .*no host/);
  assert.match(await run({ HTTPS_PROXY: 'http://:3128' }), /^Config HTTPS_PROXY false .*no host/);
  for (const HTTPS_PROXY of ['ftp://u:secret@x', 'socks5://u:secret@x']) {
    assert.doesNotMatch(await run({ HTTPS_PROXY }), /secret/);
  }
  const environment = { HTTPS_PROXY: 'foo://x', TENCENT_IM_BASE_URL: 'http://im.invalid', http_proxy: 'socks://x' };
  assert.match(await run(environment), /^Config http_proxy false/);
});

test('a proxy that is set is checked at once', () => {
  for (const [proxy, says] of [
    ['socks5://x', /SOCKS/],
    ['foo://x', /does not begin with/],
    ['http://', /no host/],
    ['', /not an address/],
    [' ', /not an address/],
    [5, /not an address/],
  ]) {
    assert.throws(() => new Client({ sdkAppId: APP, secretKey: KEY, proxy }), {
      name: 'ConfigError',
      path: 'proxy',
      message: says,
    });
  }
});

test('NO_PROXY', () => {
  const { proxyOfEnvironment } = createRequire(import.meta.resolve('tencent-im'))('./proxy.js');
  const isDirect = (url, NO_PROXY) =>
    proxyOfEnvironment(new URL(url), { HTTPS_PROXY: 'http://p', NO_PROXY }) === undefined;
  for (const [list, url, expected] of [
    ['*', 'https://a.example', true],
    ['example', 'https://a.example', true],
    ['.example', 'https://a.example', true],
    ['*.example', 'https://a.example', true],
    ['.a.example', 'https://a.example', true],
    ['a.example', 'https://a.example.', true],
    ['A.Example', 'https://a.example', true],
    ['ample', 'https://a.example', false],
    ['a.example:443', 'https://a.example', true],
    ['a.example:8443', 'https://a.example', false],
    ['a.example:8443', 'https://a.example:8443', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/33', 'https://10.0.0.0', false],
    ['10.0.0.0/', 'https://10.0.0.0', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['fd00::/8', 'https://[fe12::1]', false],
    ['[fd12::1]:443', 'https://[fd12::1]', true],
    ['fd12::1', 'https://[fd12::1]', true],
    ['10.0.0.0/8', 'https://a.example', false],
    [' , ', 'https://a.example', false],
    ['.', 'https://a.example', false],
    ['b.example, 10.0.0.0/8 ,a.example', 'https://a.example', true],
  ]) {
    assert.equal(isDirect(url, list), expected, `${list} ${url}`);
  }
});
