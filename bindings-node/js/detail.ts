/** Says what an error says: its code, and its message where that adds something. The core takes secrets out of it. */
export function describe(error: unknown): string {
  // Happy Eyeballs tries several addresses and reports them all, with an empty message of its own.
  const one = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  if (!(one instanceof Error)) return String(one);
  const code = (one as NodeJS.ErrnoException).code;
  if (typeof code !== 'string' || one.message.includes(code)) return one.message;
  return one.message === '' ? code : `${one.message} (${code})`;
}
