"""What the benchmarks share: runners in other processes, medians, tables. Standard library only."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APP = 1400000001
KEY = "efdb2d21718c9f1fe6c5821cac37cf615d97477f1735ecdc00043cd014151f6c"  # made up
USER = "administrator"


def cores() -> list[int]:
    """The cores this process may use; none where processes cannot be pinned."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def pin(core: int | None) -> None:
    """Keeps this process and those it will start on one core."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def environment() -> dict[str, str]:
    """The environment of the runners: nothing that changes what is measured."""
    names = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "node_options", "pythonpath")
    return {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in names and not name.startswith(("MALLOC_", "TENCENT_IM_"))
    }


def run(command: list[str], core: int | None = None, **variables: str) -> list[dict[str, Any]]:
    """Runs a program to its end and gives the JSON lines it printed."""
    # start_new_session is not wanted: Ctrl-C shall end the runner, too.
    before = os.sched_getaffinity(0) if core is not None else None
    pin(core)
    try:
        done = subprocess.run(command, env=environment() | variables, stdout=subprocess.PIPE, text=True, timeout=300)
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed with exit code {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def started(command: list[str], core: int | None) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """Starts a server on a core of its own, and gives the JSON line that it prints first."""
    with subprocess.Popen(
        command,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: pin(core),
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.kill()


def version_of(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout.strip()


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def print_machine(*versions: str) -> None:
    """Says on what the figures were taken."""
    load = f", load {os.getloadavg()[0]:.1f} before the run" if hasattr(os, "getloadavg") else ""
    print(f"machine:  {processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}{load}")
    commit = version_of("git", "rev-parse", "--short", "HEAD")
    changed = ", with changes" if version_of("git", "status", "--porcelain", "--untracked-files=no") else ""
    rust, node = version_of("rustc", "--version").split()[1], version_of("node", "--version").lstrip("v")
    python = platform.python_version()
    print(f"versions: commit {commit}{changed}; rustc {rust}, node {node}, {platform.python_implementation()} {python}")
    for line in versions:
        print(f"          {line}")


def python_versions(*names: str) -> str:
    from importlib.metadata import version

    return ", ".join(f"{name} {version(name)}" for name in names)


def node_version(package: str) -> str:
    """The version of an npm package as the runners see it."""
    directory = ROOT / "tests/bench"
    while not (path := directory / "node_modules" / package / "package.json").exists():
        directory = directory.parent
    return f"{package} {json.loads(path.read_text())['version']}"


def median(values: list[float]) -> float:
    return statistics.median(values)


def print_table(head: list[str], rows: list[list[str]]) -> None:
    """Prints a table in Markdown; all columns but the first are numbers."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells: list[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]) + " |"

    print(line(head))
    print("|" + "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]) + "|")
    for row in rows:
        print(line(row))


def note(text: str) -> None:
    """Progress, apart from the results."""
    print(text, file=sys.stderr, flush=True)
