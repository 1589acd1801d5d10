/**
 * What the facade asks of the Rust core, however it is reached: compiled to WebAssembly, or as a Node addon.
 *
 * Values cross the border as text, mostly JSON, so that one code path in the core serves both and a test vector that
 * passes through one passes through the other. Text costs less than walking or making JavaScript objects from the other
 * side.
 *
 * Times are milliseconds: `monoMs` of a clock that never jumps back, `unixMs` since 1970; both whole numbers.
 * `hi` and `lo` are two random unsigned 32-bit numbers, a fresh pair for each call: they become the URL's `random`.
 */
export interface Native {
  /** Version of the core, such as `0.1.0`. */
  version(): string;
  /**
   * Opens a client. `optionsJson` holds the settings of the core's `ClientOptions` by their camelCase names, `region` and
   * `baseUrl` are those of the environment. No I/O, no clock, no entropy. `own` are the names of the settings that are read
   * on this side, joined by commas: a misspelt setting may mean one of them.
   *
   * @throws Error whose message is an {@link ErrorRecord} as JSON text; so do all functions here that give no step.
   */
  open(
    sdkAppId: number,
    secretKey: string,
    optionsJson: string,
    own: string,
    region?: string | undefined,
    baseUrl?: string | undefined,
  ): NativeClient;
  /** Reads the text of an environment variable; nothing when it is blank. */
  readVariable(name: string, text: string): string | null | undefined;
  /**
   * Verifies a UserSig. `paramsJson`: `secretKey` (a list), `now` (Unix seconds), and where wanted `sdkAppId`,
   * `userId`, `leeway`, `allowUserbuf`. Gives what it states, as JSON text.
   */
  verifyUserSig(userSig: string, paramsJson: string): string;
  /** Reads a UserSig without a key. Gives what it states, as JSON text. */
  inspectUserSig(userSig: string, nowS: number): string;
  /**
   * Runs a further UserSig function by its name in the core (`usersig::tool`): `explain_user_sig`,
   * `sign_private_map_key`, `parse_private_map_key`. Parameters and result are JSON text.
   */
  userSigTool(name: string, paramsJson: string): string;
  /** Opens a signer: takes in the key, once for all its signatures. */
  openSigner(sdkAppId: number, secretKey: string): NativeSigner;
  /** Begins an iteration over a paged call, from its parameters (JSON text) or from a cursor. */
  openPages(op: string, params: string, cursor: string | undefined): NativePages;
}

/** One iteration over a paged call. Made anew for each; nothing is sent by it. */
export interface NativePages {
  /** What stays the same, as JSON text: `items` (names of the result's lists), `reads` (names for `turn`), `skip`. */
  facts(): string;
  /** The fields to set for the next page as JSON text; nothing after the last. */
  next(): string | null | undefined;
  /** Takes a page's result, or the part of it under `reads`, as JSON text. */
  turn(result: string): void;
  /** Where to continue later, with so many items of this page taken. */
  cursor(taken: number): string | null | undefined;
  /** Gives its memory back, where that is needed. */
  free?(): void;
}

/** Signs for one app. */
export interface NativeSigner {
  /** Signs a UserSig for a user. */
  signUserSig(userId: string, nowS: number, expireS: number): string;
  /** Signs for several users, whose ids are joined by line breaks; so are the UserSigs. An error's path: `user_ids[3]`. */
  signMany(userIds: string, nowS: number, expireS: number): string;
}

/** The shared state of a client's calls: the admin's UserSig, and the calls under way by number. */
export interface NativeClient {
  /**
   * Begins a call and gives its first step: `steps.ts` says how steps are written. `op` as in `accounts.import_account`;
   * `input` and `options` are JSON text. Never throws for bad input.
   */
  start(
    op: string,
    input: string,
    options: string | undefined,
    monoMs: number,
    unixMs: number,
    hi: number,
    lo: number,
  ): string;
  /**
   * Begins a call that cannot be sent yet, since all connections are in use, and gives the step of {@link hold}; bad
   * input is refused like that of {@link start}.
   */
  register(
    op: string,
    input: string,
    options: string | undefined,
    monoMs: number,
    unixMs: number,
    hi: number,
    lo: number,
  ): string;
  /**
   * For a call that cannot be sent yet whatever its next step is: to be polled when it can. The step's `waitUntilMs` is
   * the end of the call's time, when it is to {@link expire}.
   */
  hold(id: number): string;
  /** Ends a call that could not be sent until then: a step with `error`. */
  expire(id: number): string;
  /** Asks again what to do, when the time of a `waitUntilMs` has come. */
  poll(id: number, monoMs: number, unixMs: number, hi: number, lo: number): string;
  /**
   * Reports the answer to a `send`, whatever its HTTP status. `date` is its `Date` header, `retryAfter` its `Retry-After`,
   * `encoding` its `Content-Encoding` if the body still has it.
   */
  onReply(
    id: number,
    status: number,
    date: string | undefined,
    body: string,
    monoMs: number,
    unixMs: number,
    hi: number,
    lo: number,
    retryAfter?: string | undefined,
    encoding?: string | undefined,
  ): string;
  /**
   * Reports that a `send` got no whole answer. `detail` is the HTTP library's words as they stand: the core takes secrets
   * out of them.
   */
  onFailure(
    id: number,
    kind: FailureKind,
    detail: string,
    monoMs: number,
    unixMs: number,
    hi: number,
    lo: number,
  ): string;
  /** Ends a call at the caller's wish: gives the {@link ErrorRecord} to throw, or nothing when it had ended already. */
  cancel(id: number): string | null | undefined;
  /**
   * Whether the calls that were told to wait should be polled now: so many others were cancelled that their turns come
   * much earlier. To be asked after {@link cancel} and {@link expire}; it is told once.
   */
  takeMoved(): boolean;
  /** The request of a call for callers with their own HTTP: a step with `send` or `error`. Nothing is kept. */
  prepare(
    op: string,
    input: string,
    options: string | undefined,
    monoMs: number,
    unixMs: number,
    hi: number,
    lo: number,
  ): string;
  /** The result of an answer for callers with their own HTTP: a step with `result` or `error`. */
  parse(op: string, status: number, date: string | undefined, body: string, retryAfter: string | undefined): string;
  /** Signs a UserSig for a user of this client's app. */
  signUserSig(userId: string, nowS: number, expireS: number): string;
  /** Begins or stops to keep events for {@link takeEvents}; those kept are forgotten. */
  listen(on: boolean): void;
  /** What happened since the last time: a list of events as JSON text, or nothing. */
  takeEvents(): string | null | undefined;
  /** Checks settings of a call (JSON text) without making one. */
  checkCallOptions(optionsJson: string): void;
  /** Gives its memory back at once instead of at some garbage collection, where that is needed. */
  free?(): void;
}

/**
 * What receiving webhooks asks of the core: the Node addon has it, and the WebAssembly module of its own. Everything throws
 * as {@link Native.open} does; the `httpStatus` of an error of kind `Webhook` is the status to answer with.
 */
export interface WebhookNative extends Pick<Native, 'version' | 'readVariable'> {
  /**
   * Opens a receiver. `settingsJson` holds the settings of the core's `WebhookSettings` by their camelCase names: `token` is
   * a list. `own` are the names of the settings that are read on this side, joined by commas.
   */
  openReceiver(settingsJson: string, own: string): NativeReceiver;
  /**
   * Gives the body to answer an event with. `accountsJson` are the `accounts` of its record, if it has some;
   * `decisionJson` is a `Decision` of the core: `{"action": "reject", "code": 120001, "info": "no"}`.
   */
  answerWebhook(command: string, accountsJson: string | undefined, decisionJson: string): string;
  /** The body for a request that is refused. */
  webhookRefusal(): string;
  /** Refuses a name that no webhook has, and says which was meant. */
  checkWebhook(command: string): void;
  /** Every webhook, as JSON text: `command`, `kind`, `actions`, `codes` (the first and the last, or null), `docUrl`. */
  listWebhooks(): string;
  /** Signs as the service does, for tests. */
  signWebhook(token: string, requestTimeS: number): string;
}

/** Takes the requests of one app. */
export interface NativeReceiver {
  /** Checks what is known of a request before its body; throws with status 405, 413 or 415. */
  checkRequest(method: string, contentType: string | undefined, bodyBytes: number | undefined): void;
  /**
   * Reads a request by its query line, with or without what stands before the question mark, and its body. Gives the
   * event's record, as JSON text: `command`, `kind`, `id`, `platform`, `clientIp`, `eventTime` (Unix milliseconds),
   * `accounts`, `body`; what is not known is left out.
   */
  read(query: string, body: Uint8Array, nowS: number): string;
  /** Gives its memory back, where that is needed. */
  free?(): void;
}

/**
 * How sending failed: no connection came about, so the service has seen nothing (`not_sent`); the connection broke
 * after that, or nobody can tell (`lost`); no whole answer in time; the answer is longer than 16 MiB.
 */
export type FailureKind = 'not_sent' | 'lost' | 'timeout' | 'too_large';

/** An error as the core reports it; what is not known is left out. `Error::to_record` in the core writes it. */
export interface ErrorRecord {
  /** The sort of failure, such as `InvalidInput`. */
  kind: string;
  /** The whole message on one line: what, where, the service's words, why, what to do. */
  text: string;
  /** What is wrong, alone. */
  message: string;
  code?: number;
  errorInfo?: string;
  operation?: string;
  path?: string;
  cause?: string;
  cure?: string;
  httpStatus?: number;
  attempts?: number;
  maybeApplied?: boolean;
  retryAfterMs?: number;
  body?: string;
}
