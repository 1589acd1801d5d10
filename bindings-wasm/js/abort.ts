/** Listening to AbortSignals: the caller's, and that of a client which is closed by force. */

const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted, until the function that it gives is called.
 *
 * One listener a signal, however many calls share it: Node warns of a leak from the eleventh.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = watched.get(signal);
  if (callbacks === undefined) {
    const listeners = new Set<() => void>();
    signal.addEventListener(
      'abort',
      () => {
        for (const listener of [...listeners]) {
          listener();
        }
      },
      { once: true },
    );
    watched.set(signal, listeners);
    callbacks = listeners;
  }
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

/** The same for several signals: calls back at the first of them. */
export function onAnyAbort(signals: readonly AbortSignal[], callback: () => void): () => void {
  const forget = signals.map((signal) => onAbort(signal, callback));
  return () => {
    for (const one of forget) {
      one();
    }
  };
}
