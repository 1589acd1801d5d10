/** Chooses the proxy, if any: the one that was set, or else the environment's, by the usual conventions. */

import { BlockList, isIP } from 'node:net';

import { errorHere } from 'tencent-im-wasm/facade';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for an origin. Unless one was set, the environment decides, as it is now and not as it was when the
 * client was made.
 *
 * @throws ConfigError that names the variable if it does not hold the address of an HTTP proxy.
 */
export function chooseProxy(origin: URL, set: URL | false | undefined): URL | undefined {
  if (set !== undefined) {
    return set || undefined;
  }
  const found = proxyOfEnvironment(origin, process.env);
  return found === undefined ? undefined : parseProxy(found.text, found.variable);
}

/**
 * Reads the address of a proxy.
 *
 * @throws ConfigError at `path`. It never shows the address, which may hold a password.
 */
export function parseProxy(text: string, path: string): URL {
  // Environment variables often hold a bare host and port.
  const address = text.includes('://') ? text.trim() : `http://${text.trim()}`;
  const scheme = address.slice(0, address.indexOf('://')).toLowerCase();
  if (scheme.startsWith('socks')) {
    throw unusable(path, 'SOCKS proxies are not supported', `use the address of an HTTP proxy${orNone(path)}`);
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw unusable(path, "the proxy's address does not begin with http:// or https://", sample(path));
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
 * Returns the environment's proxy for an origin, and the variable it came from. Loopback addresses never get one: a proxy
 * cannot reach them. Blank variables are ignored.
 */
export function proxyOfEnvironment(
  origin: URL,
  environment: Environment,
): { variable: string; text: string } | undefined {
  const read = (...names: string[]) => {
    const variable = names.find((name) => environment[name]?.trim());
    return variable === undefined ? undefined : { variable, text: environment[variable] as string };
  };
  // HTTP_PROXY in capitals is ignored: in a CGI program any request can set it, by a header named `Proxy`.
  const proxy = origin.protocol === 'https:' ? read('https_proxy', 'HTTPS_PROXY') : read('http_proxy');
  const chosen = proxy ?? read('all_proxy', 'ALL_PROXY');
  return isLoopback(hostOf(origin)) || isExempt(origin, read('no_proxy', 'NO_PROXY')?.text) ? undefined : chosen;
}

/** Returns the host, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Returns the port, explicit or the scheme's default. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Returns whether `NO_PROXY` exempts an origin. Entries are names, which include their subdomains, with or without a
 * leading dot; addresses; networks such as `10.0.0.0/8`; and `*` for all. A port limits an entry to that port.
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

/** Returns whether a host is an address in a network such as `10.0.0.0/8` or `fd00::/8`. */
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
