// A message sent by a client, decided by a handler: client, emulator and receiver from end to end, in Node.

import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import * as sdk from 'tencent-im';
import * as webhooks from 'tencent-im/webhooks';
import { drive, program } from '../edge/shared/webhook_emulator.mjs';
import { KEY, startEmulator } from './support/emulator.mjs';

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator.stop());

test('what a handler decides is what the sender and the receiver see', { timeout: 60_000 }, async () => {
  const { hooks, answer } = program(sdk, webhooks);
  const server = createServer(async (request, response) => {
    if (request.url.startsWith('/hooks')) {
      return hooks.node(request, response);
    }
    const result = await answer(`http://127.0.0.1${request.url}`, { baseUrl: emulator.url, secretKey: KEY });
    response.end(JSON.stringify(result));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await drive(`http://127.0.0.1:${server.address().port}`, emulator.url);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
