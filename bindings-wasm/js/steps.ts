/**
 * Steps: what the core tells JavaScript to do next, in one text. The first letter is the kind:
 *
 *     s<number of the call> <timeoutMs>\n<url>\n<body>   send, then report the reply or the failure
 *     w<number of the call> <untilMs>                    poll again at that time of the monotonic clock
 *     r<json>                                            the call has ended with a result
 *     e<json>                                            the call has ended with an ErrorRecord
 */

/** What to do next. Exactly one of `send`, `waitUntilMs`, `result`, `error` is set. */
export interface Step {
  /** The call's number, or 0 if the call has ended. */
  id: number;
  /** The request to send. Then report `onReply` or `onFailure`. */
  send: Send | undefined;
  /** Time of the monotonic clock at which to poll again. */
  waitUntilMs: number | undefined;
  /** The result in JSON. Whole numbers beyond 2^53 are text. */
  result: string | undefined;
  /** An `ErrorRecord` in JSON. */
  error: string | undefined;
}

/** A request to send, always as `POST` with `Content-Type: application/json`. */
export interface Send {
  /** The complete URL. Its query holds a UserSig that administers the app: never log it. */
  url: string;
  /** The JSON body. */
  body: string;
  /** Timeout for the complete reply. */
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
