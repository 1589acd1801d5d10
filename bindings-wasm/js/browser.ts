/** Returns whether this is a browser: a page with a document, or a worker with importScripts. */
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
