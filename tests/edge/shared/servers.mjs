// What the cases talk to, started from Node.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const APP = 1400000001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

/** Starts an emulator: `{ url, stop }`. It ends with this process, however that ends. */
export async function startEmulator(appId = APP, key = KEY) {
  const program = process.env.TENCENT_IM_EMULATOR ?? join(root, 'target/debug/tencent-im-emulator');
  const flags = ['--port', '0', '--sdk-app-id', String(appId), '--secret-key', key, '--until-stdin-closes'];
  const child = spawn(program, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`${program} ended with ${status}`)));
    createInterface(child.stdout).once('line', resolve);
  });
  const { url } = JSON.parse(await ready);
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit').once('exit', resolve);
      child.stdin.end();
    });
  return { url, stop };
}

/** An address where nobody listens, nor can: its port is that of a connection, which is kept to the end. */
export async function refusedUrl() {
  const server = createServer((socket) => socket.unref())
    .listen(0, '127.0.0.1')
    .unref();
  await once(server, 'listening');
  const socket = connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  return `http://127.0.0.1:${socket.unref().localPort}`;
}

/** A server whose answers never end. */
async function startDripping() {
  const server = createHttpServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{"ActionStatus":');
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    });
  return { url: `http://127.0.0.1:${server.address().port}`, stop };
}

/** Starts everything that the cases need: `{ context, stop }`, where the context lacks `sdk` and `tellsUnsent`. */
export async function startServers() {
  const [emulator, dripping] = await Promise.all([startEmulator(), startDripping()]);
  const { url } = emulator;
  const context = { url, appId: APP, key: KEY, refusedUrl: await refusedUrl(), drippingUrl: dripping.url };
  return { context, stop: () => Promise.all([emulator.stop(), dripping.stop()]) };
}
