// A process of its own: answers each request and soon ends the connection. Arguments: fin or rst, after how many ms.

import net from 'node:net';
import { OK } from './servers.mjs';

const [, , ending, afterMs] = process.argv;
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`);
    setTimeout(() => (ending === 'rst' ? socket.resetAndDestroy() : socket.end()), Number(afterMs));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
