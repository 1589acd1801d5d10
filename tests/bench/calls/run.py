"""Whole calls a second against the bare transports, and what waiting calls cost, over loopback.

`make bench-calls`; `python -m calls.run --help` for the options.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from common import (
    APP,
    KEY,
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
from tencent_im import Client

HERE = ROOT / "tests/bench/calls"
PYTHON = [sys.executable, str(HERE / "client.py")]
NODE = ["node", str(HERE / "client.mjs")]

# Name, command, calls in flight; names of the rows it is measured against, with the least ratio.
SUBJECTS: list[tuple[str, list[str], list[tuple[str, float]]]] = [
    ("Python bare socket", [*PYTHON, "bare-socket"], []),
    ("Python bare reqwest", [*PYTHON, "bare-reqwest"], []),
    ("Python timsdk", [*PYTHON, "timsdk"], []),
    ("Python Client", [*PYTHON, "tencent-im"], [("Python bare reqwest", 0.8), ("Python timsdk", 10.0)]),
    ("asyncio bare aiohttp", [*PYTHON, "bare-aiohttp"], []),
    ("asyncio AsyncClient", [*PYTHON, "tencent-im-async"], [("asyncio bare aiohttp", 1.5)]),
    ("Node bare undici", [*NODE, "bare-undici"], []),
    ("Node Client", [*NODE, "tencent-im"], [("Node bare undici", 0.85)]),
]
IN_FLIGHT = [1, 64]

# What waiting calls may cost.
WAITING = 10_000
WAITING_S = 3
MOST_BYTES = 20_000_000
MOST_CPU = 0.02


@contextmanager
def emulator(core: int | None) -> Iterator[str]:
    """Starts the emulator on a core of its own, and gives its address."""
    program = ROOT / "target/release/tencent-im-emulator"
    command = [str(program), "--sdk-app-id", str(APP), "--secret-key", KEY, "--until-stdin-closes"]
    with started(command, core) as (at, _):
        yield at["url"]


def control(url: str, command: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(f"{url}/_emulator/{command}", data), timeout=10) as answer:
        return json.loads(answer.read())


def measure(url: str, command: list[str], in_flight: int, seconds: float, core: int | None) -> dict[str, Any]:
    """Runs one client, and compares what it counted with what the emulator did."""
    control(url, "reset", {})
    with Client(APP, KEY, base_url=url) as im:
        wanted = im.prepare("accounts.import_account", user_id="test", nick="Test", face_url="http://www.qq.com")
    variables = {
        "BENCH_APP": str(APP),
        "BENCH_KEY": KEY,
        "BENCH_URL": url,
        "BENCH_REQUEST_URL": wanted.url,
        "BENCH_BODY": wanted.body.decode(),
    }
    [result] = run([*command, str(in_flight), str(seconds)], core, **variables)
    counted = control(url, "counters")["calls"]["v4/im_open_login_svc/account_import"]
    if not counted["requests"] == counted["ok"] == result["answers"]:
        raise SystemExit(f"{command} had {result['answers']} answers, the emulator counted {counted}")
    return result


def print_calls(url: str, rounds: int, seconds: float, core: int | None) -> None:
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    costs: dict[tuple[str, int], list[float]] = defaultdict(list)
    for number in range(rounds):
        note(f"round {number + 1} of {rounds}")
        for in_flight in IN_FLIGHT:
            for name, command, _ in SUBJECTS:
                result = measure(url, command, in_flight, seconds, core)
                rates[name, in_flight].append(result["per_s"])
                costs[name, in_flight].append(result["cpu_us"])
    rows = []
    for in_flight in IN_FLIGHT:
        for name, _, goals in SUBJECTS:
            values = rates[name, in_flight]
            rate, cost = median(values), median(costs[name, in_flight])
            spread = (max(values) - min(values)) / rate
            cells = [name, str(in_flight), f"{rate:,.0f}", f"{1e6 / rate:.1f}", f"{cost:.1f}", f"{spread:.0%}"]
            if not goals:
                rows.append([*cells, "", "", "", ""])
            for other, least in goals:
                ratio = rate / median(rates[other, in_flight])
                work = median(costs[other, in_flight]) / cost
                goal = f"≥ {least:g}{' missed' if ratio < least else ''}"
                rows.append([*cells, other.split(" ", 1)[1], f"{ratio:.2f}", f"{work:.2f}", goal])
                cells = [""] * len(cells)
    head = ["client", "in flight", "per second", "µs", "µs CPU", "spread", "against", "ratio", "CPU ratio", "target"]
    print_table(head, rows)
    print(
        "\nratio: calls a second against the row named. CPU ratio: the same by the CPU time that the client's process"
    )
    print("takes for a call, which the emulator's own speed does not touch. spread: (most - least) / median.")


def print_waiting(url: str, core: int | None) -> None:
    control(url, "reset", {})
    variables = {"BENCH_APP": str(APP), "BENCH_KEY": KEY, "BENCH_URL": url}
    programs = {
        "core's Host": [str(ROOT / "target/release/tencent-im-bench-waiting")],
        "asyncio tasks alone": [sys.executable, str(HERE / "waiting.py"), "tasks"],
        "asyncio AsyncClient": [sys.executable, str(HERE / "waiting.py"), "client"],
        "Node Client": ["node", str(HERE / "waiting.mjs")],
    }
    rows = []
    for name, command in programs.items():
        results = [run([*command, str(WAITING), str(WAITING_S)], core, **variables)[0] for _ in range(3)]
        middle = {
            key: None if results[0][key] is None else median([result[key] for result in results])
            for key in ("waiting", "bytes", "joining_s", "seconds", "cpu_s", "sent")
        }
        bytes_, cpu_s = middle["bytes"], middle["cpu_s"]
        share = None if cpu_s is None else cpu_s / middle["seconds"]
        rows.append(
            [
                name,
                f"{middle['waiting']:,.0f}",
                "" if bytes_ is None else f"{bytes_ / 1e6:.1f}{' missed' if bytes_ >= MOST_BYTES else ''}",
                "" if middle["joining_s"] is None else f"{middle['joining_s'] * 1e6 / WAITING:.1f}",
                "" if share is None else f"{share:.2%}{' missed' if share > MOST_CPU else ''}",
                f"{middle['sent'] / middle['seconds']:.1f}",
            ]
        )
    print(
        f"\nCalls that wait for their turn, medians of 3 times {WAITING_S} s; targets: under {MOST_BYTES / 1e6:.0f} MB,"
    )
    print(f"under {MOST_CPU:.0%} of a core.\n")
    print_table(["", "waiting", "memory, MB", "µs CPU to queue one", "CPU while waiting", "sent a second"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one measurement")
    options = parser.parse_args()

    # The server on one core and the client on another, as far as there are two.
    available = cores()
    server, client = (available[0], available[-1]) if len(available) > 1 else (None, None)
    print_machine(
        python_versions("tencent-im", "timsdk", "requests", "aiohttp"),
        ", ".join(node_version(name) for name in ("tencent-im", "undici")),
    )
    pinned = f"emulator pinned to core {server}, client to core {client}" if server is not None else "not pinned"
    print(
        f"taken:    medians of {options.rounds} interleaved rounds of {options.seconds} s after warming up (0.4 s, "
        f"Node 20,000 calls), each client a process of its own; {pinned}"
    )
    print("called:   account_import by plain HTTP/1.1 over loopback, no pacing; every answer was checked, and counted")
    print("          by the emulator as well\n", flush=True)
    started = time.monotonic()
    with emulator(server) as url:
        print_calls(url, options.rounds, options.seconds, client)
        print_waiting(url, client)
    note(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
