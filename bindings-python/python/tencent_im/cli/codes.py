"""``codes``: what the service's error codes mean."""

from __future__ import annotations

from typing import Any

import click

from .._native import explain_code, search_codes
from . import FAILED
from .failures import Failure
from .options import as_json
from .output import note, write_facts, write_json, write_table


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("codes", metavar="[CODE...]", nargs=-1, type=click.UNPROCESSED)
@click.option("--search", metavar="WORDS", help="Find the codes whose texts have all these words.")
@as_json
def codes(codes: tuple[str, ...], search: str | None, as_json: bool) -> None:
    """Explain error codes of the service: why they happen and what to do.

    \b
    Examples:
      tencent-im codes 70013
      tencent-im codes --search "usersig expired"
    """
    if bool(codes) == (search is not None):
        raise click.UsageError("Give codes, or words by --search.")
    found: list[dict[str, Any]] = []
    unknown = []
    for code in codes:
        meanings = explain_code(_number(code))
        found += meanings
        if not meanings:
            unknown.append(code)
    if search is not None:
        if not search.strip():
            raise click.UsageError("--search needs words.")
        found = search_codes(search)
    if as_json:
        write_json(found)
    elif search is not None:
        write_table(["code", "kind", "cause"], [[row["code"], row["kind"], row["cause"]] for row in found])
    else:
        for at, row in enumerate(found):
            if at:
                click.echo()
            _show(row)
    if unknown:
        raise Failure(
            f"not documented: {', '.join(unknown)}",
            cure="look at the ErrorInfo of the answer, or search by words: tencent-im codes --search WORDS",
            exit_code=FAILED,
        )
    if search is not None and not found:
        raise Failure(f"no code has all the words: {search}", cure="try fewer words", exit_code=FAILED)
    if search is not None and not as_json:
        note(f"\n{len(found)} found. `tencent-im codes CODE` tells what to do about one.")


def _show(row: dict[str, Any]) -> None:
    write_facts(
        {
            "code": row["code"],
            "calls": ", ".join(row["calls"]) or None,
            "kind": row["kind"],
            "cause": row["cause"],
            "cure": row["cure"],
            "retry": row["retry"],
        }
    )


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        if text.startswith("-"):
            raise click.NoSuchOption(text) from None
        raise click.UsageError(f"{text} is not a code. To find codes by words: --search {text}") from None
    if abs(number) >= 2**63:
        raise click.UsageError(f"{text} is not a code: it is too large.")
    return number
