// The emulator as a child process: it ends with this one, however this one ends.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const APP = 1400000001;
export const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

/** Starts an emulator. `options` are further flags. */
export async function startEmulator(...options) {
  const program = process.env.TENCENT_IM_EMULATOR ?? join(root, 'target/debug/tencent-im-emulator');
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: cargo build -p tencent-im-emulator`);
  }
  const flags = ['--port', '0', '--sdk-app-id', String(APP), '--secret-key', KEY, '--until-stdin-closes'];
  const child = spawn(program, [...flags, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const first = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  child.removeAllListeners('exit');
  const { url } = JSON.parse(first);
  return {
    url,
    port: Number(new URL(url).port),
    /** Settings of a client for it. */
    settings: { sdkAppId: APP, secretKey: KEY, baseUrl: url },
    /** New fault rules in place of the old ones. */
    faults: (...rules) => ask(url, 'faults', rules),
    reset: () => ask(url, 'reset', {}),
    config: (settings) => ask(url, 'config', settings),
    online: (...users) => ask(url, 'online', { users }),
    counters: () => ask(url, 'counters'),
    /** Requests that came, of all calls. */
    async requests() {
      const { calls } = await ask(url, 'counters');
      return Object.values(calls).reduce((sum, { requests }) => sum + requests, 0);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}

async function ask(url, path, body) {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const reply = await fetch(`${url}/_emulator/${path}`, init);
  const answer = await reply.json();
  if (!reply.ok) {
    throw new Error(`/_emulator/${path}: ${answer.error}`);
  }
  return answer;
}
