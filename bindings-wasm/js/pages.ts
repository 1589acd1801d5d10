/** Iterates over paged calls. */

import type { NativePages } from './native.js';
import type { CallOptions } from './options.js';
import { asked } from './records.js';
import type { Caller } from './resource.js';

/** Options of an iteration, beside those of each of its calls. */
export interface PageOptions extends CallOptions {
  /** The `cursor` of an earlier iteration, to continue it. */
  resume?: string | undefined;
}

/** Parameters of a paged call of which the iterator fills the named ones: the page size and the position. */
export type Filled<Params, Names extends keyof Params> = Omit<Params, Names> & Partial<Pick<Params, Names>>;

/** What stays the same during an iteration. */
interface Facts {
  /** The result's lists of items. */
  items: string[];
  /** Names of the fields that the core reads of a result. */
  reads: string[];
  /** Number of items of the first page to skip, after resuming within it. */
  skip: number;
}

/**
 * All items of a paged call, fetched page by page as they are asked for.
 *
 * ```js
 * for await (const member of im.groups.iterMembers({ groupId: 'g' })) console.log(member.memberAccount);
 * ```
 */
export class Pages<Reply, Item> implements AsyncIterableIterator<Item> {
  readonly #client: Caller;
  readonly #op: string;
  readonly #params: object;
  readonly #options: PageOptions;
  #native: NativePages | undefined;
  #facts: Facts = { items: [], reads: [], skip: 0 };
  #items: Item[] = [];
  #taken = 0;
  #ended = false;
  #cursor: string | undefined;
  /** The last request for an item or a page. Concurrent requests are served one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(client: Caller, op: string, params: object, options: PageOptions = {}) {
    this.#client = client;
    this.#op = op;
    this.#params = { ...params };
    this.#options = { ...options };
    this.#cursor = options.resume;
  }

  /**
   * Position from which a later iteration continues: pass it as `resume`. Undefined before the first page and after the
   * last item. Items added or removed in the meantime may be seen twice or not at all.
   */
  get cursor(): string | undefined {
    return this.#native?.cursor(this.#taken < this.#items.length ? this.#taken : 0) ?? this.#cursor;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    return this.#inTurn(async () => {
      while (this.#taken >= this.#items.length) {
        if ((await this.#load()) === undefined) {
          return { done: true, value: undefined };
        }
      }
      const value = this.#items[this.#taken] as Item;
      this.#taken += 1;
      return { done: false, value };
    });
  }

  /** Ends the iteration, as leaving a `for await` loop does. `cursor` keeps its position. */
  async return(): Promise<IteratorResult<Item, undefined>> {
    return this.#inTurn(async () => {
      this.#end(this.cursor);
      return { done: true, value: undefined };
    });
  }

  /** Yields the remaining pages as whole results. */
  async *byPage(): AsyncGenerator<Reply, void, undefined> {
    for (;;) {
      const reply = await this.#inTurn(() => this.#load());
      if (reply === undefined) {
        return;
      }
      this.#taken = this.#items.length;
      yield reply;
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #load(): Promise<Reply | undefined> {
    const { resume, ...options } = this.#options;
    if (this.#native === undefined && !this.#ended) {
      this.#native = await this.#client._openPages(this.#op, this.#params, resume);
      this.#facts = JSON.parse(this.#native.facts()) as Facts;
    }
    const position = this.#native?.next();
    if (this.#native === undefined || position === undefined || position === null) {
      this.#end(undefined);
      return undefined;
    }
    const params = { ...this.#params, ...(JSON.parse(position) as object) };
    const reply = await this.#client._call<Reply & Record<string, unknown>>(this.#op, params, options);
    const { items, reads } = this.#facts;
    // Only the fields that the core reads, at the top and in the items.
    const native = this.#native;
    asked(() => native.turn(JSON.stringify(reply, reads)));
    this.#items = items.flatMap((list) => (Array.isArray(reply[list]) ? (reply[list] as Item[]) : []));
    this.#taken = this.#facts.skip;
    this.#facts.skip = 0;
    return reply;
  }

  #end(cursor: string | undefined): void {
    this.#ended = true;
    this.#cursor = cursor;
    this.#native?.free?.();
    this.#native = undefined;
    this.#items = [];
    this.#taken = 0;
  }
}
