/**
 * The interface of the Rust core, compiled to WebAssembly or as a Node addon.
 *
 * Values cross it as text, mostly JSON: one code path in the core serves both, and text is cheaper than reading or making
 * JavaScript objects from Rust.
 *
 * Times are milliseconds: `monoMs` of a clock that never jumps back, `unixMs` since 1970; both whole numbers.
 */
export interface Native {
  /** Version of the core, such as `0.1.0`. */
  version(): string;
  /**
   * Opens a client. `optionsJson` has the settings of the core's `ClientOptions` in camelCase; `own` the names, joined by
   * commas, of the settings that JavaScript reads, for "did you mean"; `region` and `baseUrl` come from the environment.
   * Uses no I/O, clock or random numbers.
   *
   * @throws Error whose message is an {@link ErrorRecord} in JSON, as do all functions here that do not return a step.
   */
  open(
    sdkAppId: number,
    secretKey: string,
    optionsJson: string,
    own: string,
    region?: string | undefined,
    baseUrl?: string | undefined,
  ): NativeClient;
  /** Checks and trims the text of an environment variable. Returns nothing if it is blank. */
  readVariable(name: string, text: string): string | null | undefined;
  /**
   * Verifies a UserSig. `paramsJson`: `secretKey` (a list), `now` (Unix seconds), and optionally `sdkAppId`, `userId`,
   * `leeway`, `allowUserbuf`. Returns its contents in JSON.
   */
  verifyUserSig(userSig: string, paramsJson: string): string;
  /** Reads a UserSig without a key. Returns its contents in JSON. */
  inspectUserSig(userSig: string, nowS: number): string;
  /**
   * Runs another UserSig function by its name in the core (`usersig::tool`): `explain_user_sig`, `sign_private_map_key`,
   * `parse_private_map_key`. Parameters and result are JSON.
   */
  userSigTool(name: string, paramsJson: string): string;
  /** Signs one UserSig. Prepares the key for it alone and keeps nothing. */
  signUserSig(sdkAppId: number, secretKey: string, userId: string, nowS: number, expireS: number): string;
  /** Opens a signer, which prepares the key once for all its signatures. */
  openSigner(sdkAppId: number, secretKey: string): NativeSigner;
  /** Begins an iteration over a paged call, from its parameters in JSON or from a cursor. */
  openPages(op: string, params: string, cursor: string | undefined): NativePages;
  /** Returns the {@link ErrorRecord} of `count` failed items of a reply in JSON, from the first item. */
  partialError(
    count: number,
    path: string,
    code: number | undefined,
    cause: string | undefined,
    cure: string | undefined,
  ): string;
}

/** One iteration over a paged call. Sends nothing itself. */
export interface NativePages {
  /** Returns what stays the same, in JSON: `items` (names of the result's lists), `reads` (names for `turn`), `skip`. */
  facts(): string;
  /** Returns the fields of the next page's request in JSON, or nothing after the last page. */
  next(): string | null | undefined;
  /** Takes a page's result in JSON, or the part of it named by `reads`. */
  turn(result: string): void;
  /** Returns the cursor that continues after `taken` items of this page. */
  cursor(taken: number): string | null | undefined;
  /** Frees its memory. Only WebAssembly needs it. */
  free?(): void;
}

/** Signs for one app. */
export interface NativeSigner {
  /** Signs a UserSig for a user. */
  signUserSig(userId: string, nowS: number, expireS: number): string;
  /**
   * Signs for several users. Their ids are joined by line breaks, and so are the UserSigs. Errors have a path such as
   * `userIds[3]`.
   */
  signMany(userIds: string, nowS: number, expireS: number): string;
}

/** State shared by a client's calls: the admin's UserSig, and the calls under way by number. */
export interface NativeClient {
  /** Seeds the calls' random numbers with two random 32-bit numbers. Required before the first call or request. */
  seed(hi: number, lo: number): void;
  /**
   * Begins a call and returns its first step (see `steps.ts`). `op` is a name such as `accounts.import_account`; `input`
   * and `options` are JSON. Bad input gives a step with `error`.
   */
  start(op: string, input: string, options: string | undefined, monoMs: number, unixMs: number): string;
  /**
   * Begins a call that cannot be sent yet because all connections are in use, and returns the step of {@link hold}. Bad
   * input is refused as by {@link start}.
   */
  register(op: string, input: string, options: string | undefined, monoMs: number, unixMs: number): string;
  /**
   * Holds a call until a connection is free; then poll it. The step's `waitUntilMs` is the call's deadline, at which it
   * must {@link expire}.
   */
  hold(id: number): string;
  /** Ends a held call at its deadline. Returns a step with `error`. */
  expire(id: number): string;
  /** Returns the next step, once the time of `waitUntilMs` has come. */
  poll(id: number, monoMs: number, unixMs: number): string;
  /**
   * Reports the reply to a `send`, whatever its HTTP status. `date` is its `Date` header, `retryAfter` its `Retry-After`
   * header, `encoding` its `Content-Encoding` if the body still has it.
   */
  onReply(
    id: number,
    status: number,
    date: string | undefined,
    body: string,
    monoMs: number,
    unixMs: number,
    retryAfter?: string | undefined,
    encoding?: string | undefined,
  ): string;
  /**
   * Reports that a `send` got no complete reply. `detail` is the HTTP library's unchanged message: the core removes secrets
   * from it.
   */
  onFailure(id: number, kind: FailureKind, detail: string, monoMs: number, unixMs: number): string;
  /** Cancels a call. Returns the {@link ErrorRecord} to throw, or nothing if the call had already ended. */
  cancel(id: number): string | null | undefined;
  /**
   * Returns whether waiting calls should be polled now, because so many others were cancelled that their turns come much
   * earlier. Ask it after {@link cancel} and {@link expire}. Resets on reading.
   */
  takeMoved(): boolean;
  /** Prepares a request for callers with their own HTTP: a step with `send` or `error`. Keeps nothing. */
  prepare(op: string, input: string, options: string | undefined, monoMs: number, unixMs: number): string;
  /** Reads a reply for callers with their own HTTP: a step with `result` or `error`. */
  parse(op: string, status: number, date: string | undefined, body: string, retryAfter: string | undefined): string;
  /** Signs a UserSig for a user of this client's app. */
  signUserSig(userId: string, nowS: number, expireS: number): string;
  /** Starts or stops keeping events for {@link takeEvents}, and drops those that are kept. */
  listen(on: boolean): void;
  /** Returns what happened since the last time, as a list of events in JSON, or nothing. */
  takeEvents(): string | null | undefined;
  /** Opens runs over many items. Only the native build has them: they would make the WebAssembly module a seventh larger. */
  openRun?: NativeRuns['openRun'];
  /** Checks settings of a call, in JSON, without making one. */
  checkCallOptions(optionsJson: string): void;
  /** Frees its memory now rather than at some garbage collection. Only WebAssembly needs it. */
  free?(): void;
}

/** A client of the native build: one that also makes runs over many items. */
export interface NativeRuns extends NativeClient {
  /**
   * Opens a run of a call over many items and gives its number. `fields` are the call's other fields; `settings` has
   * `inFlight`, `source`, and in `resume` the checkpoint of an earlier run. All JSON text.
   */
  openRun(op: string, fields: string, settings: string, options: string | undefined): number;
  /** Keeps a run's checkpoint in a file: has the run continue where the file ends. */
  openJournal(run: number, path: string): void;
  /**
   * Offers items, a line of JSON each; a line `!` with `message`, `path` and `cure` as JSON stands for one that cannot be
   * written. `next` is 0 if there are more, 1 if there are none for now, 2 if there are none at all. Gives the lines that
   * were skipped.
   */
  offerItems(run: number, lines: string, next: number): Iterable<number>;
  /** The batches that may be sent now, as numbers of calls to be polled. Their results are empty: the run has them. */
  batches(run: number, monoMs: number, unixMs: number): Iterable<number>;
  /** Settles the outcomes given before, all `but` the last so many, and gives those that have come, as JSON text. */
  takeOutcomes(run: number, but: number): string;
  /** Settles as {@link takeOutcomes} does, and gives the checkpoint of the run as text. */
  checkpoint(run: number, but: number): string;
  /** Ends a run, and lets go of its file. */
  closeRun(run: number): void;
}

/**
 * The part of the core that receives webhooks: in the Node addon, and in a WebAssembly module of its own. Everything throws
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
  /** Frees its memory. Only WebAssembly needs it. */
  free?(): void;
}

/**
 * How sending failed: no connection was made, so the service has seen nothing (`not_sent`); the connection broke later,
 * or possibly later (`lost`); no complete reply in time (`timeout`); the reply is longer than 16 MiB (`too_large`).
 */
export type FailureKind = 'not_sent' | 'lost' | 'timeout' | 'too_large';

/** An error as the core reports it (`Error::to_record`). Unknown facts are left out. */
export interface ErrorRecord {
  /** Kind of failure, such as `InvalidInput`. */
  kind: string;
  /** The whole message on one line: what, where, the service's words, why, what to do. */
  text: string;
  /** Only what is wrong. */
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
