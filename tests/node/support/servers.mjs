// Small servers for what the emulator does not do: TLS, proxies, connections that misbehave.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

export const certificate = (name) => readFileSync(new URL(`../certificates/${name}`, import.meta.url), 'utf8');

export const OK = JSON.stringify({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 });

/** A server on a free port of this machine, with all its connections closed at the end of the test. */
async function listen(t, server) {
  const sockets = new Set();
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
    });
  }
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return { port: server.address().port, sockets };
}

/** A bare TCP server. `serve` gets each connection and its number. */
export async function tcpServer(t, serve) {
  let connections = 0;
  const server = net.createServer((socket) => serve(socket, ++connections));
  const { port } = await listen(t, server);
  return { port, url: `http://127.0.0.1:${port}`, connections: () => connections };
}

/** An HTTP server that answers each request with success, or as `serve` says. */
export async function httpServer(t, serve = (_request, response) => response.end(OK)) {
  const requests = [];
  const server = http.createServer(answering(requests, serve));
  const { port, sockets } = await listen(t, server);
  return { port, url: `http://127.0.0.1:${port}`, requests, server, sockets };
}

/** One that keeps its answers until it is told whom to answer. */
export async function keepingServer(t) {
  const kept = [];
  const server = await httpServer(t, (_request, response) => kept.push(() => response.end(OK)));
  return { ...server, kept };
}

/** One over TLS, with a certificate from tests/node/certificates. */
export async function tlsServer(t, name = 'server', serve = (_request, response) => response.end(OK)) {
  const requests = [];
  const options = { cert: certificate(`${name}.pem`), key: certificate(`${name}.key`) };
  const { port } = await listen(t, https.createServer(options, answering(requests, serve)));
  return { port, url: `https://127.0.0.1:${port}`, requests };
}

function answering(requests, serve) {
  return (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push({ url: request.url, headers: request.headers, body });
      serve(request, response, requests.length);
    });
  };
}

/** A proxy that connects whatever is asked for to one port of this machine; over TLS itself with `secure`. */
export async function proxyServer(t, { port: target, secure = false, password, refuse }) {
  const tunnels = [];
  const options = { cert: certificate('server.pem'), key: certificate('server.key') };
  const server = secure ? https.createServer(options) : http.createServer();
  server.on('connect', (request, socket) => {
    tunnels.push({ target: request.url, login: request.headers['proxy-authorization'] });
    const expected = `Basic ${Buffer.from(password ?? '').toString('base64')}`;
    const status =
      refuse ?? (password !== undefined && request.headers['proxy-authorization'] !== expected ? 407 : 200);
    socket.write(`HTTP/1.1 ${status} Whatever\r\n\r\n`);
    if (status !== 200) {
      socket.end();
      return;
    }
    const onward = net.connect(target, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  const { port } = await listen(t, server);
  return { port, url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`, tunnels };
}

/** A port of this machine where nobody listens, nor can: it is that of a connection, which is kept to the end. */
export async function deadPort() {
  const server = net
    .createServer((socket) => socket.unref())
    .listen(0, '127.0.0.1')
    .unref();
  await once(server, 'listening');
  const socket = net.connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  return socket.unref().localPort;
}
