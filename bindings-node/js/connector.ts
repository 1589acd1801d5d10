/**
 * New connections, directly or through a proxy. TLS certificates are always verified.
 *
 * The tunnel through a proxy is made here rather than by undici's ProxyAgent: where a proxy hangs up, that one
 * connects again and again without backoff and never ends the request, not even when it is aborted.
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

/** A failure to connect. It hides the cause's code: for some codes undici connects again, without end. */
export class ConnectError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Makes the connections of a client. */
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

  /** A request waits for a connection or an answer: until it is released, connecting keeps the process alive. */
  hold(): void {
    if (this.#waiting++ === 0) {
      for (const socket of this.#connecting) socket.ref();
    }
  }

  /** Nobody waits for it any more: a connection that hangs in the air must not hold up the exit of the process. */
  release(): void {
    if (--this.#waiting === 0) {
      for (const socket of this.#connecting) socket.unref();
    }
  }

  /** How a pool connects. */
  connect(proxy: URL | undefined): Connect {
    const build = undici().buildConnector({ ...this.#trusted(), timeout: this.#timeoutMs });
    const direct: Connect = (options, callback) => {
      // The types do not say so, but a connector gives back its socket.
      const socket = build(
        options,
        this.#settling(() => socket, callback),
      ) as unknown as Socket;
      this.#connecting.add(socket);
    };
    return proxy === undefined ? direct : (options, callback) => this.#tunnel(proxy, options, direct, callback);
  }

  /** Forgets the socket when it is connected or not going to be. */
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

  /** Whom to trust. Made once: reading all root certificates for each connection would cost milliseconds. */
  #trusted(): Trust {
    // Said outright: otherwise NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would give the UserSig to anybody.
    this.#trust ??= {
      rejectUnauthorized: true,
      ...(this.#ca === undefined ? {} : { secureContext: tls.createSecureContext({ ca: withDefaults(this.#ca) }) }),
    };
    return this.#trust;
  }
}

/** The given certificates beside those trusted anyway. */
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
