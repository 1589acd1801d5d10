"""``export``: what the service knows of the users of a file, as a file."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from .. import Client
from . import FAILED
from .columns import USER_ID
from .failures import Failure
from .files import FILE, Input, User, file_options, for_sound, lines_of
from .options import client_options
from .output import note
from .settings import Settings

#: Most users of one call that reads profiles.
_BATCH = 100
#: Fields by their names here and at the service.
TAGS = {
    "nick": "Tag_Profile_IM_Nick",
    "face_url": "Tag_Profile_IM_Image",
    "gender": "Tag_Profile_IM_Gender",
    "birthday": "Tag_Profile_IM_BirthDay",
    "location": "Tag_Profile_IM_Location",
    "self_signature": "Tag_Profile_IM_SelfSignature",
    "allow_type": "Tag_Profile_IM_AllowType",
    "language": "Tag_Profile_IM_Language",
    "level": "Tag_Profile_IM_Level",
    "role": "Tag_Profile_IM_Role",
}
_STATE = ["account_status", "status"]


def _fields(ctx: click.Context, param: click.Parameter, value: str) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    for name in names:
        if name not in TAGS and name not in _STATE and not name.startswith("Tag_Profile_"):
            known = ", ".join([*TAGS, *_STATE])
            raise click.BadParameter(f"{name} is unknown. The fields are {known}, and Tag_Profile_Custom_…", ctx, param)
    return names


@click.command("export")
@file_options()
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=FILE,
    default="-",
    help="Where to write: .csv or .jsonl. Defaults to CSV on standard output.",
)
@click.option(
    "--fields",
    callback=_fields,
    default="nick,face_url",
    show_default=True,
    help="Fields besides user_id, separated by commas: of the profile, account_status, status, Tag_Profile_Custom_….",
)
@client_options
def export(
    path: str | None,
    users: tuple[str, ...],
    output: str,
    fields: list[str],
    settings: Settings,
    options: dict[str, Any],
) -> None:
    """Write profiles and state of users as CSV or JSON Lines.

    The service cannot list its users, so give a file of them. The output of the default fields can be imported again.
    Users who are not imported are omitted and counted, unless account_status is among the fields. Exits with 1 if any
    user is not imported or cannot be read.

    \b
    Examples:
      tencent-im export users.csv -o profiles.csv
      tencent-im export users.csv --fields nick,gender,status -o state.jsonl
    """
    source = Input(path, users, [USER_ID], is_strict=False, options=options)
    written = missing = failed = 0

    def fail(line: int, user: str | None, reason: str) -> None:
        nonlocal failed
        failed += 1
        note(f"{source.where(line, user)}{reason}")

    with settings.client() as im, _Writer(output, source, [USER_ID, *fields]) as writer:
        given = source.read(lambda row: fail(row.line, None, row.text))
        while batch := list(islice(given, _BATCH)):
            for row in _read(im, batch, fields, fail):
                is_missing = row["account_status"] != "Imported"
                missing += is_missing
                if not is_missing or "account_status" in fields:
                    writer.write(row)
                    written += 1
    note(f"{written:,} written, {missing:,} not imported" + (f", {failed:,} failed" if failed else ""))
    source.raise_fault()
    if missing or failed:
        raise click.exceptions.Exit(FAILED)


def _read(
    im: Client, batch: list[User], fields: list[str], fail: Callable[[int, str | None, str], None]
) -> Iterator[dict[str, Any]]:
    """What the service knows of some users, in their order. Those that it fails for go to ``fail``."""
    lines = lines_of(batch)

    def sound(items: Iterable[Any], name_of: str) -> dict[str, Any]:
        found = {}
        for item in items:
            name = item[name_of]
            if item.ok:
                found[name] = item
            else:
                cause = f": {item.cause}" if item.cause else ""
                fail(lines.get(name, 0), name, f"code {item[item._code]}{cause}")
        return found

    found = for_sound(lines, lambda names: im.accounts.check(accounts=names).results, fail)
    checked = sound(found or (), "user_id")
    there = [name for name in lines if name in checked and checked[name].account_status == "Imported"]
    tags = [TAGS.get(field, field) for field in fields if field not in _STATE]
    profiles = sound(im.profiles.get(to_accounts=there, tags=tags).profiles, "to_account") if tags and there else {}
    states: dict[str, str] = {}
    if "status" in fields and there:
        states = {state.user_id: state.status for state in im.accounts.get_online_status(user_ids=there).results}
    for name in lines:
        if name not in checked or (tags and name in there and name not in profiles):
            continue
        values = {item.tag: item.value for item in profiles[name].fields or ()} if name in profiles else {}
        row = {field: values.get(TAGS.get(field, field)) for field in fields}
        row |= {"account_status": checked[name].account_status}
        if "status" in fields:
            row["status"] = states.get(name)
        yield {USER_ID: name, **row}


class _Writer:
    """Writes rows as CSV or JSON Lines, by the suffix of the file."""

    def __init__(self, path: str, source: Input, fields: list[str]) -> None:
        self._is_csv = Path(path).suffix.lower() not in (".jsonl", ".ndjson", ".json")
        self._fields = fields
        self._path = path
        self._is_ours = path != "-"
        if self._is_ours and source.is_file(path):
            raise Failure(f"--output {path} is the input itself", cure="name another file")

    def __enter__(self) -> _Writer:
        try:
            self._file: IO[str] = (
                open(self._path, "w", encoding="utf-8", errors="replace", newline="") if self._is_ours else sys.stdout
            )
        except OSError as error:
            raise Failure(f"--output {self._path} cannot be written: {error.strerror}") from None
        if self._is_csv:
            self._csv = csv.writer(self._file, lineterminator="\n")
            self._csv.writerow(self._fields)
        return self

    def write(self, row: dict[str, Any]) -> None:
        """Writes the fields of a row; None is an empty cell, or left out."""
        with self._naming_file():
            self._write(row)

    @contextmanager
    def _naming_file(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if not self._is_ours:
                raise
            raise Failure(f"--output {self._path} cannot be written: {error.strerror}", exit_code=FAILED) from None

    def _write(self, row: dict[str, Any]) -> None:
        if self._is_csv:
            self._csv.writerow([row.get(field) for field in self._fields])
        else:
            known = {field: row[field] for field in self._fields if row.get(field) is not None}
            self._file.write(json.dumps(known, ensure_ascii=False) + "\n")

    def __exit__(self, *_: object) -> None:
        if self._is_ours:
            with self._naming_file():
                self._file.close()
        else:
            self._file.flush()
