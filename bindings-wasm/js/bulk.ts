/** Runs over many items: batches of them as calls, one result for each item. */

import { type Abortable, forget, watch } from './abort.js';
import { clearTimeout, monoMs, setTimeout } from './clock.js';
import { cancelled } from './driver.js';
import { encode } from './encode.js';
import { TencentImError } from './errors.js';
import { Feed, LINGER_MS } from './feed.js';
import type { ErrorRecord, NativeRuns } from './native.js';
import type { CallOptions } from './options.js';
import { type Counts, type OnProgress, ProgressMeter, type RunProgress } from './progress.js';
import { asked, errorHere, errorOf } from './records.js';
import type { Caller } from './resource.js';

/** Options of a run over many items, beside those of its calls. */
export interface RunOptions extends CallOptions {
  /** Maximum number of batches in flight. Defaults to 16. */
  inFlight?: number | undefined;
  /**
   * Called with the progress about ten times a second, and at the end. The run waits for a promise that it returns, and
   * ends with what it throws.
   */
  onProgress?: OnProgress | undefined;
  /**
   * Path of a file that records the run; Node only. A run that was stopped or killed continues where it left off when
   * given the same file and the same items. The file holds only numbers and hashes.
   */
  checkpoint?: string | undefined;
  /** Name of where the items come from. A checkpoint of another source is refused at once, not when its items differ. */
  source?: string | undefined;
  /** The `checkpoint` of an earlier run, to continue it without a file. */
  resume?: string | undefined;
  /**
   * Checks every item without sending any. Valid items end as `done`, those that a real run would refuse as `refused`.
   * Cannot be combined with `checkpoint` or `resume`. Defaults to false.
   */
  dryRun?: boolean | undefined;
}

/** What became of one item of a run. */
export interface ItemResult<Item, Reply> {
  /** The item's number, counted from 0 in the order of the source. */
  number: number;
  /** The item as it was given. */
  item: Item;
  /**
   * `done`; `failed` at the service; `refused` before anything was sent; `unknown` if the answer was lost and the call
   * is not safe to retry; `duplicate` if the same item came before.
   */
  outcome: 'done' | 'failed' | 'refused' | 'unknown' | 'duplicate';
  /** Whether the service did it. */
  ok: boolean;
  /** Why it is failed, refused or unknown; its `path` names the field. */
  error?: TencentImError;
  /** What the service says about a done item, for calls that say more than that. */
  reply?: Reply;
}

/** How a run stands in the core. */
interface State extends Counts {
  room: number;
  inFlight: number;
  isIdle: boolean;
  stopped: ErrorRecord | null;
  inDoubt: number;
  earlierFailed: number;
}

interface Outcome<Reply> {
  number: number;
  outcome: ItemResult<unknown, Reply>['outcome'];
  error?: ErrorRecord;
  reply?: Reply;
}

/** An open run: its number in the core, and how its batches are called. */
export interface OpenRun {
  client: NativeRuns;
  number: number;
  /** Drives a call that the core has made already. */
  drive(call: number): Promise<unknown>;
}

/** What comes after the items that are offered, as the core's `Next` counts it. */
const [MORE, PAUSE, END] = [0, 1, 2];
/** Rounds without a wait after which the event loop has its turn. */
const ROUNDS = 20;

/**
 * A run over many items. Iterating over it sends them and gives the result of each, in order of completion. Items are
 * read and sent as results are taken: memory does not grow with their number.
 *
 * ```js
 * for await (const result of im.accounts.importMany(users, { checkpoint: 'import.journal' })) {
 *   if (!result.ok) console.error(result.number, result.item, result.error);
 * }
 * ```
 *
 * An item counts as done, also for a later run with the same checkpoint, when the result after its own is asked for.
 */
export class BulkRun<Item, Reply> implements AsyncIterableIterator<ItemResult<Item, Reply>>, Abortable {
  readonly #client: Caller;
  readonly #op: string;
  readonly #fields: object;
  readonly #options: RunOptions;
  readonly #source: Iterable<Item> | AsyncIterable<Item>;
  #feed: Feed<Item> | undefined;
  #run: OpenRun | undefined;
  #isEnded = false;
  #isStopping = false;
  #isEndTold = false;
  /** Why the run cannot go on. */
  #failure: { error: unknown } | undefined;
  /** Items without a result. */
  readonly #items = new Map<number, Item>();
  #results: ItemResult<Item, Reply>[] = [];
  #taken = 0;
  #state: State | undefined;
  readonly #meter = new ProgressMeter();
  #checkpoint: string | undefined;
  /** Something has happened since the last wait. */
  #isWoken = false;
  #wakeUp: (() => void) | undefined;
  /** The last thing asked for: results come one after the other, whoever asks at the same time. */
  #last: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(
    client: Caller,
    op: string,
    items: Iterable<Item> | AsyncIterable<Item>,
    fields: object,
    options: RunOptions = {},
  ) {
    this.#client = client;
    this.#op = op;
    this.#source = items;
    this.#fields = { ...fields };
    // A copy, so that later changes to the caller's object have no effect.
    this.#options = typeof options === 'object' ? { ...options } : options;
  }

  /** How far the run has come. */
  get progress(): RunProgress {
    return this.#meter.progress;
  }

  /** Text from which a later run over the same items continues: pass it as `resume`. Nothing before the first result. */
  get checkpoint(): string | undefined {
    const run = this.#run;
    return run === undefined ? this.#checkpoint : asked(() => run.client.checkpoint(run.number, this.#undealt));
  }

  /** Results that were not dealt with. Whether the last one was, or its handling threw, cannot be told. */
  get #undealt(): number {
    return this.#results.length - this.#taken + (this.#taken > 0 ? 1 : 0);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ItemResult<Item, Reply>, undefined>> {
    return this.#inTurn(async () => {
      while (this.#taken >= this.#results.length) {
        if (!(await this.#load())) {
          return { done: true, value: undefined };
        }
      }
      const value = this.#results[this.#taken] as ItemResult<Item, Reply>;
      this.#taken += 1;
      return { done: false, value };
    });
  }

  /** Ends the run where it stands, as leaving a `for await` loop does. Batches in flight are given up. */
  async return(): Promise<IteratorResult<ItemResult<Item, Reply>, undefined>> {
    return this.#inTurn(async () => {
      this.#close(this.#undealt);
      return { done: true, value: undefined };
    });
  }

  /** Takes no further items. The results of those taken still come. */
  stop(): void {
    this.#isStopping = true;
    this.#feed?.stop();
    this.#wake();
  }

  /** Runs to the end without looking at the results, and returns how the items ended. */
  async finish(): Promise<RunProgress> {
    for await (const _ of this) {
      this.#taken = this.#results.length;
    }
    return this.progress;
  }

  /** @internal The caller's signal. Its batches end by themselves. */
  abort(reason: unknown): void {
    this.#failure ??= { error: cancelled(undefined, this.#op, reason) };
    this.#wake();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Gets further results; false after the last. */
  async #load(): Promise<boolean> {
    if (this.#isEnded) {
      return false;
    }
    [this.#results, this.#taken] = [[], 0];
    try {
      this.#run ??= await this.#open();
      const hasMore = await this.#turn(this.#run);
      await this.#meter.tell(!hasMore);
      return hasMore;
    } catch (thrown) {
      this.#close(this.#results.length - this.#taken);
      // Why the run ended matters more than what this may throw.
      await Promise.resolve(this.#meter.tell(true)).catch(() => undefined);
      throw thrown;
    }
  }

  /** Reads and sends until there are results; false if there will be none. */
  async #turn(run: OpenRun): Promise<boolean> {
    for (let rounds = 1; ; rounds++) {
      if (this.#failure !== undefined) {
        throw this.#failure.error;
      }
      const hasRead = this.#offer(run, this.#take(run));
      this.#send(run);
      const telling = this.#meter.tell(false);
      if (telling !== undefined) {
        await telling;
      }
      if (hasRead) {
        if (rounds % ROUNDS === 0) {
          await new Promise<void>((resolve) => setTimeout(resolve, 0));
        }
        continue;
      }
      // A batch may have ended at once.
      const { isIdle, stopped } = this.#take(run);
      if (this.#results.length > 0) {
        return true;
      }
      if (isIdle && (this.#isEndTold || stopped !== null)) {
        this.#finish();
        return false;
      }
      await this.#wait();
    }
  }

  async #open(): Promise<OpenRun> {
    if (typeof this.#options !== 'object') {
      throw this.#fault('options', 'not an object', 'write { inFlight: 8 }');
    }
    this.#feed = new Feed(this.#source);
    const { onProgress, checkpoint, inFlight, source, resume, dryRun, ...options } = this.#options;
    if (onProgress !== undefined && onProgress !== null && typeof onProgress !== 'function') {
      throw this.#fault('onProgress', 'not a function', 'write onProgress: (progress) => console.log(progress)');
    }
    if (checkpoint !== undefined && checkpoint !== null && typeof checkpoint !== 'string') {
      throw this.#fault('checkpoint', 'not text', "pass the path of a file, such as 'import.journal'");
    }
    const run = await this.#client._openRun(this.#op, this.#fields, { inFlight, source, resume, dryRun }, options);
    try {
      if (typeof checkpoint === 'string') {
        asked(() => run.client.openJournal(run.number, checkpoint));
      }
      if (options.signal?.aborted) {
        this.abort(options.signal.reason);
      } else if (options.signal) {
        watch(options.signal, this);
      }
      const { inDoubt, earlierFailed } = this.#ask(run, 0).state;
      this.#meter.begin(onProgress ?? undefined, inDoubt, earlierFailed);
    } catch (thrown) {
      run.client.closeRun(run.number);
      throw thrown;
    }
    if (this.#isStopping) {
      this.#feed.stop();
    }
    return run;
  }

  #fault(path: string, message: string, cure: string): TencentImError {
    return errorHere({ kind: 'InvalidInput', operation: this.#op, path, message, cure });
  }

  #ask(run: OpenRun, but: number): { outcomes: Outcome<Reply>[]; state: State } {
    const text = asked(() => run.client.takeOutcomes(run.number, but));
    return JSON.parse(text) as { outcomes: Outcome<Reply>[]; state: State };
  }

  /** Takes the outcomes that have come. Those given to the caller before are settled. */
  #take(run: OpenRun): State {
    const { outcomes, state } = this.#ask(run, this.#results.length);
    this.#state = state;
    this.#meter.counts = state;
    for (const { number, outcome, error, reply } of outcomes) {
      const item = this.#items.get(number) as Item;
      this.#items.delete(number);
      const result: ItemResult<Item, Reply> = { number, item, outcome, ok: outcome === 'done' };
      if (error !== undefined) {
        result.error = errorOf(error);
      }
      if (reply !== undefined) {
        result.reply = reply;
      }
      this.#results.push(result);
    }
    return state;
  }

  /** Offers what there is room for; whether that was anything. */
  #offer(run: OpenRun, { room }: State): boolean {
    const feed = this.#feed as Feed<Item>;
    if (this.#isEndTold || room === 0) {
      return false;
    }
    const isLate = feed.isLate;
    const items = feed.take(room, () => this.#wake());
    const lines = items.map((item) => {
      this.#items.set(this.#meter.offered++, item);
      return this.#line(item);
    });
    this.#isEndTold = feed.isEmpty;
    if (items.length === 0 && !this.#isEndTold) {
      return false;
    }
    // A source that failed, or was stopped, has more items than came.
    const isCut = this.#isStopping || feed.thrown !== undefined;
    const next = this.#isEndTold && !isCut ? END : isLate || this.#isEndTold ? PAUSE : MORE;
    const first = this.#meter.offered - items.length;
    for (const at of asked(() => run.client.offerItems(run.number, lines.join('\n'), next))) {
      // An earlier run did it: no outcome comes.
      this.#items.delete(first + at);
    }
    return true;
  }

  #line(item: Item): string {
    try {
      return item === undefined ? 'null' : encode(item, { kind: 'InvalidInput' });
    } catch (thrown) {
      if (!(thrown instanceof TencentImError)) {
        throw thrown;
      }
      const { summary, path, cure } = thrown;
      return `!${JSON.stringify({ message: summary, path, cure })}`;
    }
  }

  #send(run: OpenRun): void {
    for (const call of asked(() => run.client.batches(run.number, monoMs(), Date.now()))) {
      run.drive(call).then(
        () => this.#wake(),
        (error: unknown) => {
          this.#failure ??= { error };
          this.#wake();
        },
      );
    }
  }

  #finish(): void {
    const [stopped, thrown] = [this.#state?.stopped, this.#feed?.thrown];
    this.#close(0);
    if (stopped) {
      throw errorOf(stopped);
    }
    if (thrown !== undefined) {
      throw thrown.error;
    }
  }

  #close(but: number): void {
    const run = this.#run;
    this.#isEnded = true;
    this.#meter.end();
    [this.#results, this.#taken, this.#run] = [[], 0, undefined];
    this.#items.clear();
    this.#feed?.close();
    if (this.#options.signal) {
      forget(this.#options.signal, this);
    }
    if (run !== undefined) {
      asked(() => {
        this.#checkpoint = run.client.checkpoint(run.number, but);
        run.client.closeRun(run.number);
      });
    }
  }

  #wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  /** Waits for a batch to end, or for the source. */
  async #wait(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        this.#wakeUp = resolve;
        if (this.#feed?.isReading) {
          timer = setTimeout(resolve, LINGER_MS);
        }
      });
    }
    clearTimeout(timer);
    this.#isWoken = false;
    this.#wakeUp = undefined;
  }
}
