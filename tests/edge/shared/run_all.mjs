/** Runs cases, one after the other, and gives `{ name, error? }` for each: for runtimes without a test runner. */
export async function runAll(cases, context) {
  const results = [];
  for (const { name, run } of cases) {
    try {
      await run(context);
      results.push({ name });
    } catch (error) {
      results.push({ name, error: String(error?.stack ?? error) });
    }
  }
  return results;
}
