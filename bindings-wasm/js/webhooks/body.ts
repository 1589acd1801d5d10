/** The body of a request in every form in which programs have it, as bytes; never longer than the core allows. */

import { Bytes } from '../bytes.js';
import { encode } from '../encode.js';
import { TencentImError } from '../errors.js';
import { isBytes, tagOf, wordsOf } from '../foreign.js';
import { errorHere } from '../records.js';
import { TextEncoder } from '../text.js';
import type { Arrival, Intake } from './intake.js';

const encoder = new TextEncoder();

/** A request that is refused here, since the core sees whole bodies only. */
export function refused(httpStatus: number, message: string, cure?: string): Error {
  return errorHere({ kind: 'Webhook', httpStatus, message, ...(cure === undefined ? {} : { cure }) });
}

/** What a door was given is no request at all: the program's own mistake, of which it hears at once. */
export function misused(path: string, message: string, cure: string): Error {
  return errorHere({ kind: 'InvalidInput', operation: 'webhooks', path, message, cure });
}

/** A body as bytes: text, bytes, or what a framework has read of its JSON. `base64` is how AWS Lambda hands over bytes. */
export function bytesOf(body: unknown, base64 = false): Uint8Array {
  if (body === undefined || body === null) {
    return new Uint8Array();
  }
  if (typeof body === 'string') {
    return base64 ? decoded(body) : encoder.encode(body);
  }
  if (isBytes(body)) {
    return body;
  }
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  if (tagOf(body) === 'ArrayBuffer') {
    return new Uint8Array(body as ArrayBuffer);
  }
  return encoder.encode(encode(body, { kind: 'InvalidInput', operation: 'webhooks' }));
}

/** Returns the length of a text in bytes of UTF-8. */
export function byteLength(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : encoder.encode(text).length;
}

function decoded(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw refused(400, 'the body is not base64');
  }
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function tooSlow(): Error {
  return refused(408, 'the body did not come within the budget', 'look for a slow proxy before the app');
}

/** Takes a body. */
type Take = (bytes: Uint8Array) => void;

/** Takes what went wrong with a body. */
type Refuse = (thrown: unknown) => void;

/** As much of a `Request` as is needed for its body. */
export interface BodyLike {
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Reads the body of a `Request`, and stops where it is too long or too slow: the sender may dribble. `isBounded`: its length
 * was stated, and found good, so that the server ends it there.
 */
export function readRequest(
  request: BodyLike,
  isBounded: boolean,
  intake: Intake,
  arrival: Arrival,
  take: Take,
  refuse: Refuse,
): void {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const stop = (thrown: unknown) => {
    refuse(thrown instanceof TencentImError ? thrown : refused(400, `the body broke off: ${wordsOf(thrown)}`));
    // What cancelling says of a stream that is broken already matters to nobody.
    reader?.cancel().catch(() => {});
  };
  const wait = intake.wait(arrival, () => stop(tooSlow()));
  const fail = (thrown: unknown) => wait.end() && stop(thrown);
  try {
    if (isBounded) {
      // A fifth of the time that the pieces of a stream take in Node, and no stream is made at all in some servers.
      request.arrayBuffer().then((buffer) => wait.end() && take(new Uint8Array(buffer)), fail);
    } else {
      reader = request.body?.getReader();
      readPieces(reader, intake).then((bytes) => wait.end() && take(bytes), fail);
    }
  } catch (thrown) {
    fail(thrown);
  }
}

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  intake: Intake,
): Promise<Uint8Array> {
  const bytes = new Bytes();
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    bytes.push(piece.value);
    intake.checkLength(bytes.length);
  }
  return bytes.whole();
}

// biome-ignore lint/suspicious/noExplicitAny: as Node's own types have it, of which there is one for each event.
type Listener = (...values: any[]) => void;

/** As much of Node's `IncomingMessage` as is needed. */
export interface NodeStream {
  on(event: string, listener: Listener): NodeStream;
  pause(): unknown;
  resume(): unknown;
}

/** Reads a request of Node's server, and stops where it is too long or too slow. `isBounded` as above. */
export function readNode(
  stream: NodeStream,
  isBounded: boolean,
  intake: Intake,
  arrival: Arrival,
  take: Take,
  refuse: Refuse,
): void {
  const bytes = new Bytes();
  const stop = (thrown: unknown) => {
    stream.pause();
    refuse(thrown);
  };
  const wait = intake.wait(arrival, () => stop(tooSlow()));
  const breakOff = (message: string) => wait.end() && stop(refused(400, message));
  // The listeners stay, since a stream ends once: taking them off costs a microsecond.
  stream
    .on('data', (piece: Uint8Array | string) => {
      if (wait.isOver) {
        return;
      }
      bytes.push(typeof piece === 'string' ? encoder.encode(piece) : piece);
      if (!isBounded) {
        try {
          intake.checkLength(bytes.length);
        } catch (thrown) {
          wait.end();
          stop(thrown);
        }
      }
    })
    .on('end', () => wait.end() && take(bytes.whole()))
    .on('close', () => breakOff('the connection was closed within the body'))
    // An error that nobody listens to ends the process.
    .on('error', (thrown: Error) => breakOff(`the body broke off: ${wordsOf(thrown)}`));
  // Something before may have paused it.
  stream.resume();
}
