"""UserSigs a second, by every package and by the official ones, side by side.

`make bench-usersig`; `python -m usersig.run --help` for the options.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import sys
import time
import zlib
from collections import defaultdict
from typing import Any

from common import (
    APP,
    KEY,
    ROOT,
    USER,
    cores,
    median,
    node_version,
    note,
    print_machine,
    print_table,
    python_versions,
    run,
)

HERE = ROOT / "tests/bench/usersig"

# Runner: its command, and whose row its ratios are to.
RUNNERS = {
    "native": ([str(ROOT / "target/release/tencent-im-bench-usersig")], None),
    "npm tls-sig-api-v2": (["node", str(HERE / "sign.mjs"), "official"], None),
    "Node": (["node", str(HERE / "sign.mjs"), "tencent-im"], ("npm tls-sig-api-v2", 10.0)),
    "wasm": (["node", str(HERE / "sign.mjs"), "tencent-im-wasm"], ("npm tls-sig-api-v2", 5.0)),
    "PyPI tls-sig-api-v2": ([sys.executable, str(HERE / "sign.py"), "official"], None),
    "Python": ([sys.executable, str(HERE / "sign.py"), "tencent-im"], ("PyPI tls-sig-api-v2", 10.0)),
}


def check(who: str, sig: str) -> None:
    """Verifies a signature, without any of the code that is measured."""
    raw = sig.replace("*", "+").replace("-", "/").replace("_", "=")
    claims: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(raw, validate=True)))
    content = "".join(f"TLS.{key}:{claims[f'TLS.{key}']}\n" for key in ("identifier", "sdkappid", "time", "expire"))
    mac = base64.b64encode(hmac.digest(KEY.encode(), content.encode(), hashlib.sha256)).decode()
    states = claims["TLS.identifier"], claims["TLS.sdkappid"], claims["TLS.expire"], claims["TLS.ver"]
    if claims["TLS.sig"] != mac or states != (USER, APP, 15_552_000, "2.0"):
        raise SystemExit(f"{who}: the signature is wrong: {claims}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.4, help="length of one measurement")
    options = parser.parse_args()

    # The last core: interrupts often go to the first.
    core = cores()[-1] if cores() else None
    started = time.monotonic()
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    lengths: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in range(options.rounds):
        note(f"round {number + 1} of {options.rounds}")
        for runner, (command, _) in RUNNERS.items():
            for figure in run([*command, str(options.seconds)], core, BENCH_APP=str(APP), BENCH_KEY=KEY):
                row = runner, figure["name"]
                rates[row].append(figure["per_s"])
                if sig := figure["sig"]:
                    check(" ".join(row), sig)
                    lengths[row].append(len(sig))

    medians = {row: median(values) for row, values in rates.items()}
    rows = []
    for row, per_s in medians.items():
        runner, name = row
        length = (
            "-".join(str(length) for length in sorted({min(lengths[row]), max(lengths[row])})) if lengths[row] else ""
        )
        cells = [f"{runner}: {name}", f"{per_s:,.0f}", f"{1e6 / per_s:.3f}", length]
        spread = (max(rates[row]) - min(rates[row])) / per_s
        goal = RUNNERS[runner][1]
        if goal is None:
            cells += ["", ""]
        else:
            official, least = goal
            ratio = per_s / max(rate for (of, _), rate in medians.items() if of == official)
            cells += [f"{ratio:.1f}", f"≥ {least:.0f}{' missed' if ratio < least else ''}"]
        rows.append([*cells, f"{spread:.0%}"])

    print_machine(
        python_versions("tencent-im", "tls-sig-api-v2"),
        ", ".join(node_version(name) for name in ("tencent-im", "tencent-im-wasm", "tls-sig-api-v2")),
    )
    pinned = f"pinned to core {core}" if core is not None else "not pinned"
    print(
        f"taken:    medians of {options.rounds} interleaved rounds of {options.seconds} s, each runner a process of "
        f"its own, {pinned}, allocator settings as they come; {time.monotonic() - started:.0f} s in all"
    )
    print(f"signed:   user {USER!r}, app {APP}, 180 days; one signature of each measurement was verified\n")
    print_table(["", "per CPU second", "µs", "length", "× official", "target", "spread"], rows)
    print(
        "\n× official: against the official package of the same language at its best. spread: (most - least) / median."
    )


if __name__ == "__main__":
    main()
