// Sends events as fast as a server answers them, over kept connections; every answer is checked.
//
//   node load.mjs PORT PATH CONNECTIONS SECONDS
//
// Prints the answers and how many there were a second.

import { connect } from 'node:net';
import { ANSWER, BODY } from './event.mjs';

const [port, path, connections, seconds] = process.argv.slice(2);
const request = Buffer.from(
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
);
let answers = 0;
let end = Number.POSITIVE_INFINITY;

function ask() {
  const socket = connect(Number(port), '127.0.0.1').setNoDelay();
  let text = '';
  return new Promise((resolve, reject) => {
    const next = () => {
      if (performance.now() < end) {
        socket.write(request);
      } else {
        resolve(socket.end());
      }
    };
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the server closed: ${text}`)));
    socket.on('data', (data) => {
      text += data.latin1Slice();
      // Some servers write answers in pieces.
      if (text.includes(ANSWER)) {
        if (!text.startsWith('HTTP/1.1 200 ')) {
          reject(new Error(text));
        }
        const isWhole = !text.includes('chunked') || text.endsWith('\r\n0\r\n\r\n');
        text = isWhole ? '' : text;
        if (text === '') {
          answers += 1;
          next();
        }
      }
    });
  });
}

// Never sleeps: a server that is slower than this client would be charged for waking its core with each answer, 3 to 4 µs on
// some machines, and one that is as fast would not.
const stayAwake = () => setImmediate(stayAwake);
stayAwake();

const start = performance.now();
end = start + Number(seconds) * 1000;
await Promise.all(Array.from({ length: Number(connections) }, ask));
const passed = (performance.now() - start) / 1000;
console.log(JSON.stringify({ answers, per_s: answers / passed }));
process.exit(0);
