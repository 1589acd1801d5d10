// Receives webhooks behind a route.

import { after } from 'next/server';

/** A route for POST, which receives; and one for GET, which tells what was handled after its answer. */
export function receive({ reject, Webhooks }) {
  const notes = [];
  const hooks = new Webhooks();
  hooks.on('C2C.CallbackBeforeSendMsg', async ({ body }) =>
    body.msgBody[0].msgContent.text.includes('casino') ? reject(120001, 'no advertisements') : undefined,
  );
  hooks.on('C2C.CallbackAfterSendMsg', ({ body }) => {
    notes.push(`${body.fromAccount} to ${body.toAccount}`);
  });
  return {
    GET: () => Response.json(notes),
    POST: (request) => hooks.fetch(request, { waitUntil: after }),
  };
}
