// A process of its own: answers each request and ends the connection 50 ms later, with RST where the argument says so.

import net from 'node:net';
import { OK } from './servers.mjs';

const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`);
    setTimeout(() => (process.argv[2] === 'rst' ? socket.resetAndDestroy() : socket.end()), 50);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
