"""Results as text, tables or JSON.

Standard output carries results alone, so that it can be piped; notes and progress go to standard error.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click


def is_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()


def note(text: str) -> None:
    """Writes a line beside the results."""
    click.echo(text, err=True)


def write_json(value: Any, *, pretty: bool = False) -> None:
    """Writes a value as JSON: on one line, or indented."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if pretty else None, default=str))


def write_facts(facts: Mapping[str, Any]) -> None:
    """Writes names and values, one a line; None is left out."""
    known = {name: value for name, value in facts.items() if value is not None}
    width = max(map(len, known), default=0) + 1
    for name, value in known.items():
        click.echo(f"{name + ':':{width}} {value}")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes rows: as a table on a terminal, else one line a row with tabs between."""
    if not is_terminal():
        for row in rows:
            click.echo("\t".join("" if cell is None else str(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        # As text, so that brackets in names are no markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console().print(table)


def printable(text: str) -> str:
    """Text without characters that a terminal acts on."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown(text: str, most: int = 64) -> str:
    """Text of a file for a terminal: printable, and of bounded length."""
    return printable(text[:most] + ("…" if len(text) > most else ""))


def moment(unix_s: float) -> str:
    """A time in this machine's time zone."""
    try:
        return datetime.datetime.fromtimestamp(unix_s).astimezone().isoformat(sep=" ", timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return f"{unix_s} (Unix seconds)"


def span(seconds: float) -> str:
    """A length of time in its two largest units, such as ``2 days 3 hours``."""
    left = int(abs(seconds))
    parts = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,} {unit}{'s' if count > 1 else ''}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 seconds"
