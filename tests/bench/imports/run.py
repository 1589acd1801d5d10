"""Accounts a second by `import_many` and by the command line, beside the same work without the package.

`make bench-import`; `python -m imports.run --help` for the options.

Every way is also run with a file of 2,000 rows. That run is its start: interpreter, imports, client, and as many rows
as it takes until all connections are open and all buffers have their size (16 batches of 100 in flight). A rate is that
of the rows beyond these, in the time beyond the start, so that files of any size compare.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from calls.run import control, emulator
from common import APP, KEY, ROOT, cores, environment, median, note, pin, print_machine, print_table

CLIENT = str(ROOT / "tests/bench/imports/client.py")
WAYS = ["bare CSV", "CSV", "generator", "command line"]
#: Rows of the start.
START = 2_000
#: The documented rate: 100 calls a second of 100 accounts.
DOCUMENTED = 10_000
#: What is asked of the package.
LEAST_RATE, LEAST_RATIO, LEAST_SHARE = 100_000, 0.6, 0.98
MOST_MB, MOST_GROWTH, MOST_BEND = 100.0, 0.1, 0.05


@dataclass(frozen=True)
class Figures:
    """What one run took, or the medians of several."""

    #: From the start of the process to its end.
    wall_s: float
    #: The part of it in which accounts are imported, as the process itself measures it.
    import_s: float
    cpu_s: float
    rss_mb: float


def write_accounts(path: Path, count: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["user_id", "nick", "face_url"])
        for at in range(count):
            writer.writerow([f"user{at:08}", f"Nick {at}", f"https://example.com/{at}.png"])


def command(way: str, url: str, path: Path, count: int) -> list[str]:
    if way == "command line":
        options = ["--json", "--rate", "off", "--base-url", url]
        return [sys.executable, "-m", "tencent_im.cli", "import", str(path), *options]
    return [sys.executable, CLIENT, way, url, str(path), str(count)]


def measure(way: str, url: str, path: Path, count: int, core: int | None) -> Figures:
    """Runs one way on a core of its own. All accounts must be reported, and must have arrived."""
    control(url, "reset", {})
    control(url, "config", {"account_quota": None, "rate_limits": way.startswith("limited")})
    variables = {"TENCENT_IM_SDK_APP_ID": str(APP), "TENCENT_IM_SECRET_KEY": KEY, "HOME": str(path.parent)}
    begun = time.perf_counter()
    with subprocess.Popen(
        command(way, url, path, count),
        env=environment() | variables,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: pin(core),
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{way}: exit code {process.returncode}"
    told = json.loads(out)
    assert told["done"] == count, f"{way}: {told['done']} of {count} were imported"
    call = control(url, "counters")["calls"]["v4/im_open_login_svc/multiaccount_import"]
    assert call["applied"] * 100 >= count, call
    assert "60007" not in call["codes"], f"{way}: batches were refused for their rate"
    figures = Figures(wall, told["seconds"], used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    note(f"{way}, {count:,}: {wall:.2f} s, of which {told['seconds']:.2f} s import; {figures.rss_mb:.0f} MB")
    return figures


def repeats_of(count: int) -> int:
    """How often a file has its turn in one round. Short runs more often: their noise is larger."""
    return 1 if count >= 500_000 else 3 if count >= 50_000 else 8


def medians(taken: list[Figures]) -> Figures:
    names = Figures.__annotations__
    return Figures(**{name: median([getattr(each, name) for each in taken]) for name in names})


@dataclass(frozen=True)
class Row:
    """One way with one size, its start taken off."""

    way: str
    count: int
    figures: Figures
    start: Figures

    @property
    def rate(self) -> float:
        """Accounts a second beyond the start."""
        return (self.count - START) / (self.figures.import_s - self.start.import_s)

    @property
    def whole_rate(self) -> float:
        """Accounts a second of the whole process, its start included."""
        return self.count / self.figures.wall_s

    @property
    def cpu_us(self) -> float:
        return (self.figures.cpu_s - self.start.cpu_s) / (self.count - START) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each way has its turn; small files more often")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="rows of the files")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--limited", type=int, default=60_000, help="rows for the run within the documented rate")
    arguments = parser.parse_args()
    own, other = cores()[:2] if len(cores()) > 1 else (None, None)
    print_machine()
    rows: dict[tuple[str, int], Row] = {}
    with tempfile.TemporaryDirectory() as directory, emulator(other) as url:
        files = {count: Path(directory) / f"{count}.csv" for count in {START, *arguments.sizes, arguments.limited}}
        for count, path in files.items():
            write_accounts(path, count)
        taken: dict[tuple[str, int], list[Figures]] = {}
        for _ in range(arguments.rounds):
            # In turns, so that a slow minute of the machine meets all sizes and all ways alike.
            for count in [START, *arguments.sizes]:
                for _, way in product(range(repeats_of(count)), arguments.ways):
                    taken.setdefault((way, count), []).append(measure(way, url, files[count], count, own))
        starts = {way: medians(taken[way, START]) for way in arguments.ways}
        for count in arguments.sizes:
            for way in arguments.ways:
                rows[way, count] = Row(way, count, medians(taken[way, count]), starts[way])
        limited = measure("limited CSV", url, files[arguments.limited], arguments.limited, own)
    show(rows, starts)
    check(rows, arguments.sizes, arguments.limited / limited.import_s)


def show(rows: dict[tuple[str, int], Row], starts: dict[str, Figures]) -> None:
    table = []
    for (way, count), row in rows.items():
        bare = rows.get(("bare CSV", count))
        ratio = f"{row.rate / bare.rate:.2f}" if bare and way in ("CSV", "command line") else ""
        cells = [f"{row.rate:,.0f}", ratio, f"{row.cpu_us:.1f}", f"{row.whole_rate:,.0f}", f"{row.figures.rss_mb:.1f}"]
        table.append([way, f"{count:,}", *cells])
    print_table(["way", "accounts", "accounts/s", "of bare", "CPU us each", "with start", "MB"], table)
    print()
    start_rows = [
        [way, f"{start.wall_s * 1000:.0f}", f"{start.import_s * 1000:.0f}", f"{start.rss_mb:.1f}"]
        for way, start in starts.items()
    ]
    print_table([f"start ({START:,} accounts)", "ms", "of these in the import", "MB"], start_rows)
    print()


def check(rows: dict[tuple[str, int], Row], sizes: list[int], limited: float) -> None:
    """Says what misses its mark."""
    marks = [("of the documented rate", limited / DOCUMENTED, LEAST_SHARE)]
    most = max(sizes)
    bare = rows.get(("bare CSV", most))
    for way in ("CSV", "generator", "command line"):
        ours = [rows[way, count] for count in sizes if (way, count) in rows]
        if not ours:
            continue
        marks.append((f"{way}: accounts/s", ours[-1].rate, LEAST_RATE))
        if bare and way != "generator":
            marks.append((f"{way}: of bare", ours[-1].rate / bare.rate, LEAST_RATIO))
        memory = [row.figures.rss_mb for row in ours]
        marks.append((f"{way}: MB below the bound", MOST_MB - max(memory), 0.0))
        growth = max(memory) / min(memory) - 1
        marks.append((f"{way}: growth of memory by {growth:.1%}, below the bound", MOST_GROWTH - growth, 0.0))
        # The time of a row, from the smallest file to the largest.
        bend = ours[0].rate / ours[-1].rate - 1
        marks.append((f"{way}: {most:,} rows slower each by {bend:.1%}, below the bound", MOST_BEND - bend, 0.0))
    for name, figure, least in marks:
        print(f"{'ok  ' if figure >= least else 'MISS'} {name}: {figure:,.2f}, at least {least:,.2f}")


if __name__ == "__main__":
    main()
