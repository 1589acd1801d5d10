/** Telling a browser by what only browsers have: a document, or a worker's importScripts beside a navigator. */
export function isBrowser(): boolean {
  const scope = globalThis as {
    document?: unknown;
    window?: unknown;
    importScripts?: unknown;
    WorkerGlobalScope?: unknown;
  };
  const page = scope.window !== undefined && scope.document !== undefined;
  return page || (scope.importScripts !== undefined && scope.WorkerGlobalScope !== undefined);
}
