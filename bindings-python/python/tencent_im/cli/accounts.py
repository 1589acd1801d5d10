"""``check``, ``delete``, ``kick``, ``status``: what to do with the users of a file."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from .. import Client, TencentImError
from . import FAILED
from .columns import USER_ID
from .failures import Failure, show
from .files import FILE, FailedFile, Input, User, file_options, for_sound, lines_of, reason_of
from .options import as_json, client_options
from .output import note, write_json
from .progress import Display
from .rows import BadRow
from .runs import Outcome, carry_out
from .settings import Settings

if TYPE_CHECKING:
    from .. import ItemResult

_FAILED = click.option("--failed", metavar="FILE", type=FILE, help="Write the rows that fail, each with its reason.")
#: Calls at a time, of those that take one user each.
_AT_A_TIME = 16
#: Most users of one call that asks for their status.
_STATUS_BATCH = 500


class Lines:
    """Writes one line or JSON object for each user."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def write(self, **facts: Any) -> None:
        """Writes what is known of a user."""
        if self._as_json:
            write_json(facts)
        else:
            click.echo("\t".join("" if value is None else str(value) for value in facts.values()))


def _end(outcome: Outcome, source: Input, summary: str, *, as_json: bool, exit_code: int) -> None:
    if not as_json:
        source.tell_notes()
        if outcome.is_interrupted:
            summary += ", interrupted"
        note(summary)
    if outcome.error:
        show(outcome.error, as_json=as_json)
    else:
        source.raise_fault()
    if exit_code:
        raise click.exceptions.Exit(exit_code)


@click.command()
@file_options()
@click.option("--missing", is_flag=True, help="Write only the users that are not imported.")
@client_options
@as_json
def check(
    path: str | None,
    users: tuple[str, ...],
    missing: bool,
    settings: Settings,
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Check which users are imported.

    Writes Imported or NotImported for each user. Exits with 1 if any is not imported.

    \b
    Examples:
      tencent-im check users.csv --missing
      tencent-im check --user alice --user bob --json
    """
    source = Input(path, users, [USER_ID], is_strict=False, options=options)
    lines = Lines(as_json=as_json)
    counts = {True: 0, False: 0}

    def on_done(result: ItemResult[User, Any]) -> None:
        status = result.reply.account_status if result.reply else None
        is_there = status == "Imported"
        counts[is_there] += 1
        if not (missing and is_there):
            lines.write(user_id=result.item[USER_ID], account_status=status)

    def on_failed(line: int, user: Any, reason: str) -> None:
        if as_json:
            lines.write(line=line, user_id=user, error=reason)

    display = Display(f"Checking {source.name}", "checked", source.source, is_silent=as_json)
    with settings.client(on_event=display.on_event) as im:
        outcome = carry_out(
            source, display, FailedFile(None, source, is_resumed=False), im.accounts.check_many, on_done, on_failed
        )
    summary = f"{counts[True]:,} imported, {counts[False]:,} not imported, {outcome.failed:,} failed"
    _end(outcome, source, summary, as_json=as_json, exit_code=outcome.exit_code or (FAILED if counts[False] else 0))


@click.command()
@file_options()
@click.option("--yes", is_flag=True, help="Do not ask.")
@_FAILED
@client_options
@as_json
def delete(
    path: str | None,
    users: tuple[str, ...],
    yes: bool,
    failed: str | None,
    settings: Settings,
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Delete users with all their data, for good. Asks first.

    Some editions require this to be allowed in the console, and block a deleted name from being imported again for
    three months.

    \b
    Examples:
      tencent-im delete users.csv --failed failed.csv
      tencent-im delete --user alice --yes
    """
    source = Input(path, users, [USER_ID], is_strict=False, options=options)
    if not yes:
        _ask(source, path, users, settings, options)
    rows = FailedFile(failed, source, is_resumed=False)
    display = Display(f"Deleting {source.name}", "deleted", source.source, is_silent=as_json)
    with settings.client(on_event=display.on_event) as im:
        outcome = carry_out(source, display, rows, im.accounts.delete_many)
    rows.close()
    if as_json:
        write_json(outcome.facts())
    summary = f"{outcome.done:,} deleted, {outcome.failed:,} failed"
    _end(outcome, source, summary, as_json=as_json, exit_code=outcome.exit_code)


def _ask(source: Input, path: str | None, users: tuple[str, ...], settings: Settings, options: dict[str, Any]) -> None:
    cure = "add --yes if you are sure"
    if source.source and source.source.size is None:
        raise Failure("users that come through a pipe cannot be counted for the confirmation", cure=cure)
    if not sys.stdin.isatty():
        raise Failure("there is no terminal to ask for confirmation on", cure=cure)
    count = len(users)
    if path is not None:
        # The file is read once more for its number of users.
        count = sum(1 for _ in Input(path, (), [USER_ID], is_strict=False, options=options).read(lambda _: None))
    text = (
        f"Delete {count:,} user{'s' if count != 1 else ''} of app {settings.sdk_app_id} with all their data, for good?"
    )
    click.confirm(text, abort=True, err=True)


@click.command()
@file_options()
@_FAILED
@client_options
@as_json
def kick(
    path: str | None,
    users: tuple[str, ...],
    failed: str | None,
    settings: Settings,
    as_json: bool,
    options: dict[str, Any],
) -> None:
    """Log users out everywhere by invalidating all their UserSigs. UserSigs signed afterwards are valid.

    \b
    Examples:
      tencent-im kick --user alice
      tencent-im kick users.csv
    """
    source = Input(path, users, [USER_ID], is_strict=False, options=options)
    rows = FailedFile(failed, source, is_resumed=False)
    display = Display(f"Kicking {source.name}", "kicked", source.source, is_silent=as_json)
    counts = {"done": 0, "failed": 0}
    try:
        with settings.client() as im:
            _one_by_one(source, display, rows, counts, lambda user: im.accounts.kick(user_id=user[USER_ID]))
    except KeyboardInterrupt:
        note(f"{counts['done']:,} kicked, {counts['failed']:,} failed")
        raise
    finally:
        rows.close()
    if as_json:
        write_json(counts)
    else:
        source.tell_notes()
        note(f"{counts['done']:,} kicked, {counts['failed']:,} failed")
    source.raise_fault()
    if counts["failed"]:
        raise click.exceptions.Exit(FAILED)


def _one_by_one(
    source: Input, display: Display, rows: FailedFile, counts: dict[str, int], action: Callable[[User], object]
) -> None:
    """Does something for each user, some at a time, and counts: for calls that take one user only."""
    waiting: deque[tuple[User, Future[object]]] = deque()

    def fail(line: int, original: Any, user: Any, reason: str) -> None:
        counts["failed"] += 1
        rows.write(line, original, reason)
        display.failed(line, user, reason)

    def on_bad_row(row: BadRow) -> None:
        fail(row.line, row.original, None, row.text)

    def finish_first() -> None:
        user, future = waiting.popleft()
        try:
            future.result()
        except TencentImError as error:
            if error.kind in ("Auth", "Signature", "Permission", "Config"):
                # The next one would fail in the same way.
                raise
            fail(user.line, user.original, user[USER_ID], reason_of(error))
        else:
            counts["done"] += 1

    pool = ThreadPoolExecutor(_AT_A_TIME)
    try:
        for user in source.read(on_bad_row):
            waiting.append((user, pool.submit(action, user)))
            if len(waiting) >= _AT_A_TIME:
                finish_first()
        while waiting:
            finish_first()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@click.command()
@file_options()
@client_options
@as_json
def status(
    path: str | None, users: tuple[str, ...], settings: Settings, as_json: bool, options: dict[str, Any]
) -> None:
    """Show who is online.

    Writes Online, PushOnline or Offline for each user. Exits with 1 if any status cannot be read, for example
    because a user is not imported.

    \b
    Examples:
      tencent-im status --user alice
      tencent-im status users.csv --json
    """
    source = Input(path, users, [USER_ID], is_strict=False, options=options)
    lines = Lines(as_json=as_json)
    failed = 0

    def fail(line: int, user: Any, reason: str) -> None:
        nonlocal failed
        failed += 1
        if as_json:
            lines.write(line=line, user_id=user, error=reason)
        else:
            note(f"{source.where(line, user)}{reason}")

    with settings.client() as im:
        given = source.read(lambda row: fail(row.line, None, row.text))
        while batch := list(islice(given, _STATUS_BATCH)):
            _show_status(im, batch, lines, fail)
    source.raise_fault()
    if failed:
        raise click.exceptions.Exit(FAILED)


def _show_status(im: Client, batch: list[User], lines: Lines, fail: Callable[[int, Any, str], None]) -> None:
    places = lines_of(batch)
    reply = for_sound(places, lambda names: im.accounts.get_online_status(user_ids=names), fail)
    if reply is None:
        return
    for found in reply.results:
        lines.write(user_id=found.user_id, status=found.status)
    for error in reply.errors or ():
        cause = f": {error.cause}" if error.cause else ""
        fail(places.get(error.user_id, 0), error.user_id, f"code {error.error_code}{cause}")
