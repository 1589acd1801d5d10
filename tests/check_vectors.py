"""Fails when a vector file was not run by one of the languages' suites.

Each suite writes target/vectors-run/<suite>.txt: a line "family/file.json count" for every file that it ran.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# WebAssembly in Node is "wasm".
SUITES = ["rust", "python", "node", "wasm", "workerd", "deno", "bun"]


def main() -> int:
    vectors = ROOT / "tests" / "vectors"
    expected = {path.relative_to(vectors).as_posix() for path in vectors.rglob("*.json")}
    counts: dict[str, dict[str, str]] = {}
    faults = []
    for suite in SUITES:
        record = ROOT / "target" / "vectors-run" / f"{suite}.txt"
        if not record.exists():
            faults.append(f"{suite}: no record: the suite did not run its vectors")
            continue
        ran = dict(line.rsplit(" ", 1) for line in record.read_text(encoding="utf-8").splitlines())
        faults += [f"{suite}: {file} was not run" for file in sorted(expected - ran.keys())]
        faults += [f"{suite}: {file} does not exist" for file in sorted(ran.keys() - expected)]
        for file, count in ran.items():
            counts.setdefault(file, {})[suite] = count
    for file, by_suite in sorted(counts.items()):
        if len(set(by_suite.values())) > 1:
            faults.append(f"{file}: the suites ran different numbers of vectors: {by_suite}")
    for fault in faults:
        print(fault, file=sys.stderr)
    total = sum(int(next(iter(by_suite.values()))) for by_suite in counts.values())
    print(
        f"vectors: {len(expected)} files, {total} vectors, in each of {', '.join(SUITES)}"
        if not faults
        else "vectors: incomplete"
    )
    return 1 if faults or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
