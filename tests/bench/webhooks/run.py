"""Webhook events a second: through the core, through `receive`, and through servers against the same without hooks.

`make bench-webhooks`; `python -m webhooks.run --help` for the options.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from typing import Any

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
LEAST = 0.7
CONNECTIONS = 16  # by default
WARM_UP_S = 2.0
#: Seconds for which a server's query is genuine, but for the warming up.
MOST_S = 50


class Server:
    """A server that is asked slice by slice."""

    def __init__(
        self,
        at: dict[str, Any],
        process: subprocess.Popen[str],
        connections: int,
        cores_: tuple[int | None, int | None],
    ) -> None:
        self._process, self._core = process, cores_[1]
        self._load = ["node", str(HERE / "load.mjs"), str(at["port"]), at["path"], str(connections)]
        self._answers = 0

    def warm_up(self) -> None:
        run([*self._load, str(WARM_UP_S)], self._core)  # V8 compiles for thousands of requests
        assert self._process.stdin is not None
        self._process.stdin.write("now\n")
        self._process.stdin.flush()

    def per_s(self, seconds: float) -> float:
        """Events a second in one slice."""
        [result] = run([*self._load, str(seconds)], self._core)
        self._answers += result["answers"]
        return float(result["per_s"])

    def cpu_us(self) -> float:
        """CPU time of its process for an event, over all slices."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        return float(json.loads(self._process.stdout.readline())["cpu_us"]) / self._answers


def compare(
    name: str,
    command: list[str],
    options: argparse.Namespace,
    cores_: tuple[int | None, int | None],
) -> list[str]:
    """A row: the server with hooks and the one without take turns, so that a slow second hits both alike."""
    with started([*command, "hooks"], cores_[0]) as hooks_, started([*command, "constant"], cores_[0]) as constant_:
        hooks, constant = (Server(*server, options.connections, cores_) for server in (hooks_, constant_))
        for server in (hooks, constant):
            server.warm_up()
        rates = [(hooks.per_s(options.seconds), constant.per_s(options.seconds)) for _ in range(options.rounds)]
        cost, bare_cost = hooks.cpu_us(), constant.cpu_us()
    rate, bare = (median([pair[at] for pair in rates]) for at in (0, 1))
    ratio = median([rate / bare for rate, bare in rates])
    target = f"≥ {LEAST:g}{' missed' if ratio < LEAST else ''}"
    return [name, f"{rate:,.0f}", f"{cost:.1f}", f"{bare:,.0f}", f"{ratio:.2f}", f"{bare_cost / cost:.2f}", target]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one measurement")
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="between what asks and a server")
    parser.add_argument("--only", default="", help="the rows with this text in their name, such as Python")
    options = parser.parse_args()
    if 2 * options.rounds * options.seconds > MOST_S:
        parser.error(f"rounds of more than {MOST_S / 2:g} s in all: the signature of a server's query expires")
    alone_rows = [row for row in ALONE if options.only in row[0]]
    servers = [row for row in SERVERS if options.only in row[0]]
    available = cores()
    pinned = (available[0], available[-1]) if len(available) > 1 else (None, None)
    print_machine(
        ", ".join(node_version(name) for name in ("tencent-im", "hono", "@hono/node-server")),
        python_versions("tencent-im", "uvicorn", "starlette", "httptools", "uvloop", "waitress", "flask"),
    )
    print(f"taken:    medians of {options.rounds} rounds of {options.seconds} s in turns, {WARM_UP_S:g} s of warm-up")
    print(f"event:    a one-to-one message of 1,000 bytes, signed, rejected; {options.connections} connections")
    print("constant: the same server, which reads the body as JSON and answers a constant\n", flush=True)

    alone: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.rounds):
        for name, command, _ in alone_rows:
            alone[name].append(run([*command, str(options.seconds)], pinned[1])[0]["per_s"])
    rows = []
    for name, _, most in alone_rows:
        per_s = median(alone[name])
        missed = " missed" if most is not None and 1e6 / per_s > most else ""
        target = "" if most is None else f"≤ {most:g} µs{missed}"
        rows.append([name, f"{per_s:,.0f}", f"{1e6 / per_s:.1f}", "", "", "", target])
    for name, command in servers:
        note(name)
        rows.append(compare(name, command, options, pinned))
    print_table(["way in", "per second", "µs CPU", "constant", "ratio", "CPU ratio", "target"], rows)
    print(
        "\nWithout a network, per second of CPU time. ratio: events a second against the constant, in slices one after"
    )
    print("the other; CPU ratio: the same by the CPU time that the server takes for an event.")


if __name__ == "__main__":
    main()
