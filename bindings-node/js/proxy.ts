/** Which proxy to take, if any: the one that was set, else the environment's, read as other tools read it. */

import { isIP } from 'node:net';

import { TransportFault } from 'tencent-im-wasm/facade';

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for an origin. Where none was set, the environment decides, now rather than when the client was made. */
export function chooseProxy(origin: URL, set: URL | false | undefined): URL | undefined {
  if (set !== undefined) {
    return set || undefined;
  }
  const text = proxyOfEnvironment(origin, process.env);
  const proxy = text === undefined ? undefined : parseProxy(text);
  if (typeof proxy === 'string') {
    throw new TransportFault('not_sent', `${proxy}: look at HTTPS_PROXY in the environment`);
  }
  return proxy;
}

/** Reads a proxy's address; says what is wrong with it where it is none. */
export function parseProxy(text: string): URL | string {
  try {
    // Environments often hold a bare host and port.
    const url = new URL(text.includes('://') ? text : `http://${text}`);
    decodeURIComponent(url.username + url.password);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return `the proxy's address begins with ${url.protocol}//, not with http:// or https://`;
    }
    return url;
  } catch {
    return "the proxy's address cannot be read";
  }
}

/** The environment's proxy for an origin. Never one for this machine itself, which no proxy can reach. */
export function proxyOfEnvironment(origin: URL, environment: Environment): string | undefined {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  // HTTP_PROXY in capitals is not read: in a CGI program anybody can set it, with a header named `Proxy`.
  const proxy = origin.protocol === 'https:' ? read('HTTPS_PROXY') : environment.http_proxy || undefined;
  const chosen = proxy ?? read('ALL_PROXY');
  return isLoopback(hostOf(origin)) || isExempt(origin, read('NO_PROXY')) ? undefined : chosen;
}

/** The host, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** The port, also where it is the scheme's own. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `NO_PROXY`: names that stand for their subdomains, too, each with a port where it is meant for that only; `*` for all. */
function isExempt(origin: URL, list = ''): boolean {
  const host = hostOf(origin).toLowerCase();
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '' || entry === '*') {
      return entry === '*';
    }
    const bracketed = isIP(entry) === 6 ? `[${entry}]` : entry;
    const [, name = '', port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(bracketed) ?? [];
    const meant = name.replace(/^\[|\]$/g, '').toLowerCase();
    const isPort = port === undefined || Number(port) === portOf(origin);
    return isPort && (host === meant || host.endsWith(`.${meant}`));
  });
}
