"""The cold start of a worker in workerd: with nothing, with the client, with webhooks, with both.

`make bench-workers`; `python -m workers.run --help` for the options.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import Any

from common import ROOT, median, node_version, note, print_machine, print_table, run

KINDS = ["nothing", "client", "both", "webhooks"]
COLUMNS = ["listening_ms", "first_ms", "second_ms", "cpu_ms"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each worker is started")
    options = parser.parse_args()
    print_machine(", ".join(node_version(name) for name in ("tencent-im-wasm", "miniflare", "workerd")))
    print(f"taken:    medians of {options.rounds} interleaved rounds; each start is a process of its own\n", flush=True)
    taken: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number in range(options.rounds):
        note(f"round {number + 1} of {options.rounds}")
        for kind in KINDS:
            taken[kind] += run(["node", str(ROOT / "tests/bench/workers/start.mjs"), kind])
    rows = []
    for kind in KINDS:
        last = taken[kind][-1]
        times = [[start[name] for start in taken[kind] if start[name] is not None] for name in COLUMNS]
        total = [start["listening_ms"] + start["first_ms"] for start in taken[kind]]
        spread = f"{min(total):.0f} to {max(total):.0f}"
        sizes = [f"{last[name] / 1000:.1f}" for name in ("script_gzip", "wasm_gzip")]
        rows.append([kind, *(f"{median(each):.1f}" if each else "" for each in times), spread, *sizes])
    head = ["worker", "ms to listen", "ms first", "ms second", "ms CPU", "ms listen + first", "kB script", "kB wasm"]
    print_table(head, rows)
    print("\nkB are of gzip. both: the client makes the call, and webhooks are imported beside it. ms CPU: of workerd,")
    print("until the first answer.")


if __name__ == "__main__":
    main()
