/**
 * `doctor`: finds out why a configuration does not work, and says what to do. What a look showed is said by the core, in
 * the same words as in other languages: `say`.
 */

import { backend, Client, type ClientOptions, TencentImError, version } from '../index.js';
import { Failure, write, writeJson } from './output.js';
import { app, type Flags, facts, secretKey, settingOf } from './settings.js';

/** What one look showed. */
interface Check {
  name: string;
  state: 'ok' | 'warning' | 'failed';
  detail: string;
  cure?: string | null | undefined;
  regions_to_ask?: string[];
}

export async function doctor([extra]: string[], flags: Flags): Promise<number> {
  if (extra !== undefined) {
    throw new Failure(`one argument too many: ${extra}`);
  }
  const checks: Check[] = [];
  for await (const { name, state, detail, cure } of examine(flags)) {
    checks.push({ name, state, detail, cure: cure ?? null });
    if (!flags.json) {
      write(`${state.padEnd(8)} ${`${name}:`.padEnd(14)} ${detail}`);
      if (cure) {
        write(`${' '.repeat(9)}${'cure:'.padEnd(14)} ${cure}`);
      }
    }
  }
  const ok = checks.every((check) => check.state !== 'failed');
  if (flags.json) {
    writeJson({ ok, checks });
  } else if (ok) {
    write('\nEverything works.');
  }
  return ok ? 0 : 1;
}

function say(look: string, seen: object): Check[] {
  return JSON.parse(facts('doctor').doctorSay(JSON.stringify({ look, ...seen })));
}

/** Looks at everything, in the order in which it matters. Ends early where nothing further can be seen. */
async function* examine(flags: Flags): AsyncGenerator<Check> {
  const { platform, arch, versions } = process;
  const detail = `tencent-im ${version()}, Node ${versions.node}, ${platform} ${arch}, ${backend().name}`;
  yield { name: 'package', state: 'ok', detail };
  yield* say('variables', { names: Object.keys(process.env) });
  const id = found('app', () => app(flags));
  yield 'state' in id ? id : { name: 'app', state: 'ok', detail: `${id.value} (from ${id.source})` };
  const key = found('secret key', () => secretKey(flags));
  if ('state' in key) {
    yield key;
    return;
  }
  yield* say('secret_key', { key: key.value, source: key.source, open_file: key.openFile });
  if ('state' in id) {
    return;
  }
  const options: ClientOptions = {
    sdkAppId: id.value,
    secretKey: key.value,
    region: flags.region,
    baseUrl: flags['base-url'],
    admin: flags.admin,
    maxRetries: 0,
    rateLimits: false,
  };
  try {
    yield* service(flags, options);
  } catch (error) {
    if (!(error instanceof TencentImError)) {
      throw error;
    }
    const { path, summary, cure } = error;
    yield { name: 'settings', state: 'failed', detail: path ? `${path}: ${summary}` : summary, cure };
  }
}

function found<Found extends object>(name: string, look: () => Found): Found | Check {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    return { name, state: 'failed', detail: error.message, cure: error.cure };
  }
}

/** One call that changes nothing, and what its outcome says of everything on the way. */
async function* service(flags: Flags, options: ClientOptions): AsyncGenerator<Check> {
  let skew = 0;
  const onEvent: ClientOptions['onEvent'] = (event) => {
    skew = event.event === 'skew_learned' ? event.seconds : skew;
  };
  const im = new Client({ ...options, onEvent });
  const admin = settingOf(flags, 'admin')?.value ?? 'administrator';
  const address = new URL(im.prepare('accounts.check', { accounts: [admin] }).url);
  const own = settingOf(flags, 'base-url');
  const region = settingOf(flags, 'region');
  const source = own ? `base url from ${own.source}` : region ? `region from ${region.source}` : 'the default region';
  yield { name: 'address', state: 'ok', detail: `${address.origin} (${source})` };
  yield* proxy();
  const began = performance.now();
  const error = await failureOf(im, admin);
  const tookMs = Math.round(performance.now() - began);
  // Settings that are looked at with the first call.
  if (error?.kind === 'Config') {
    throw error;
  }
  const { kind, code, summary: message, cause, cure } = error ?? {};
  const refused = error ? { kind, code, message, cause, cure } : null;
  const checks = say('answer', { admin, took_ms: tookMs, skew_s: skew, error: refused });
  const regions = checks.at(-1)?.regions_to_ask;
  if (regions !== undefined && own === undefined) {
    const elsewhere = await regionOf(regions, options);
    checks.splice(-1, elsewhere.length, ...elsewhere);
  }
  yield* checks;
}

/** Asks whether the admin exists; what came of it, and the end of the client. */
async function failureOf(im: Client, admin: string): Promise<TencentImError | undefined> {
  try {
    await im.accounts.check({ accounts: [admin] });
    return undefined;
  } catch (error) {
    if (error instanceof TencentImError) {
      return error;
    }
    throw error;
  } finally {
    await im.close();
  }
}

/** Asks regions whether they know the app. */
async function regionOf(regions: string[], options: ClientOptions): Promise<Check[]> {
  const ask = async (region: string) => {
    const error = await failureOf(new Client({ ...options, region, timeoutMs: 6_000 }), 'administrator');
    return [region, error === undefined ? 0 : (error.code ?? null)];
  };
  return say('regions', { codes: await Promise.all(regions.map(ask)) });
}

/** Reports the proxy, without the password its URL may hold. */
function* proxy(): Generator<Check> {
  const names = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  const name = names.find((variable) => process.env[variable]);
  if (name === undefined) {
    return;
  }
  const url = process.env[name] as string;
  const address = url
    .replace(/^[a-z]+:\/\//i, '')
    .split('@')
    .at(-1)
    ?.split('/')[0];
  yield { name: 'proxy', state: 'ok', detail: `${address} (from ${name}); not for loopback addresses` };
}
