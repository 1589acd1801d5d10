/// <reference lib="esnext.disposable" preserve="true" />
/** The client: what all its calls share, and the calls by group. */

import { monoMs, unixMs } from './clock.js';
import { encode } from './encode.js';
import { random32 } from './entropy.js';
import { Resources } from './generated.js';
import { coreName, type OpName, type ParamsOf, type ResultOf } from './ops.js';
import { type CallDefaults, type CallOptions, type ClientOptions, layered, readCallOptions } from './options.js';
import type { Platform } from './platform.js';
import { PreparedRequest } from './prepared.js';
import { asked, errorHere, errorOfJson, errorThrown } from './records.js';
import { Shared } from './shared.js';
import { readStep, type Step } from './steps.js';
import { signUserSigOf } from './usersig.js';

/** An answer that came by the caller's own HTTP. */
export interface AnyReply {
  /** HTTP status. */
  status: number;
  /** The body, decoded from any content encoding. */
  body: string | Uint8Array;
  /** The headers, where they are at hand: `Retry-After` says when a further call is worth while. */
  headers?: { get(name: string): string | null } | Readonly<Record<string, unknown>> | undefined;
}

/**
 * A client of one app. Make one and share it: it keeps the admin's UserSig and the connections.
 *
 * Making one does no I/O, so it may stand at the top of a module, also in an edge worker.
 */
export class BaseClient<Options extends ClientOptions = ClientOptions> extends Resources {
  /** Closes the client at the end of an `await using` block, where the runtime knows that. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #shared: Shared<Options>;
  readonly #defaults: CallDefaults | undefined;

  /** @throws ConfigError for settings that cannot work; where the core must be waited for, the first call throws it. */
  constructor(platform: Platform<Options>, options: Options | Clone<Options>) {
    // `this` is there when a call is made.
    const box: { client?: BaseClient<Options> } = {};
    super((op, params, callOptions) => (box.client as BaseClient<Options>).#call(op, params, callOptions));
    box.client = this;
    if (options instanceof Clone) {
      this.#shared = options.shared;
      this.#defaults = options.defaults;
    } else {
      this.#shared = new Shared(platform, options);
    }
  }

  /**
   * A client with other settings for its calls; where it says nothing, this client's hold. Both are one client of the
   * service: connections, pacing and the admin's UserSig are shared, and closing either closes both.
   *
   * @throws ConfigError for a setting that is unknown or cannot work; where the core must be waited for, the first
   * call throws it.
   */
  withOptions(defaults: CallDefaults): this {
    this.#shared.checkOpen();
    if (typeof defaults !== 'object' || defaults === null) {
      const cure = 'write client.withOptions({ timeoutMs: 5000 })';
      throw errorHere({ kind: 'Config', message: 'the settings are no object', cure });
    }
    if ((defaults as CallOptions).signal !== undefined) {
      const cure = 'pass the signal to each call that it is to end';
      throw errorHere({ kind: 'Config', path: 'signal', message: 'it is for single calls', cure });
    }
    const json = encode(defaults, { kind: 'Config' });
    asked(() => this.#shared.opened?.checkCallOptions(json));
    // A copy: what the caller does to its object later has no effect.
    const clone = new Clone(this.#shared, layered(this.#defaults ?? {}, structuredClone(defaults)));
    // The class of this very client, but not its constructor: nobody knows what a subclass wants to be given.
    return Reflect.construct(BaseClient, [undefined, clone], this.constructor as typeof BaseClient) as this;
  }

  /** Signs a UserSig for a user. `expire` in seconds, 180 days where none is given; `now` in Unix seconds. */
  signUserSig(userId: string, options?: { expire?: number | undefined; now?: number | undefined }): string {
    return signUserSigOf(this.#shared.loaded(), userId, options);
  }

  /**
   * Makes the request of a call for callers with their own HTTP: it is not sent. Each is for one sending.
   * Send it, then hand the answer to {@link parse}. There are no retries on this way.
   */
  prepare<Name extends OpName>(op: Name, params: ParamsOf<Name>, options?: CallOptions): PreparedRequest;
  /** The same by the name in the core, such as `accounts.import_account`. */
  prepare(op: `${string}.${string}_${string}`, params: object, options?: CallOptions): PreparedRequest;
  prepare(op: string, params: object, options?: CallOptions): PreparedRequest {
    const operation = coreName(op);
    const client = this.#shared.loaded(operation);
    const { json } = this.#read(options, operation);
    const input = encode(params ?? {}, { kind: 'InvalidInput', operation });
    const step = readStep(
      asked(() => client.prepare(operation, input, json, monoMs(), unixMs(), random32(), random32())),
    );
    if (step.send === undefined) {
      throw unexpected(step);
    }
    return new PreparedRequest(step.send);
  }

  /** Reads an answer to a prepared request: gives the call's result, or throws what the service reported. */
  parse<Name extends OpName>(op: Name, reply: AnyReply): ResultOf<Name>;
  /** The same by the name in the core, such as `accounts.import_account`. */
  parse(op: `${string}.${string}_${string}`, reply: AnyReply): unknown;
  parse(op: string, reply: AnyReply): unknown {
    const operation = coreName(op);
    const client = this.#shared.loaded(operation);
    const { status, date, body, retryAfter } = readReply(reply, operation);
    const step = readStep(asked(() => client.parse(operation, status, date, body, retryAfter)));
    if (step.result === undefined) {
      throw unexpected(step);
    }
    return JSON.parse(step.result);
  }

  /**
   * Ends the client: a further call throws a ConfigError. Calls under way go on to their ends; the promise waits for
   * them and then gives back sockets and memory. A second time it does nothing, except by force.
   *
   * `force` cancels the calls under way: each throws a CallCancelledError that says whether it may have taken effect.
   */
  close(options?: { force?: boolean | undefined }): Promise<void> {
    return this.#shared.close(options?.force);
  }

  /** What every call of a resource comes down to. What is wrong is told by the promise, never thrown. */
  #call<Result>(op: string, params: object, options?: CallOptions): Promise<Result> {
    try {
      this.#shared.checkOpen(op);
      const { json, signal } = this.#read(options, op);
      // Written before anything is waited for: what the caller does to its object later has no effect.
      const input = encode(params ?? {}, { kind: 'InvalidInput', operation: op });
      return this.#shared.call(op, input, json, signal) as Promise<Result>;
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  #read(options: CallOptions | undefined, operation: string): ReturnType<typeof readCallOptions> {
    return readCallOptions(options, operation, this.#defaults);
  }
}

/** What a client made by `withOptions` is made from. */
class Clone<Options extends ClientOptions> {
  constructor(
    readonly shared: Shared<Options>,
    readonly defaults: CallDefaults,
  ) {}
}

// Symbol.asyncDispose is younger than some runtimes: a method of that name would be called "undefined" there.
if (typeof Symbol.asyncDispose === 'symbol') {
  Object.defineProperty(BaseClient.prototype, Symbol.asyncDispose, {
    value(this: BaseClient) {
      return this.close();
    },
    configurable: true,
    writable: true,
  });
}

function readReply(
  reply: AnyReply,
  operation: string,
): { status: number; date: string | undefined; body: string; retryAfter: string | undefined } {
  const { status, headers, body } = reply ?? {};
  const refuse = (path: string, message: string, cure: string) =>
    errorHere({ kind: 'InvalidInput', operation, path, message, cure });
  if (!Number.isInteger(status) || status < 0 || status > 999) {
    throw refuse('status', 'it is no HTTP status', 'pass { status, body } of the answer');
  }
  const header = (wanted: string): string | undefined => {
    const value =
      typeof headers?.get === 'function'
        ? (headers as { get(name: string): string | null }).get(wanted)
        : Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];
    return typeof value === 'string' ? value : undefined;
  };
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  if (typeof text !== 'string') {
    throw refuse('body', 'it is neither text nor bytes', "pass the answer's text, such as await response.text()");
  }
  return { status, date: header('date'), body: text, retryAfter: header('retry-after') };
}

function unexpected(step: Step): Error {
  return step.error === undefined ? errorThrown('an unexpected step') : errorOfJson(step.error);
}
