/** The HTTP library's words about a failure, fit for an error message: never with a URL, which holds a UserSig. */

const LONGEST = 200;

/** Says what an error says: its code, and its message where that adds something. */
export function describe(error: unknown): string {
  // Happy Eyeballs tries several addresses and reports them all, with an empty message of its own.
  const one = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  if (!(one instanceof Error)) return clean(String(one));
  const code = (one as NodeJS.ErrnoException).code;
  if (typeof code !== 'string' || one.message.includes(code)) return clean(one.message);
  return clean(one.message === '' ? code : `${one.message} (${code})`);
}

function clean(text: string): string {
  const safe = text
    .replace(/\bhttps?:\/\/\S+/gi, 'the URL')
    .replace(/\b(usersig|identifier)=[^&\s]*/gi, '$1=...')
    .replace(/\s+/g, ' ')
    .trim();
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}...` : safe;
}
