/** Listens to the caller's AbortSignals. */

/** Ends when a signal is aborted. */
export interface Abortable {
  abort(reason: unknown): void;
}

const watched = new WeakMap<AbortSignal, Set<Abortable>>();

/**
 * Aborts it when the signal is aborted, unless it is forgotten before. Adds one listener per signal, however many calls
 * share it: Node warns of a leak from the eleventh listener on.
 */
export function watch(signal: AbortSignal, abortable: Abortable): void {
  let all = watched.get(signal);
  if (all === undefined) {
    const watching = new Set<Abortable>();
    signal.addEventListener(
      'abort',
      () => {
        for (const each of [...watching]) {
          each.abort(signal.reason);
        }
      },
      { once: true },
    );
    watched.set(signal, watching);
    all = watching;
  }
  all.add(abortable);
}

/** Stops watching the signal for it. */
export function forget(signal: AbortSignal, abortable: Abortable): void {
  watched.get(signal)?.delete(abortable);
}
