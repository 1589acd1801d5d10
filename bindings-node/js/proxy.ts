/** Which proxy to take, if any: the one that was set, else the environment's, read as other tools read it. */

import { BlockList, isIP } from 'node:net';

import { errorHere } from 'tencent-im-wasm/facade';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an origin. Where none was set, the environment decides, now rather than when the client was made.
 *
 * @throws ConfigError that names the variable, where that holds no address of an HTTP proxy.
 */
export function chooseProxy(origin: URL, set: URL | false | undefined): URL | undefined {
  if (set !== undefined) {
    return set || undefined;
  }
  const found = proxyOfEnvironment(origin, process.env);
  return found === undefined ? undefined : parseProxy(found.text, found.variable);
}

/** Reads a proxy's address. @throws ConfigError at `path`, which never shows the address: it may hold a password. */
export function parseProxy(text: string, path: string): URL {
  // Environments often hold a bare host and port.
  const address = text.includes('://') ? text.trim() : `http://${text.trim()}`;
  const scheme = address.slice(0, address.indexOf('://')).toLowerCase();
  if (scheme.startsWith('socks')) {
    throw unusable(path, 'SOCKS proxies are not supported', `use the address of an HTTP proxy${orNone(path)}`);
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw unusable(path, "the proxy's address begins neither with http:// nor with https://", sample(path));
  }
  try {
    const url = new URL(address);
    decodeURIComponent(url.username + url.password);
    return url;
  } catch {
    throw unusable(path, "the proxy's address cannot be read, or has no host", sample(path));
  }
}

const sample = (path: string) => `write it like http://user:password@proxy.example:3128${orNone(path)}`;

const orNone = (path: string) => (path === 'proxy' ? ', or pass false for none' : ', or unset the variable');

function unusable(path: string, message: string, cure: string): Error {
  return errorHere({ kind: 'Config', path, message, cure });
}

/**
 * The environment's proxy for an origin, and the variable that names it. Never one for this machine itself, which no
 * proxy can reach. A blank variable is none.
 */
export function proxyOfEnvironment(
  origin: URL,
  environment: Environment,
): { variable: string; text: string } | undefined {
  const read = (...names: string[]) => {
    const variable = names.find((name) => environment[name]?.trim());
    return variable === undefined ? undefined : { variable, text: environment[variable] as string };
  };
  // HTTP_PROXY in capitals is not read: in a CGI program anybody can set it, with a header named `Proxy`.
  const proxy = origin.protocol === 'https:' ? read('https_proxy', 'HTTPS_PROXY') : read('http_proxy');
  const chosen = proxy ?? read('all_proxy', 'ALL_PROXY');
  return isLoopback(hostOf(origin)) || isExempt(origin, read('no_proxy', 'NO_PROXY')?.text) ? undefined : chosen;
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

/**
 * `NO_PROXY`: names that stand for their subdomains, too, with or without a leading dot, each with a port where it is
 * meant for that only; addresses and networks such as `10.0.0.0/8`; `*` for all.
 */
function isExempt(origin: URL, list = ''): boolean {
  const host = hostOf(origin).toLowerCase().replace(/\.$/, '');
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '' || entry === '*') {
      return entry === '*';
    }
    if (entry.includes('/')) {
      return isInNetwork(host, entry);
    }
    const bracketed = isIP(entry) === 6 ? `[${entry}]` : entry;
    const [, name = '', port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(bracketed) ?? [];
    const meant = name.replace(/^\[|\]$/g, '').toLowerCase();
    const isPort = port === undefined || Number(port) === portOf(origin);
    return isPort && meant !== '' && (host === meant || host.endsWith(`.${meant}`));
  });
}

/** Whether a host is an address in a network such as `10.0.0.0/8` or `fd00::/8`. What is no network holds nothing. */
function isInNetwork(host: string, network: string): boolean {
  const [, address = '', length = ''] = /^\[?([^\]/]*)\]?\/(\d{1,3})$/.exec(network) ?? [];
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || Number(length) > (family === 4 ? 32 : 128)) {
    return false;
  }
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(length), name);
  return list.check(host, name);
}
