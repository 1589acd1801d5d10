/** `codes`: what the service's error codes mean. */

import { Failure, factsLines, note, write, writeJson } from './output.js';
import { type Flags, facts } from './settings.js';

/** A meaning of a code, as the core tells it. */
interface Meaning {
  code: number;
  kind: string;
  cause: string;
  cure: string;
  retry: string;
  calls: string[];
}

export function codes(given: string[], { search, json }: Flags): number {
  if (given.length > 0 === (search !== undefined)) {
    throw new Failure('Give codes, or words by --search.');
  }
  return search === undefined ? explainAll(given, json) : find(search, json);
}

function ask(text: string, isCode: boolean): Meaning[] {
  return JSON.parse(facts('codes').findCodes(text, isCode));
}

function explainAll(given: string[], json = false): number {
  for (const code of given) {
    if (!/^-?\d+$/.test(code)) {
      throw new Failure(`${code} is not a code. To find codes by words: --search ${code}`);
    }
    if (code.length > 19) {
      throw new Failure(`${code} is not a code: it is too large.`);
    }
  }
  const found = given.map((code) => ask(code, true));
  if (json) {
    writeJson(found.flat());
  } else if (found.flat().length > 0) {
    const shown = found.flat().map(({ code, calls, kind, cause, cure, retry }) => {
      return factsLines({ code, calls: calls.join(', ') || null, kind, cause, cure, retry });
    });
    write(shown.join('\n\n'));
  }
  const unknown = given.filter((_, at) => found[at]?.length === 0);
  if (unknown.length > 0) {
    const cure = 'look at the ErrorInfo of the answer, or search by words: tencent-im codes --search WORDS';
    throw new Failure(`not documented: ${unknown.join(', ')}`, cure, 1);
  }
  return 0;
}

function find(words: string, json = false): number {
  if (words.trim() === '') {
    throw new Failure('--search needs words.');
  }
  const found = ask(words, false);
  if (json) {
    writeJson(found);
  }
  if (found.length === 0) {
    throw new Failure(`no code has all the words: ${words}`, 'try fewer words', 1);
  }
  if (!json) {
    write(found.map(({ code, kind, cause }) => `${code}\t${kind}\t${cause}`).join('\n'));
    note(`\n${found.length} found. \`tencent-im codes CODE\` tells what to do about one.`);
  }
  return 0;
}
