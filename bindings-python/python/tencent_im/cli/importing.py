"""``import``: accounts from a file, resumable."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from .. import Client, InvalidInputError
from ..types.accounts import ImportAccountsItemParam
from . import FAILED, OK
from .columns import USER_ID
from .failures import Failure, show
from .files import FailedFile, Input, User, file_options, reason_of
from .options import as_json, client_options
from .output import note, span, write_facts, write_json
from .progress import Display
from .rows import BadRow
from .runs import Outcome, carry_out
from .settings import Settings

if TYPE_CHECKING:
    from .. import BulkRun, Progress

#: What can be imported.
FIELDS = list(ImportAccountsItemParam.__annotations__)
_CALL = "accounts.import_accounts"
#: Most accounts of one call.
_BATCH = 100


def _rate(ctx: click.Context, param: click.Parameter, value: str | None) -> float | bool | None:
    """Reads accounts a second as calls a second; False turns the limit off."""
    if value is None:
        return None
    if value == "off":
        return False
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1e9:
        raise click.BadParameter("give accounts a second, such as 5000, or off", ctx, param)
    return rate / _BATCH


@click.command("import")
@file_options(users=False)
@click.option("--dry-run", is_flag=True, help="Check every row without sending anything. Needs no app and no key.")
@click.option("--resume", is_flag=True, help="Continue an import of this file that was interrupted.")
@click.option("--checkpoint", metavar="FILE", help="Where to note what is done. Defaults to FILE.checkpoint.")
@click.option("--no-checkpoint", is_flag=True, help="Note nothing; the import cannot be continued then.")
@click.option("--failed", metavar="FILE", help="Write the rows that fail, each with its reason, to be given again.")
@click.option("--rate", metavar="N", callback=_rate, help="Accounts a second, or off. Defaults to the documented rate.")
@click.option("--in-flight", metavar="N", type=click.IntRange(1, 1_000), help="Most calls at a time. Defaults to 16.")
@client_options
@as_json
def import_(
    path: str,
    dry_run: bool,
    resume: bool,
    checkpoint: str | None,
    no_checkpoint: bool,
    failed: str | None,
    rate: float | bool | None,
    in_flight: int | None,
    settings: Settings,
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Import accounts from a CSV or JSON Lines file, any number of them.

    The first line of a CSV file names its columns: user_id, nick, face_url (also userId or UserID). A JSON Lines file
    has one object a line with these names. - is standard input; .gz and .zst are unpacked. Importing an account again
    does no harm.

    What is done is noted in FILE.checkpoint, which is removed at the end. After Ctrl-C, a crash or kill -9, --resume
    continues without a gap.

    Exits with 0 if all accounts are in, 1 if some failed, 2 for a wrong file or settings, 130 if interrupted.

    \b
    Examples:
      tencent-im import users.csv --dry-run
      tencent-im import users.csv --failed failed.csv
      tencent-im import users.jsonl.gz --resume
      tencent-im import users.csv --map user_id=uid --map nick=name --ignore-unknown
      mysql -B -e 'select uid as user_id from users' | tencent-im import - --delimiter tab
    """
    journal = None if dry_run or no_checkpoint else checkpoint or (None if path == "-" else f"{path}.checkpoint")
    if journal is None and resume:
        raise click.UsageError("--resume needs the checkpoint of the earlier import: name it by --checkpoint.")
    source = Input(path, (), FIELDS, is_strict=True, options=options)
    if journal is not None:
        _check_journal(journal, is_resumed=resume)
    rows = FailedFile(failed, source, is_resumed=resume)
    name = "Checking" if dry_run else "Importing"
    display = Display(
        f"{name} {source.name}", "sound" if dry_run else "imported", source.source, is_silent=as_json and not dry_run
    )
    try:
        if dry_run:
            _dry_run(source, rows, display, as_json=as_json)
            return
        limits = {"rate_limits": {_CALL: rate} if rate else rate} if rate is not None else {}
        with settings.client(on_event=display.on_event, **limits) as im:
            outcome = _run(im, source, display, rows, journal, in_flight, options)
    finally:
        rows.close()
    _end(outcome, source, journal, failed, as_json=as_json)


def _check_journal(journal: str, *, is_resumed: bool) -> None:
    exists = os.path.exists(journal)
    if exists and not is_resumed:
        raise Failure(
            f"an earlier import was interrupted: {journal} notes what it did",
            cure=f"continue it by --resume; to begin anew, remove {journal}",
        )
    if is_resumed and not exists:
        raise Failure(
            f"there is no interrupted import to continue: {journal} does not exist",
            cure="leave --resume out; a checkpoint elsewhere is named by --checkpoint",
        )


def _run(
    im: Client,
    source: Input,
    display: Display,
    rows: FailedFile,
    journal: str | None,
    in_flight: int | None,
    options: dict[str, Any],
) -> Outcome:
    # What tells how rows become accounts: a checkpoint of another mapping is refused.
    label = json.dumps([source.form, sorted(options["mapped"]), options["encoding"], options["delimiter"]])
    settings: dict[str, Any] = {"source": label}
    if journal is not None:
        settings["checkpoint"] = journal
    if in_flight is not None:
        settings["in_flight"] = in_flight

    def start(users: Iterator[User], on_progress: Callable[[Progress], None]) -> BulkRun[User, Any]:
        return im.accounts.import_many(users, on_progress=on_progress, **settings)

    try:
        return carry_out(source, display, rows, start)
    except KeyboardInterrupt:
        if journal is not None:
            note(f"ended at once; `tencent-im import {source.name} --resume` continues")
        raise


def _end(outcome: Outcome, source: Input, journal: str | None, failed: str | None, *, as_json: bool) -> None:
    is_whole = not outcome.is_interrupted and not outcome.error and not (source.source and source.source.fault)
    if is_whole and journal is not None and os.path.exists(journal):
        os.remove(journal)
    left = None if is_whole else journal
    if as_json:
        write_json({**outcome.facts(), "checkpoint": left})
    else:
        source.tell_notes()
        write_facts(_summary(outcome, failed))
        if left:
            name = source.source.name if source.source else "-"
            note(f"To continue, add --resume: tencent-im import {name} --resume …")
    if outcome.error:
        show(outcome.error, as_json=as_json)
    else:
        source.raise_fault()
    if outcome.exit_code != OK:
        raise click.exceptions.Exit(outcome.exit_code)


def _summary(outcome: Outcome, failed: str | None) -> dict[str, Any]:
    counts = outcome.progress
    before = counts.skipped - counts.skipped_failed
    rate = (counts.done + counts.failed) / counts.elapsed if counts.elapsed else 0.0
    took = f"{counts.elapsed:.1f} seconds" if counts.elapsed < 60 else span(counts.elapsed)
    return {
        "imported": f"{outcome.done:,}" + (f" ({before:,} by the earlier import)" if before else ""),
        "failed": f"{outcome.failed:,}" + (f" (see {failed})" if failed and outcome.failed else ""),
        "unreadable": f"{outcome.unreadable:,} (among the failed)" if outcome.unreadable else None,
        "duplicates": f"{counts.duplicates:,} (imported once)" if counts.duplicates else None,
        "sent again": f"{counts.resent:,} that were under way at the interruption" if counts.resent else None,
        "took": f"{took} ({rate:,.0f}/s)",
        "interrupted": "yes" if outcome.is_interrupted else None,
    }


# --- without sending ---


def _dry_run(source: Input, rows: FailedFile, display: Display, *, as_json: bool) -> None:
    """Checks every row as the import would, by preparing its calls."""
    counts = {"sound": 0, "failed": 0, "duplicates": 0}
    # 64 bits of each name: of a million names, two are taken for one once in 37 million files.
    seen: set[int] = set()

    def fail(line: int, original: Any, user: Any, reason: str) -> None:
        counts["failed"] += 1
        rows.write(line, original, reason)
        display.failed(line, user, reason)

    def on_bad_row(row: BadRow) -> None:
        fail(row.line, row.original, None, f"{row.reason}; cure: {row.cure}" if row.cure else row.reason)

    # Nothing is sent: any app will do.
    with Client(1, "0" * 64, base_url="http://127.0.0.1:1") as im, display:
        batch: list[User] = []

        def check() -> None:
            while batch:
                error = _fault_of(im, batch)
                if error is None:
                    counts["sound"] += len(batch)
                    batch.clear()
                    return
                at = _index_of(error)
                user = batch.pop(at)
                fail(user.line, user.original, user[USER_ID], reason_of(_without_index(error)))
                counts["sound"] += at
                del batch[:at]

        for user in source.read(on_bad_row):
            key = hash(user[USER_ID])
            if key in seen:
                counts["duplicates"] += 1
                continue
            seen.add(key)
            batch.append(user)
            if len(batch) >= _BATCH:
                check()
        check()
    if as_json:
        write_json(counts)
    else:
        source.tell_notes()
        write_facts(
            {
                "sound": f"{counts['sound']:,}",
                "failed": f"{counts['failed']:,}",
                "duplicates": f"{counts['duplicates']:,} (would be imported once)" if counts["duplicates"] else None,
            }
        )
    source.raise_fault()
    if counts["failed"]:
        raise click.exceptions.Exit(FAILED)


def _fault_of(im: Client, batch: list[User]) -> InvalidInputError | None:
    try:
        im.prepare(_CALL, accounts=batch)
    except InvalidInputError as error:
        return error
    return None


def _index_of(error: InvalidInputError) -> int:
    """The number of the account in a path such as ``accounts[3].nick``."""
    digits = (error.path or "").partition("[")[2].partition("]")[0]
    if not digits.isdigit():
        raise error
    return int(digits)


def _without_index(error: InvalidInputError) -> InvalidInputError:
    error.path = (error.path or "").partition("].")[2] or USER_ID
    return error
