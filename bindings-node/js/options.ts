/** Settings that only this package has: those of its connections. */

import { X509Certificate } from 'node:crypto';

import { type ClientOptions as AnyClientOptions, errorHere, isBytes, isUrl } from 'tencent-im-wasm/facade';

import { parseProxy } from './proxy.js';

/** Certificates in PEM, as text or bytes. */
export type Certificates = string | Uint8Array | readonly (string | Uint8Array)[];

/** Settings of a client. Each defaults to its environment variable, if it has one, or to a fixed value. */
export interface ClientOptions extends AnyClientOptions {
  /**
   * Maximum number of concurrent requests, each over a connection of its own. Further calls wait, at most until their
   * deadlines. Defaults to 64.
   */
  connections?: number | undefined;
  /** Timeout of connecting, including DNS and TLS, in milliseconds. Defaults to 5,000. */
  connectTimeoutMs?: number | undefined;
  /**
   * How long an idle connection is kept, in milliseconds. Keep it below the server's own limit, so that a request never
   * meets a connection that is just closing. Defaults to 20,000.
   */
  keepAliveTimeoutMs?: number | undefined;
  /**
   * Address of an HTTP proxy, such as `http://user:password@proxy.example:3128`, or false to use none. Defaults to
   * `HTTPS_PROXY` and `NO_PROXY` in the environment, except for loopback addresses.
   */
  proxy?: string | URL | false | undefined;
  /** Additional certificate authorities to trust, in PEM. Certificates are always verified. */
  ca?: Certificates | undefined;
}

/** Names of these settings. */
export const OWN_OPTIONS = ['connections', 'connectTimeoutMs', 'keepAliveTimeoutMs', 'proxy', 'ca'] as const;

/** The same, checked and complete. */
export interface TransportSettings {
  connections: number;
  connectTimeoutMs: number;
  keepAliveTimeoutMs: number;
  /** Undefined if the environment decides. */
  proxy: URL | false | undefined;
  ca: Certificates | undefined;
}

/** Checks the settings of the connections. Reads nothing from the environment. */
export function readTransportSettings(options: ClientOptions): TransportSettings {
  return {
    connections: wholeNumber(options, 'connections', 64, 4096),
    connectTimeoutMs: wholeNumber(options, 'connectTimeoutMs', 5_000, 3_600_000),
    keepAliveTimeoutMs: wholeNumber(options, 'keepAliveTimeoutMs', 20_000, 600_000),
    proxy: readProxy(options.proxy),
    ca: readCertificates(options.ca),
  };
}

function wholeNumber(
  options: ClientOptions,
  name: 'connections' | 'connectTimeoutMs' | 'keepAliveTimeoutMs',
  byDefault: number,
  most: number,
): number {
  const value: unknown = options[name] ?? byDefault;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
    throw unusable(name, `not a whole number from 1 to ${most}`, `pass a number such as ${byDefault}`);
  }
  return value;
}

function readProxy(proxy: unknown): URL | false | undefined {
  if (proxy === undefined || proxy === null || proxy === false) {
    return proxy ?? undefined;
  }
  const cure = 'pass an address such as http://proxy.example:3128, or false for no proxy';
  const isText = typeof proxy === 'string' && proxy.trim() !== '';
  if (!isText && !isUrl(proxy)) {
    throw unusable('proxy', 'not an address', cure);
  }
  return parseProxy(String(proxy), 'proxy');
}

function readCertificates(ca: unknown): Certificates | undefined {
  if (ca === undefined || ca === null) {
    return undefined;
  }
  const list: unknown[] = Array.isArray(ca) ? ca : [ca];
  for (const [index, one] of list.entries()) {
    const path = Array.isArray(ca) ? `ca[${index}]` : 'ca';
    const cure = "pass PEM, such as readFileSync('ca.pem')";
    if (typeof one !== 'string' && !isBytes(one)) {
      throw unusable(path, 'neither text nor bytes', cure);
    }
    if (!isCertificate(one)) {
      throw unusable(path, 'not a certificate in PEM', cure);
    }
  }
  return ca as Certificates;
}

/** Returns whether Node can read a certificate: it silently skips what it cannot read. */
function isCertificate(pem: string | Uint8Array): boolean {
  try {
    new X509Certificate(pem);
    return Buffer.from(pem).includes('-----BEGIN');
  } catch {
    return false;
  }
}

function unusable(path: string, message: string, cure: string): Error {
  return errorHere({ kind: 'Config', path, message, cure });
}
