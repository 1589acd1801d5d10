/**
 * Opens connections, directly or through a proxy. TLS certificates are always verified.
 *
 * The tunnel through a proxy is made here rather than by undici's ProxyAgent: if a proxy hangs up, ProxyAgent reconnects
 * without backoff and never ends the request, not even when it is aborted.
 */

import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import * as tls from 'node:tls';

import type { buildConnector } from 'undici';

import { clearTimeout, setTimeout } from './clock.js';
import type { Certificates } from './options.js';
import { hostOf, portOf } from './proxy.js';
import { undici } from './undici.js';

type Connect = buildConnector.connector;
type Callback = buildConnector.Callback;

/** Options of a TLS connection. */
type Trust = { rejectUnauthorized: true; secureContext?: tls.SecureContext };

/** A failure to connect. Hides the cause's code, because undici reconnects forever on some codes. */
export class ConnectError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Opens the connections of a client. */
export class Connector {
  readonly #timeoutMs: number;
  readonly #ca: Certificates | undefined;
  readonly #connecting = new Set<Socket>();
  #waiting = 0;
  #trust: Trust | undefined;

  constructor(timeoutMs: number, ca: Certificates | undefined) {
    this.#timeoutMs = timeoutMs;
    this.#ca = ca;
  }

  /** Counts a request that waits for a connection or a reply. Connecting keeps the process alive until it is released. */
  hold(): void {
    if (this.#waiting++ === 0) {
      for (const socket of this.#connecting) socket.ref();
    }
  }

  /** Releases a request. Without one, a connection that hangs while connecting must not keep the process alive. */
  release(): void {
    if (--this.#waiting === 0) {
      for (const socket of this.#connecting) socket.unref();
    }
  }

  /** Returns the function by which undici connects. */
  connect(proxy: URL | undefined): Connect {
    const build = undici().buildConnector({ ...this.#trusted(), timeout: this.#timeoutMs });
    const direct: Connect = (options, callback) => {
      // A connector returns its socket, although the types do not say so.
      const socket = build(
        options,
        this.#settling(() => socket, callback),
      ) as unknown as Socket;
      this.#connecting.add(socket);
    };
    return proxy === undefined ? direct : (options, callback) => this.#tunnel(proxy, options, direct, callback);
  }

  /** Forgets the socket once it has connected or failed. */
  #settling(socket: () => Socket, callback: Callback): Callback {
    return (error, connected) => {
      this.#connecting.delete(socket());
      if (error === null) callback(null, connected as Socket);
      else callback(new ConnectError(error), null);
    };
  }

  #tunnel(proxy: URL, options: buildConnector.Options, direct: Connect, callback: Callback): void {
    const isTls = options.protocol === 'https:';
    const name = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    const target = `${name}:${options.port || (isTls ? 443 : 80)}`;
    const request = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: target,
      headers: { host: target, ...login(proxy) },
      agent: false,
      ...(proxy.protocol === 'https:' ? this.#trusted() : {}),
    });
    let isSettled = false;
    const settle: Callback = (error, connected) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      if (request.socket !== null) this.#connecting.delete(request.socket);
      if (error === null) callback(null, connected as Socket);
      else callback(new ConnectError(error), null);
    };
    const timer = setTimeout(() => {
      request.destroy(new Error(`the proxy did not answer within ${this.#timeoutMs} ms`));
    }, this.#timeoutMs).unref();
    request.once('socket', (socket) => {
      this.#connecting.add(socket);
      if (this.#waiting === 0) socket.unref();
    });
    request.once('error', (error) => settle(new Error(`the proxy cannot be reached: ${error.message}`), null));
    request.once('connect', (response, socket, head) => {
      this.#connecting.delete(socket);
      if (response.statusCode !== 200 || head.length > 0) {
        socket.destroy();
        const login = response.statusCode === 407 ? ', which asks for a user name and a password' : '';
        settle(new Error(`the proxy refused the connection with HTTP status ${response.statusCode}${login}`), null);
      } else if (isTls) {
        direct({ ...options, httpSocket: socket }, settle);
      } else {
        settle(null, socket);
      }
    });
    request.end();
  }

  /** Returns what to trust. Made once, since reading all root certificates takes milliseconds. */
  #trusted(): Trust {
    // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment cannot expose the UserSig.
    this.#trust ??= {
      rejectUnauthorized: true,
      ...(this.#ca === undefined ? {} : { secureContext: tls.createSecureContext({ ca: withDefaults(this.#ca) }) }),
    };
    return this.#trust;
  }
}

/** Returns the given certificates and those that Node trusts by default. */
function withDefaults(ca: Certificates): (string | Buffer)[] {
  const given = (Array.isArray(ca) ? ca : [ca]) as readonly (string | Uint8Array)[];
  const defaults =
    'getCACertificates' in tls
      ? (tls.getCACertificates as (kind: 'default') => string[])('default')
      : tls.rootCertificates;
  return [...defaults, ...given.map((one) => (typeof one === 'string' ? one : Buffer.from(one)))];
}

function login(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
