/** Listening to what ends calls: the caller's AbortSignals, and a client that is closed by force. */

const watched = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * The end of a client by force, or of one try.
 *
 * Not an AbortController: in workerd that belongs to the request during which it was made, and the calls of every other
 * request would fail for touching it; and in Node it costs more than everything else around a request together.
 */
export class Ending {
  aborted = false;
  reason: unknown;
  #callbacks: Set<() => void> | undefined;

  /** Ends everything. A second time does nothing. */
  abort(reason: unknown): void {
    if (!this.aborted) {
      this.aborted = true;
      this.reason = reason;
      if (this.#callbacks !== undefined) {
        callAll(this.#callbacks);
      }
    }
  }

  /** Calls back at the end, until the function that it gives is called. */
  listen(callback: () => void): () => void {
    this.#callbacks ??= new Set();
    const callbacks = this.#callbacks.add(callback);
    return () => callbacks.delete(callback);
  }
}

/** What ends a call when it is aborted. */
export type Abortable = AbortSignal | Ending;

/** Calls back when the first of them is aborted, until the function that it gives is called. */
export function onAnyAbort(signals: readonly Abortable[], callback: () => void): () => void {
  const forget = signals.map((one) => (one instanceof Ending ? one.listen(callback) : onAbort(one, callback)));
  return () => {
    for (const one of forget) {
      one();
    }
  };
}

/** One listener a signal, however many calls share it: Node warns of a leak from the eleventh. */
function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let callbacks = watched.get(signal);
  if (callbacks === undefined) {
    const listeners = new Set<() => void>();
    signal.addEventListener('abort', () => callAll(listeners), { once: true });
    watched.set(signal, listeners);
    callbacks = listeners;
  }
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

function callAll(callbacks: Set<() => void>): void {
  for (const callback of [...callbacks]) {
    callback();
  }
}
