/** Results on standard output; notes and errors on standard error. */

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
  process.stdout.write(`${text}\n`);
}

/** Writes a line beside the results. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes a value on one line, its fields named as the Python package names them. */
export function writeJson(value: unknown): void {
  write(JSON.stringify(snake(value)));
}

/** Ends with 1 if results cannot be written, quietly if nobody reads them any more. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      note(`error: standard output: ${error.message}`);
    }
    process.exit(1);
  });
  process.stderr.on('error', () => {});
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(snake);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const named = Object.entries(value).map(([name, field]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snake(field),
  ]);
  return Object.fromEntries(named);
}

/** Names and values, one a line; null is left out. */
export function factsLines(facts: Record<string, unknown>): string {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...known.map(([name]) => name.length)) + 1;
  return known.map(([name, value]) => `${`${name}:`.padEnd(width)} ${value}`).join('\n');
}

/** A time in this machine's time zone. */
export function moment(unixS: number): string {
  const offset = -new Date(unixS * 1000).getTimezoneOffset();
  if (Number.isNaN(offset)) {
    return `${unixS} (Unix seconds)`;
  }
  const two = (part: number) => String(part).padStart(2, '0');
  const local = new Date((unixS + offset * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

/** A length of time in its two largest units, such as `2 days 3 hours`. */
export function span(seconds: number): string {
  let left = Math.floor(Math.abs(seconds));
  const parts: string[] = [];
  for (const [unit, size] of Object.entries({ day: 86_400, hour: 3_600, minute: 60, second: 1 })) {
    const count = Math.floor(left / size);
    left %= size;
    if (count > 0) {
      parts.push(`${count.toLocaleString('en')} ${unit}${count > 1 ? 's' : ''}`);
    } else if (parts.length > 0) {
      break;
    }
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
}

/** Writes an error for a person, or as JSON. */
export function show(error: unknown, asJson: boolean): void {
  const facts = factsOf(error);
  if (asJson) {
    note(JSON.stringify({ error: facts }));
    return;
  }
  const { operation, path, message, code, error_info, cause, cure, maybe_applied } = facts;
  const where = [operation, path].filter(Boolean).map((name) => `${name}: `);
  const lines = [`error: ${where.join('')}${message}${code === undefined ? '' : ` (code ${code})`}`];
  const more = { service: error_info, cause, cure, note: maybe_applied ? 'it may have taken effect' : undefined };
  for (const [name, text] of Object.entries(more)) {
    if (text !== undefined) {
      lines.push(`${name}: ${text}`);
    }
  }
  note(lines.join('\n'));
}

/** What is known of an error. */
function factsOf(error: unknown): Record<string, unknown> {
  if (error instanceof TencentImError) {
    const { kind, summary: message, code, errorInfo, operation, path, cause, cure, httpStatus, attempts } = error;
    const retry_after = error.retryAfterMs === undefined ? undefined : error.retryAfterMs / 1000;
    const rest = { http_status: httpStatus, attempts, maybe_applied: error.maybeApplied, retry_after };
    return { kind, message, code, error_info: errorInfo, operation, path, cause, cure, ...rest };
  }
  const message = error instanceof Error ? error.message : String(error);
  const [cure, exitCode] = error instanceof Failure ? [error.cure, error.exitCode] : [undefined, 2];
  return { kind: exitCode === 1 ? 'Failed' : 'Usage', message, cure };
}
