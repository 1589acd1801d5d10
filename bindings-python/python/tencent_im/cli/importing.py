"""``import``: accounts from a file, resumable."""

from __future__ import annotations

import json
import os
import stat
from functools import partial
from typing import Any

import click

from .. import Client, InvalidInputError
from ..types.accounts import ImportAccountsItemParam
from . import OK
from .failures import Failure, show
from .files import FILE, FailedFile, Input, file_options
from .options import as_json, client_options
from .output import note, span, write_facts, write_json
from .progress import Display
from .runs import Outcome, carry_out
from .settings import Settings

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
@click.option("--checkpoint", metavar="FILE", type=FILE, help="Where to record progress. Defaults to FILE.checkpoint.")
@click.option("--no-checkpoint", is_flag=True, help="Keep no checkpoint. The import then cannot be resumed.")
@click.option(
    "--failed", metavar="FILE", type=FILE, help="Write rows that fail, with reasons, to fix and import again."
)
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
    """Import any number of accounts from a CSV or JSON Lines file.

    The first line of a CSV file names its columns: user_id, nick, face_url (userId and UserID work too). A JSON Lines
    file has one object per line with these names. Use - for standard input; .gz and .zst files are decompressed.
    Importing an account again is harmless.

    Progress is recorded in FILE.checkpoint, which is removed at the end. After Ctrl-C, a crash or kill -9, --resume
    continues without a gap.

    Exits with 0 if all accounts were imported, 1 if some failed, 2 for a wrong file or settings, 130 if interrupted.

    \b
    Examples:
      tencent-im import users.csv --dry-run
      tencent-im import users.csv --failed failed.csv
      tencent-im import users.jsonl.gz --resume
      tencent-im import users.csv --map user_id=uid --map nick=name --ignore-unknown
      mysql -B -e 'select uid as user_id from users' | tencent-im import - --delimiter tab
    """
    # Beside a file only: standard input and other pipes have no place of their own.
    own = f"{path}.checkpoint" if path != "-" and not stat.S_ISFIFO(_mode(path)) else None
    journal = None if dry_run or no_checkpoint else checkpoint or own
    if journal is None and resume:
        raise click.UsageError("--resume needs the checkpoint of the earlier import: name it by --checkpoint.")
    source = Input(path, (), FIELDS, is_strict=True, options=options)
    if journal is not None:
        _check_journal(journal, source, is_named=checkpoint is not None, is_resumed=resume)
    rows = FailedFile(failed, source, is_resumed=resume)
    name = "Checking" if dry_run else "Importing"
    verb = "sound" if dry_run else "imported"
    display = Display(f"{name} {source.name}", verb, source.source, is_silent=as_json)
    try:
        if dry_run:
            # Nothing is sent: any app will do, whatever the environment says.
            with Client(1, "0" * 64, base_url="http://127.0.0.1:1", admin="administrator") as im:
                outcome = carry_out(source, display, rows, partial(im.accounts.import_many, dry_run=True))
        else:
            limits = {"rate_limits": {_CALL: rate} if rate else rate} if rate is not None else {}
            with settings.client(on_event=display.on_event, **limits) as im:
                settings_of_run = _run_options(source, journal, in_flight, options)
                outcome = carry_out(source, display, rows, partial(im.accounts.import_many, **settings_of_run))
    except InvalidInputError as error:
        raise _of_checkpoint(error, journal) or error from None
    except KeyboardInterrupt:
        if journal is not None:
            note(f"Ended at once. {_resuming(source)}")
        raise
    finally:
        rows.close()
    _end(outcome, source, journal, failed, dry_run=dry_run, as_json=as_json)


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode
    except OSError:
        return 0


def _check_journal(journal: str, source: Input, *, is_named: bool, is_resumed: bool) -> None:
    exists = os.path.exists(journal)
    if source.is_file(journal):
        raise Failure(f"--checkpoint {journal} is the input itself", cure="name another file")
    if exists and is_named and not is_resumed:
        raise Failure(
            f"--checkpoint {journal} exists",
            cure="if it is that of an interrupted import, continue that by --resume; else name another file",
        )
    if exists and not is_resumed:
        raise Failure(
            f"an earlier import was interrupted: its checkpoint is {journal}",
            cure=f"continue it by --resume; to start over, remove {journal}",
        )
    if is_resumed and not exists:
        raise Failure(
            f"there is no interrupted import to continue: {journal} does not exist",
            cure="leave --resume out; a checkpoint elsewhere is named by --checkpoint",
        )


def _of_checkpoint(error: BaseException | None, journal: str | None) -> Failure | None:
    """What is wrong with the checkpoint, in words of the command line; None if it is something else."""
    if not isinstance(error, InvalidInputError) or error.path != "checkpoint":
        return None
    return Failure(
        f"{journal}: {error.message}",
        cure="continue with the same file, --app, --map, --encoding and --delimiter as before, or start over "
        "with another --checkpoint",
    )


def _run_options(source: Input, journal: str | None, in_flight: int | None, options: dict[str, Any]) -> dict[str, Any]:
    # What tells how rows become accounts: a checkpoint of another mapping is refused.
    label = json.dumps([source.form, sorted(options["mapped"]), options["encoding"], options["delimiter"]])
    settings: dict[str, Any] = {"source": label}
    if journal is not None:
        settings["checkpoint"] = journal
    if in_flight is not None:
        settings["in_flight"] = in_flight
    return settings


def _end(
    outcome: Outcome, source: Input, journal: str | None, failed: str | None, *, dry_run: bool, as_json: bool
) -> None:
    if failure := _of_checkpoint(outcome.error, journal):
        # Nothing was sent, and what it counts is not of this file.
        raise failure
    is_whole = not outcome.is_interrupted and not outcome.error and not (source.source and source.source.fault)
    if is_whole and journal is not None and os.path.exists(journal):
        os.remove(journal)
    left = None if is_whole else journal
    if as_json:
        counts = _checked(outcome) if dry_run else {**outcome.facts(), "checkpoint": left}
        write_json({**counts, "blanks": source.notes.blanks, "blank_lines": source.notes.blank_lines})
    else:
        source.tell_notes()
        write_facts(_check_summary(outcome, failed) if dry_run else _summary(outcome, failed))
        if left:
            note(_resuming(source))
    if outcome.error:
        show(outcome.error, as_json=as_json)
    else:
        source.raise_fault()
    if outcome.exit_code != OK:
        raise click.exceptions.Exit(outcome.exit_code)


def _resuming(source: Input) -> str:
    """How to continue the import."""
    path = source.source.as_argument if source.source else "-"
    return f"To continue, add --resume: tencent-im import {path} --resume …"


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


def _checked(outcome: Outcome) -> dict[str, Any]:
    """The counts of a dry run, for JSON."""
    return {
        "sound": outcome.done,
        "failed": outcome.failed,
        "duplicates": outcome.progress.duplicates,
        "interrupted": outcome.is_interrupted,
    }


def _check_summary(outcome: Outcome, failed: str | None) -> dict[str, Any]:
    duplicates = outcome.progress.duplicates
    return {
        "sound": f"{outcome.done:,}",
        "failed": f"{outcome.failed:,}" + (f" (see {failed})" if failed and outcome.failed else ""),
        "duplicates": f"{duplicates:,} (would be imported once)" if duplicates else None,
        "interrupted": "yes" if outcome.is_interrupted else None,
    }
