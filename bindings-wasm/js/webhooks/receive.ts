/** The door for everything else: a query and a body, however the program got them. */

import { tagOf } from '../foreign.js';
import type { WaitUntil } from './background.js';
import { bytesOf, misused, refused } from './body.js';
import type { Intake, WebhookAnswer } from './intake.js';

/** The query of a request: its line, a URL that has one, or its parameters; nothing if it has none, as AWS says it. */
export type Query =
  | string
  | URL
  | URLSearchParams
  | { readonly [name: string]: string | readonly string[] | null | undefined }
  | null
  | undefined;

/** What there is to say of a request beside its query and its body. */
export interface ReceiveOptions {
  /** Whether the body is text in base64, as AWS Lambda hands it over. Defaults to false. */
  base64?: boolean | undefined;
  /** Method of the request. Defaults to `POST`. */
  method?: string | undefined;
  /** Content type of the request. */
  contentType?: string | undefined;
  /** Keeps a worker alive until a promise ends. */
  waitUntil?: WaitUntil | undefined;
}

/** Answers a request. Fails only if the program passes something other than a request. */
export async function receive(
  intake: Intake,
  query: Query,
  body: unknown,
  options: ReceiveOptions = {},
): Promise<WebhookAnswer> {
  const { base64, method, contentType, waitUntil } = checked(options ?? {});
  const arrival = intake.arrival(waitUntil ?? undefined);
  if (intake.native === undefined) {
    await intake.load();
  }
  if (query !== undefined && query !== null && typeof query !== 'string' && !QUERIES.includes(tagOf(query))) {
    throw misused('query', 'not a query', 'pass the part of the URL after the question mark, or the whole URL');
  }
  return new Promise((reply) => {
    try {
      const line = lineOf(query);
      intake.check(method ?? 'POST', contentType ?? undefined);
      intake.take(line, bytesOf(body, base64 ?? false), arrival, reply);
    } catch (thrown) {
      reply(intake.refuse(thrown));
    }
  });
}

/** What each option must be. Null is nothing: headers that are not there read as that. */
const OPTIONS: Readonly<Record<string, string>> = {
  base64: 'boolean',
  method: 'string',
  contentType: 'string',
  waitUntil: 'function',
};

function checked(options: ReceiveOptions): ReceiveOptions {
  if (typeof options !== 'object') {
    throw misused('options', 'not an object', 'write { base64: true }, or leave it out');
  }
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (type === undefined) {
      throw misused(name.slice(0, 64), 'unknown option', `the options are ${Object.keys(OPTIONS).join(', ')}`);
    }
    if (value !== undefined && value !== null && typeof value !== type) {
      throw misused(name, `expected a ${type}, got a ${typeof value}`, `pass a ${type}, or leave it out`);
    }
  }
  return options;
}

/** What may be a query beside text, by its class. */
const QUERIES = ['URLSearchParams', 'URL', 'Object'];

function lineOf(query: Query): string {
  if (typeof query === 'string') {
    return query;
  }
  if (query === undefined || query === null) {
    return '';
  }
  if (tagOf(query) !== 'Object') {
    return String(query);
  }
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    const values = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
    return values.map((each) => `${written(name)}=${written(each)}`);
  });
  return `?${pairs.join('&')}`;
}

/** A part of a query. Parsers make objects of names with brackets, and half a character cannot be encoded. */
function written(part: unknown): string {
  if (typeof part === 'object' || typeof part === 'symbol') {
    throw refused(400, 'a parameter of the query is neither text nor a list of texts');
  }
  return encodeURIComponent(String(part).replace(/\p{Surrogate}/gu, '\ufffd'));
}
