/** The body of a request in every form in which programs have it, as bytes; never longer than the core allows. */

import { Bytes } from '../bytes.js';
import { clearTimeout, setTimeout } from '../clock.js';
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

/** Waits for a body, as long as the budget lasts: the sender may dribble. `stop` ends the wait for the rest. */
function inTime<T>(intake: Intake, arrival: Arrival, read: Promise<T>, stop: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(tooSlow());
      stop();
    }, intake.leftMs(arrival));
    read.then(
      (bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      },
      (thrown) => {
        clearTimeout(timer);
        reject(thrown);
      },
    );
  });
}

/** As much of a `Request` as is needed for its body. */
export interface BodyLike {
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Reads the body of a `Request`, and stops where it is too long or too slow. `isBounded`: its length was stated, and found
 * good, so that the server ends it there.
 */
export async function bytesOfRequest(
  request: BodyLike,
  isBounded: boolean,
  intake: Intake,
  arrival: Arrival,
): Promise<Uint8Array> {
  try {
    if (isBounded) {
      // A fifth of the time that the pieces of a stream take in Node, and no stream is made at all in some servers.
      return new Uint8Array(await inTime(intake, arrival, request.arrayBuffer(), () => {}));
    }
    const stream = request.body;
    return stream === null ? new Uint8Array() : await bytesOfStream(stream, intake, arrival);
  } catch (thrown) {
    throw thrown instanceof TencentImError ? thrown : refused(400, `the body broke off: ${wordsOf(thrown)}`);
  }
}

async function bytesOfStream(
  stream: ReadableStream<Uint8Array>,
  intake: Intake,
  arrival: Arrival,
): Promise<Uint8Array> {
  const reader = stream.getReader();
  // What cancelling says of a stream that is broken already matters to nobody.
  const stop = () => void reader.cancel().catch(() => {});
  const read = async () => {
    const bytes = new Bytes();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      bytes.push(piece.value);
      intake.checkLength(bytes.length);
    }
    return bytes.whole();
  };
  try {
    return await inTime(intake, arrival, read(), stop);
  } catch (thrown) {
    stop();
    throw thrown;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: as Node's own types have it, of which there is one for each event.
type Listener = (...values: any[]) => void;

/** As much of Node's `IncomingMessage` as is needed. */
export interface NodeStream {
  on(event: string, listener: Listener): NodeStream;
  removeListener(event: string, listener: Listener): NodeStream;
  pause(): unknown;
}

/** Reads a request of Node's server, and stops where it is too long or too slow. `isBounded` as above. */
export function bytesOfNode(
  stream: NodeStream,
  isBounded: boolean,
  intake: Intake,
  arrival: Arrival,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const bytes = new Bytes();
    const onData = (piece: Uint8Array | string) => {
      bytes.push(typeof piece === 'string' ? encoder.encode(piece) : piece);
      try {
        if (!isBounded) {
          intake.checkLength(bytes.length);
        }
      } catch (thrown) {
        fail(thrown);
      }
    };
    const onEnd = () => {
      stop();
      resolve(bytes.whole());
    };
    const onClose = () => fail(refused(400, 'the connection was closed within the body'));
    // It stays: an error that nobody listens to ends the process.
    const onError = (thrown: Error) => fail(refused(400, `the body broke off: ${wordsOf(thrown)}`));
    const stop = () => {
      clearTimeout(timer);
      stream.removeListener('data', onData).removeListener('end', onEnd).removeListener('close', onClose);
    };
    const fail = (thrown: unknown) => {
      stop();
      stream.pause();
      reject(thrown);
    };
    const timer = setTimeout(() => fail(tooSlow()), intake.leftMs(arrival));
    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  });
}
