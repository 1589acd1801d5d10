/** Listening to the caller's AbortSignals. */

/** What ends when a signal is aborted. */
export interface Abortee {
  abort(reason: unknown): void;
}

const watched = new WeakMap<AbortSignal, Set<Abortee>>();

/**
 * Ends it when the signal is aborted, unless it is forgotten before. One listener a signal, however many calls share
 * it: Node warns of a leak from the eleventh.
 */
export function watch(signal: AbortSignal, abortee: Abortee): void {
  let all = watched.get(signal);
  if (all === undefined) {
    const abortees = new Set<Abortee>();
    signal.addEventListener(
      'abort',
      () => {
        for (const one of [...abortees]) {
          one.abort(signal.reason);
        }
      },
      { once: true },
    );
    watched.set(signal, abortees);
    all = abortees;
  }
  all.add(abortee);
}

/** The signal means nothing to it any more. */
export function forget(signal: AbortSignal, abortee: Abortee): void {
  watched.get(signal)?.delete(abortee);
}
