// The vector files, and the record that they were run.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** All vector files, as `{ 'family/file.json': text }`. */
export function readVectors() {
  const vectors = join(root, 'tests/vectors');
  const names = readdirSync(vectors, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(vectors.length + 1))
    .sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(vectors, name), 'utf8')]));
}

/** Writes down which files a suite ran: tests/check_vectors.py compares the suites. */
export function recordVectors(suite, results) {
  const record = join(root, 'target/vectors-run');
  mkdirSync(record, { recursive: true });
  const lines = results.map(({ file, count }) => `${file} ${count}\n`).sort();
  writeFileSync(join(record, `${suite}.txt`), lines.join(''));
}
