/** Results on standard output; notes and errors on standard error. */

import { writeSync } from 'node:fs';

import { TencentImError } from '../index.js';

/** A command cannot do what was asked. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly cure?: string,
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}

/** Writes a result. */
export function write(text: string): void {
  writeAll(1, `${text}\n`);
}

/** Writes a line beside the results. */
export function note(text: string): void {
  writeAll(2, `${text}\n`);
}

/** Writes a value on one line. */
export function writeJson(value: unknown): void {
  write(JSON.stringify(value));
}

/** At once, so that nothing is lost when the process ends. Whoever does not read on harms nothing. */
function writeAll(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch (error) {
    if (!['EPIPE', 'EAGAIN'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}

/** Names and values, one a line; null is left out. */
export function factsLines(facts: Record<string, unknown>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length)) + 1;
  return known.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}`).join('\n');
}

/** Writes an error for a person, or as JSON. */
export function show(error: unknown, asJson: boolean): void {
  if (error instanceof TencentImError) {
    const { kind, code, operation, path, cause, cure, attempts, maybeApplied } = error;
    if (asJson) {
      note(
        JSON.stringify({
          error: { kind, message: error.summary, code, operation, path, cause, cure, attempts, maybeApplied },
        }),
      );
      return;
    }
    const where = [operation, path]
      .filter(Boolean)
      .map((name) => `${name}: `)
      .join('');
    const lines = [`error: ${where}${error.summary}${code === undefined ? '' : ` (code ${code})`}`];
    note([...lines, ...(cause ? [`cause: ${cause}`] : []), ...(cure ? [`cure: ${cure}`] : [])].join('\n'));
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const cure = error instanceof Failure ? error.cure : undefined;
  const kind = error instanceof Failure && error.exitCode === 1 ? 'Failed' : 'Usage';
  note(
    asJson ? JSON.stringify({ error: { kind, message, cure } }) : `error: ${message}${cure ? `\ncure: ${cure}` : ''}`,
  );
}
