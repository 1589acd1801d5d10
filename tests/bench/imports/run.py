"""Accounts a second by `import_many`, from a file and from a generator, beside the same work without the package.

`make bench-import`; `python -m imports.run --help` for the options.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path
from typing import Any

from calls.run import control, emulator
from common import APP, KEY, ROOT, cores, median, note, print_machine, print_table, run

CLIENT = [sys.executable, str(ROOT / "tests/bench/imports/client.py")]
#: The documented rate: 100 calls a second of 100 accounts.
DOCUMENTED = 10_000
#: What is asked of the package.
LEAST_RATE, LEAST_RATIO, LEAST_SHARE = 100_000, 0.6, 0.98
MOST_MB, MOST_GROWTH = 100.0, 0.1


def write_accounts(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["user_id", "nick", "face_url"])
        for at in range(count):
            writer.writerow([f"user{at:08}", f"Nick {at}", f"https://example.com/{at}.png"])


def measure(way: str, url: str, path: Path, count: int, core: int | None) -> dict[str, Any]:
    control(url, "reset", {})
    control(url, "config", {"account_quota": None, "rate_limits": way.startswith("limited")})
    variables = {"TENCENT_IM_SDK_APP_ID": str(APP), "TENCENT_IM_SECRET_KEY": KEY}
    [taken] = run([*CLIENT, way, url, str(path), str(count)], core, **variables)
    call = control(url, "counters")["calls"]["v4/im_open_login_svc/multiaccount_import"]
    refused = call["codes"].get("60007", 0)
    assert call["applied"] * 100 >= count, call
    note(f"{way}, {count}: {taken['rate']:,.0f} accounts/s, {taken['rss_mb']:.0f} MB, {refused} refused")
    return taken | {"refused": refused}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way has its turn")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="rows of the files")
    parser.add_argument("--limited", type=int, default=60_000, help="rows for the run within the documented rate")
    arguments = parser.parse_args()
    own, other = cores()[:2] if len(cores()) > 1 else (None, None)
    print_machine()
    with tempfile.TemporaryDirectory() as directory, emulator(other) as url:
        files = {count: Path(directory) / f"{count}.csv" for count in {*arguments.sizes, arguments.limited}}
        for count, path in files.items():
            write_accounts(path, count)
        table, figures = [], {}
        subjects = [(way, count) for count in arguments.sizes for way in ["bare CSV", "CSV", "generator"]]
        for way, count in subjects:
            taken = [measure(way, url, files[count], count, own) for _ in range(arguments.rounds)]
            figures[way, count] = {name: median([each[name] for each in taken]) for name in taken[0]}
        limited = measure("limited CSV", url, files[arguments.limited], arguments.limited, own)
        figures["limited CSV", arguments.limited] = limited
    for (way, count), figure in figures.items():
        bare = figures.get(("bare CSV", count))
        ratio = f"{figure['rate'] / bare['rate']:.2f}" if bare and way == "CSV" else ""
        cells = [f"{figure['rate']:,.0f}", ratio, f"{figure['cpu_us']:.1f}", f"{figure['rss_mb']:.0f}"]
        table.append([way, f"{count:,}", *cells])
    print_table(["way", "accounts", "accounts/s", "of bare", "CPU us each", "MB"], table)
    check(figures, arguments.sizes, limited)


def check(figures: dict[tuple[str, int], dict[str, Any]], sizes: list[int], limited: dict[str, Any]) -> None:
    """Says what misses its mark."""
    most = max(sizes)
    ours = [figures["CSV", count] for count in sizes]
    marks = [
        ("accounts/s from CSV", figures["CSV", most]["rate"], LEAST_RATE),
        ("accounts/s from a generator", figures["generator", most]["rate"], LEAST_RATE),
        ("of bare", figures["CSV", most]["rate"] / figures["bare CSV", most]["rate"], LEAST_RATIO),
        ("of the documented rate", limited["rate"] / DOCUMENTED, LEAST_SHARE),
        ("MB below the bound", MOST_MB - max(each["rss_mb"] for each in ours), 0.0),
        (
            "growth of memory below the bound",
            MOST_GROWTH - (max(each["rss_mb"] for each in ours) / min(each["rss_mb"] for each in ours) - 1),
            0.0,
        ),
        ("batches not refused for their rate", -limited["refused"], 0.0),
    ]
    for name, figure, least in marks:
        print(f"{'ok  ' if figure >= least else 'MISS'} {name}: {figure:,.2f}, at least {least:,.2f}")


if __name__ == "__main__":
    main()
