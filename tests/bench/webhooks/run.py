"""Webhook events a second: through the core, through `receive`, and through servers against the same without hooks.

`make bench-webhooks`; `python -m webhooks.run --help` for the options.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict

from common import (
    ROOT,
    cores,
    median,
    node_version,
    note,
    print_machine,
    print_table,
    python_versions,
    run,
    started,
)

HERE = ROOT / "tests/bench/webhooks"
CORE = str(ROOT / "target/release/tencent-im-bench-webhooks")

# What runs without a network: name, command, most microseconds for an event.
ALONE: list[tuple[str, list[str], float | None]] = [
    ("core", [CORE], 5.0),
    ("Node receive", ["node", str(HERE / "receive.mjs")], None),
    ("Python areceive", [sys.executable, str(HERE / "receive.py"), "areceive"], None),
    ("Python receive", [sys.executable, str(HERE / "receive.py"), "receive"], None),
]

# Servers: name, command; the same server without hooks has "constant" for "hooks".
SERVERS: list[tuple[str, list[str]]] = [
    ("Node node:http", ["node", str(HERE / "server.mjs"), "node"]),
    ("Node Hono (Request, Response)", ["node", str(HERE / "server.mjs"), "hono"]),
    ("Python uvicorn (ASGI)", [sys.executable, str(HERE / "server.py"), "asgi"]),
    ("Python uvicorn, Starlette", [sys.executable, str(HERE / "server.py"), "starlette"]),
    ("Python waitress (WSGI)", [sys.executable, str(HERE / "server.py"), "wsgi"]),
    ("Python waitress (WSGI), threads=0", [sys.executable, str(HERE / "server.py"), "wsgi-inline"]),
    ("Python waitress, Flask", [sys.executable, str(HERE / "server.py"), "flask"]),
    ("Python waitress, Flask, threads=0", [sys.executable, str(HERE / "server.py"), "flask-inline"]),
]
KINDS = ["hooks", "constant"]
LEAST = 0.7
CONNECTIONS = 16


def measure(command: list[str], seconds: float, cores_: tuple[int | None, int | None]) -> dict[str, float]:
    """Asks a server after it has warmed up: events a second, and its CPU time for one."""
    with started(command, cores_[0]) as (at, process):
        load = ["node", str(HERE / "load.mjs"), str(at["port"]), at["path"], str(CONNECTIONS)]
        run([*load, str(max(2.0, seconds))], cores_[1])  # V8 compiles for thousands of requests
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("now\n")
        process.stdin.flush()
        [result] = run([*load, str(seconds)], cores_[1])
        process.stdin.close()
        cpu_us = json.loads(process.stdout.readline())["cpu_us"]
    return {"per_s": result["per_s"], "cpu_us": cpu_us / result["answers"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one measurement")
    parser.add_argument("--only", default="", help="the rows with this text in their name, such as Python")
    options = parser.parse_args()
    alone_rows = [row for row in ALONE if options.only in row[0]]
    servers = [row for row in SERVERS if options.only in row[0]]
    available = cores()
    pinned = (available[0], available[-1]) if len(available) > 1 else (None, None)
    print_machine(
        ", ".join(node_version(name) for name in ("tencent-im", "hono", "@hono/node-server")),
        python_versions("tencent-im", "uvicorn", "starlette", "httptools", "uvloop", "waitress", "flask"),
    )
    print(f"taken:    medians of {options.rounds} interleaved rounds of {options.seconds} s, after 2 s to warm up")
    print(f"event:    a one-to-one message of 1,000 bytes, signed, rejected by its handler; {CONNECTIONS} connections")
    print("constant: the same server, which reads the body as JSON and answers a constant\n", flush=True)

    alone: dict[str, list[float]] = defaultdict(list)
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    costs: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number in range(options.rounds):
        note(f"round {number + 1} of {options.rounds}")
        for name, command, _ in alone_rows:
            alone[name].append(run([*command, str(options.seconds)], pinned[1])[0]["per_s"])
        for name, command in servers:
            for kind in KINDS:
                result = measure([*command, kind], options.seconds, pinned)
                rates[name, kind].append(result["per_s"])
                costs[name, kind].append(result["cpu_us"])

    rows = []
    for name, _, most in alone_rows:
        per_s = median(alone[name])
        missed = " missed" if most is not None and 1e6 / per_s > most else ""
        target = "" if most is None else f"≤ {most:g} µs{missed}"
        rows.append([name, f"{per_s:,.0f}", f"{1e6 / per_s:.1f}", "", "", "", target])
    for name, _ in servers:
        rate, cost = (median(values[name, "hooks"]) for values in (rates, costs))
        bare, bare_cost = (median(values[name, "constant"]) for values in (rates, costs))
        ratio = rate / bare
        target = f"≥ {LEAST:g}{' missed' if ratio < LEAST else ''}"
        rows.append(
            [name, f"{rate:,.0f}", f"{cost:.1f}", f"{bare:,.0f}", f"{ratio:.2f}", f"{bare_cost / cost:.2f}", target]
        )
    print_table(["way in", "per second", "µs CPU", "constant", "ratio", "CPU ratio", "target"], rows)
    print(
        "\nWithout a network, per second of CPU time. ratio: events a second against the constant; CPU ratio: the same"
    )
    print("by the CPU time that the server takes for an event.")


if __name__ == "__main__":
    main()
