// A process of its own: answers each request and then ends the connection. Arguments: fin or rst, and the beginning of
// the names of empty files, of which one says of each connection that its end has been sent.

import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { OK } from './servers.mjs';

const [, , ending, note] = process.argv;
let closed = 0;
const server = net.createServer((socket) => {
  const tell = () => writeFileSync(`${note}${++closed}`, '');
  socket.on('error', () => {});
  // After the answer, so that the client has read that before it reads the end.
  const end = () => {
    if (ending === 'rst') {
      socket.once('close', tell).resetAndDestroy();
    } else {
      socket.end(tell);
    }
  };
  socket.on('data', () => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`);
    setTimeout(end, 20);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit());
