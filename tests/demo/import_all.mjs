// Imports accounts sixty-four at a time; runs in Node and in a worker alike.

/** Gives how many were imported, which failed and why, and how long it took. */
export async function importAll(im, accounts) {
  const errors = new Array(accounts.length);
  let next = 0;
  const worker = async () => {
    while (next < accounts.length) {
      const at = next++;
      try {
        await im.accounts.importAccount(accounts[at]);
      } catch (error) {
        errors[at] = String(error.message);
      }
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 64 }, worker));
  const seconds = (performance.now() - started) / 1000;
  // The first row of the file is its heading.
  const failed = accounts.flatMap((account, at) =>
    errors[at] ? [{ row: at + 2, user_id: account.userId, error: errors[at] }] : [],
  );
  return { imported: accounts.length - failed.length, failed, seconds };
}
