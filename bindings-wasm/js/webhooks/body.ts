/** The body of a request in every form in which programs have it, as bytes; never longer than the core allows. */

import { Bytes } from '../bytes.js';
import { clearTimeout, setTimeout } from '../clock.js';
import { encode } from '../encode.js';
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

/** Waits for a body, as long as the budget lasts: the sender may dribble. `stop` ends the wait for the rest. */
function inTime<T>(intake: Intake, arrival: Arrival, read: Promise<T>, stop: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(refused(408, 'the body did not come within the budget', 'look for a slow proxy before the app'));
      stop();
    }, intake.leftMs(arrival));
    read.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Reads a stream, and cancels it where it is too long or too slow. */
export async function bytesOfStream(
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
      intake.check('POST', undefined, bytes.length);
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
  on(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
  pause(): unknown;
}

/** Reads a request of Node's server, and stops where it is too long or too slow. */
export function bytesOfNode(stream: NodeStream, intake: Intake, arrival: Arrival): Promise<Uint8Array> {
  let stop = () => {};
  const read = new Promise<Uint8Array>((resolve, reject) => {
    const bytes = new Bytes();
    const listeners: Record<string, Listener> = {
      data(piece: Uint8Array | string) {
        try {
          bytes.push(typeof piece === 'string' ? encoder.encode(piece) : piece);
          intake.check('POST', undefined, bytes.length);
        } catch (thrown) {
          stop();
          reject(thrown);
        }
      },
      end() {
        stop();
        resolve(bytes.whole());
      },
      error(thrown: Error) {
        stop();
        reject(refused(400, `the body broke off: ${wordsOf(thrown)}`));
      },
      close() {
        stop();
        reject(refused(400, 'the connection was closed within the body'));
      },
    };
    stop = () => {
      stream.pause();
      for (const [event, listener] of Object.entries(listeners)) {
        stream.removeListener(event, listener);
      }
      // An error that nobody listens to ends the process.
      stream.on('error', () => {});
    };
    for (const [event, listener] of Object.entries(listeners)) {
      stream.on(event, listener);
    }
  });
  return inTime(intake, arrival, read, () => stop());
}
