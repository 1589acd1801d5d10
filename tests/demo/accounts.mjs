// What the JavaScript runtimes of the demo share.

import { readFileSync } from 'node:fs';

/** The rows of the CSV file. It has no quoted cells. */
export function readAccounts() {
  const [, ...rows] = readFileSync(process.env.DEMO_ACCOUNTS, 'utf8').trimEnd().split('\n');
  return rows.map((row) => {
    const [userId, nick, faceUrl] = row.split(',');
    return { userId, nick: nick || undefined, faceUrl: faceUrl || undefined };
  });
}
