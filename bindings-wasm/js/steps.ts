/**
 * What to do next, as the core says it in one text. Its first letter says what:
 *
 *     s<number of the call> <timeoutMs>\n<url>\n<body>   send, then report the answer or the failure
 *     w<number of the call> <untilMs>                    ask again at that time of the monotonic clock
 *     r<json>                                            the call has ended: its result
 *     e<json>                                            the call has ended: an ErrorRecord
 */

/** What to do next. Exactly one of `send`, `waitUntilMs`, `result`, `error` is set. */
export interface Step {
  /** The call's number; 0 where none is under way. */
  id: number;
  /** Send this, then report `onReply` or `onFailure`. */
  send: Send | undefined;
  /** Poll again at this time of the monotonic clock. */
  waitUntilMs: number | undefined;
  /** The call has ended: its result as JSON text, whole numbers beyond 2^53 as text. */
  result: string | undefined;
  /** The call has ended: an `ErrorRecord` as JSON text. */
  error: string | undefined;
}

/** A request to send: always `POST`, always with `Content-Type: application/json`. */
export interface Send {
  /** The whole URL. Its query holds a UserSig that administers the app: never log it. */
  url: string;
  /** The JSON body. */
  body: string;
  /** How long to wait for the whole answer. */
  timeoutMs: number;
}

/** Reads a step. */
export function readStep(text: string): Step {
  const step: Step = { id: 0, send: undefined, waitUntilMs: undefined, result: undefined, error: undefined };
  const kind = text[0];
  if (kind === 'r') {
    step.result = text.slice(1);
  } else if (kind === 'e') {
    step.error = text.slice(1);
  } else {
    const space = text.indexOf(' ');
    step.id = Number(text.slice(1, space));
    if (kind === 'w') {
      step.waitUntilMs = Number(text.slice(space + 1));
    } else {
      const url = text.indexOf('\n', space) + 1;
      const body = text.indexOf('\n', url) + 1;
      const timeoutMs = Number(text.slice(space + 1, url - 1));
      step.send = { url: text.slice(url, body - 1), body: text.slice(body), timeoutMs };
    }
  }
  return step;
}
