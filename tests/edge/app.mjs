// What runs inside Deno, Bun and workerd: the vectors and the cases.

import { runCases } from './shared/cases.mjs';
import { runVectors } from './shared/vectors.mjs';

/** `input`: { context, files }, as JSON can hold them. */
export async function run(sdk, native, { context, files }) {
  return { vectors: runVectors(sdk, native, files), cases: await runCases({ ...context, sdk }) };
}
