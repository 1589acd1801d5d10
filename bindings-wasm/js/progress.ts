/** How far a run over many items has come, and telling its caller. */

import { monoMs } from './clock.js';

/** How far a run has come, in items. */
export interface RunProgress {
  /** Done by the service. */
  done: number;
  /** Refused by the service. */
  failed: number;
  /** Refused before anything was sent. */
  refused: number;
  /** May have taken effect: the answer was lost, and the call is not safe to retry. */
  unknown: number;
  /** Came before in this run, and were not sent again. */
  duplicates: number;
  /** Passed over, since an earlier run of this checkpoint has their results. */
  skipped: number;
  /** Of the items of the earlier runs, those that failed, were refused or are unknown. */
  skippedFailed: number;
  /**
   * May have been sent by the earlier run, which was stopped before it had their results. They are sent again, or are
   * `unknown` if the call is not safe to retry.
   */
  resent: number;
  /** Taken from the source, without a result yet. */
  inFlight: number;
  /** Results a second, over the last five seconds. */
  rate: number;
  /** Milliseconds since the run began. */
  elapsedMs: number;
}

/** Receives the progress. */
export type OnProgress = (progress: RunProgress) => void | Promise<void>;

/** What the core counts. */
export type Counts = Pick<RunProgress, 'done' | 'failed' | 'refused' | 'unknown' | 'duplicates' | 'skipped'>;

/** How often the progress is told, and how much of it the rate is reckoned over, in milliseconds. */
const TELL_MS = 100;
const WINDOW_MS = 5_000;

/** Follows a run. */
export class ProgressMeter {
  counts: Counts = { done: 0, failed: 0, refused: 0, unknown: 0, duplicates: 0, skipped: 0 };
  /** Items taken from the source. */
  offered = 0;
  #onProgress: OnProgress | undefined;
  #resent = 0;
  #skippedFailed = 0;
  #beganMs: number | undefined;
  #endedMs: number | undefined;
  #toldMs = 0;
  /** Times since the beginning, and the results until then; the oldest first. */
  readonly #samples: [number, number][] = [[0, 0]];

  begin(onProgress: OnProgress | undefined, resent: number, skippedFailed: number): void {
    this.#onProgress = onProgress;
    [this.#resent, this.#skippedFailed] = [resent, skippedFailed];
    this.#beganMs = monoMs();
  }

  /** Stops the clock. */
  end(): void {
    this.#endedMs ??= monoMs();
  }

  get progress(): RunProgress {
    const { done, failed, refused, unknown, duplicates, skipped } = this.counts;
    const total = done + failed + refused + unknown + duplicates;
    const elapsedMs = this.#beganMs === undefined ? 0 : (this.#endedMs ?? monoMs()) - this.#beganMs;
    const samples = this.#samples;
    if (elapsedMs - (samples.at(-1)?.[0] ?? 0) >= TELL_MS) {
      samples.push([elapsedMs, total]);
    }
    while (samples.length > 1 && elapsedMs - (samples[1]?.[0] ?? 0) >= WINDOW_MS) {
      samples.shift();
    }
    const [sinceMs, before] = samples[0] ?? [0, 0];
    return {
      done,
      failed,
      refused,
      unknown,
      duplicates,
      skipped,
      skippedFailed: this.#skippedFailed,
      resent: this.#resent,
      inFlight: this.offered - skipped - total,
      rate: elapsedMs > sinceMs ? ((total - before) * 1000) / (elapsedMs - sinceMs) : 0,
      elapsedMs,
    };
  }

  /** Tells the progress if it is time to. Returns the promise that was told then; what the caller's function throws fails it. */
  tell(isEnd: boolean): Promise<void> | undefined {
    const nowMs = monoMs();
    const isDue = isEnd || nowMs - this.#toldMs >= TELL_MS;
    return isDue && this.#onProgress !== undefined ? this.#tellNow(this.#onProgress, nowMs) : undefined;
  }

  async #tellNow(onProgress: OnProgress, nowMs: number): Promise<void> {
    this.#toldMs = nowMs;
    try {
      await onProgress(this.progress);
    } catch (thrown) {
      // The run ends with this, and a function that has failed is not told so.
      this.#onProgress = undefined;
      throw thrown;
    }
  }
}
