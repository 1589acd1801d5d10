/** The base of every group of calls. */

import type { OpenRun } from './bulk.js';
import type { NativePages } from './native.js';
import type { CallOptions } from './options.js';

/** Makes calls by their names in the core, such as `accounts.import_account`. */
export interface Caller {
  /** @internal */
  _call<Result>(op: string, params: object, options?: CallOptions): Promise<Result>;
  /** @internal */
  _openPages(op: string, params: object, resume: string | undefined): Promise<NativePages>;
  /** @internal */
  _openRun(op: string, fields: object, settings: object, options: CallOptions): Promise<OpenRun>;
}

/** A group of calls of a client. */
export abstract class APIResource {
  /** @internal */
  protected readonly _client: Caller;

  constructor(client: Caller) {
    this._client = client;
  }
}
