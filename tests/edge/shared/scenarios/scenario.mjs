// What the scenarios share.

import { check } from '../json.mjs';
import { clientOf, control } from '../tools.mjs';

/** A case that begins with these users in an emulator as it was at its start. `run` gets the client and the context. */
export function scenario(name, users, run) {
  return {
    name: `scenario: ${name}`,
    async run(context) {
      await control(context, 'reset', {});
      const im = clientOf(context);
      try {
        await im.accounts.importAccounts({ userIds: users });
        await run(im, context);
      } finally {
        await im.close();
      }
    },
  };
}

/** A field of each item, read to the end of all pages. */
export async function read(pages, field) {
  const found = [];
  for await (const item of pages) {
    found.push(item[field]);
  }
  return found;
}

/** Moves the emulator's clock on. */
export function advance(context, seconds) {
  return control(context, 'clock', { advance_s: seconds });
}

/** Items with these outcomes; one that failed says why and what to do. */
export function checkOutcomes(items, expected, what) {
  const got = items.map(({ ok }) => ok);
  check(JSON.stringify(got) === JSON.stringify(expected), `${what}: got ${JSON.stringify(items)}`);
}

/** An item with a documented code says why it failed and what to do. */
export function checkExplained(item) {
  check(item.ok === false && item.cause?.length > 0 && item.cure?.length > 0, JSON.stringify(item));
}

/** The error of the service with this code, which says why and what to do. */
export function checkServiceError(error, code, operation) {
  const got = [error.code, error.operation, error.httpStatus, error.maybeApplied];
  check(JSON.stringify(got) === JSON.stringify([code, operation, 200, false]), `${got}: ${error.stack}`);
  check(error.cause?.length > 0 && error.cure?.length > 0, `without cause or cure: ${error.message}`);
}
