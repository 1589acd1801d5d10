"""The input of the commands that work on files of users: options, rows, and what becomes of rows that fail."""

from __future__ import annotations

import csv
import functools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from .. import InvalidInputError
from . import FAILED
from .columns import ADDED, USER_ID, Columns, read_map
from .failures import Failure, facts_of
from .output import note, shown
from .rows import FORMATS, SUFFIXES, BadRow, Notes, Rows
from .source import Source

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")


class User(dict[str, Any]):
    """The fields of a row, for a call, and where it is from."""

    __slots__ = ("line", "original")

    def __init__(self, values: dict[str, Any], line: int, original: Any) -> None:
        super().__init__(values)
        self.line = line
        self.original = original


class Input:
    """The users of a file, or those named on the command line.

    Args:
        path: The file; ``-`` is standard input; None for ``users``.
        users: Names of users.
        fields: The fields that are wanted.
        is_strict: Whether columns that are not fields are refused.
        options: What ``file_options`` gives.
    """

    def __init__(
        self, path: str | None, users: Sequence[str], fields: Sequence[str], *, is_strict: bool, options: dict[str, Any]
    ) -> None:
        if (path is None) == (not users):
            raise click.UsageError("Give a file (- is standard input), or users by --user.")
        self.source: Source | None = None
        self.notes = Notes()
        self.form = "lines"
        self.encoding: str = options["encoding"]
        #: As the user has named it.
        self.delimiter = _delimiter(options["delimiter"])
        self._users = users
        self._rows: Rows | None = None
        if path is not None:
            self.source = Source(path)
            click.get_current_context().call_on_close(self.source.close)
            mapped = read_map(options["mapped"], fields)
            columns = Columns(fields, mapped, ignore_unknown=options["ignore_unknown"] or not is_strict)
            self._rows = Rows(
                self.source,
                columns,
                form=options["form"],
                encoding=self.encoding,
                delimiter=self.delimiter,
            )
            self.form, self.notes = self._rows.form, self._rows.notes

    @property
    def name(self) -> str:
        """What to call the input."""
        return Path(self.source.name).name if self.source else "users"

    def is_file(self, path: str) -> bool:
        """Whether a path is that of the input."""
        if self.source is None or self.source.is_standard_input or not os.path.exists(path):
            return False
        return os.path.samefile(path, self.source.name)

    def where(self, line: int, user: str | None) -> str:
        """The words that name a row: its line, unless it is from the command line, and its user if known."""
        return (f"line {line:,}: " if self.source else "") + (f"{shown(user)}: " if user else "")

    def read(self, on_bad_row: Callable[[BadRow], None]) -> Iterator[User]:
        """Iterates over the users. Rows that cannot be read go to ``on_bad_row``."""
        if self._rows is None:
            for at, user in enumerate(self._users):
                yield User({USER_ID: user}, at + 1, user)
            return
        for row in self._rows:
            self.notes.is_empty = False
            if isinstance(row, BadRow):
                on_bad_row(row)
            else:
                yield User(row.values, row.line, row.original)

    def raise_fault(self) -> None:
        """Raises what ended reading before the end of the file."""
        if self.source and self.source.fault:
            raise self.source.fault

    def tell_notes(self) -> None:
        """Tells what was put right without asking."""
        blanks, blank_lines = self.notes.blanks, self.notes.blank_lines
        if self._rows is not None and self.notes.is_empty:
            note(f"note: {self.name} has a header and no rows")
        if blanks:
            note(f"note: {blanks:,} {'rows' if blanks > 1 else 'row'} had blanks around cells, which were removed")
        if blank_lines:
            note(f"note: {blank_lines:,} blank {'lines were' if blank_lines > 1 else 'line was'} skipped")


def _delimiter(text: str | None) -> str | None:
    if text is None:
        return None
    delimiter = "\t" if text in ("\\t", "tab") else text
    if len(delimiter) != 1 or delimiter in "\r\n\"'":
        raise click.UsageError("--delimiter must be one character, such as ';', or tab.")
    return delimiter


#: The name of a file, so that shells complete it.
FILE = click.Path(allow_dash=True)

_FILE = [
    click.option("--user", "users", metavar="NAME", multiple=True, help="A user, in place of a file. Repeatable."),
    click.option(
        "--map", "mapped", metavar="FIELD=COLUMN", multiple=True, help="Column of a field, such as user_id=uid."
    ),
    click.option(
        "--format", "form", type=click.Choice(FORMATS), help="Format. Defaults to that of the suffix or the content."
    ),
    click.option(
        "--encoding", metavar="NAME", default="utf-8", show_default=True, help="Encoding of the file, such as gb18030."
    ),
    click.option("--delimiter", metavar="CHAR", help="Character between cells. Defaults to a comma, or tab in .tsv."),
    click.option("--ignore-unknown", is_flag=True, help="Ignore columns that are not fields."),
]


def file_options(*, users: bool = True) -> Callable[[F], F]:
    """Gives a command ``path``, ``options`` and, where wanted, ``users``."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            names = ["mapped", "form", "encoding", "delimiter", "ignore_unknown"]
            options = {name: kwargs.pop(name) for name in names}
            return function(*args, options=options, **kwargs)

        decorated: Any = wrapped
        for option in reversed(_FILE if users else _FILE[1:]):
            decorated = option(decorated)
        metavar = "[FILE]" if users else "FILE"
        return click.argument("path", metavar=metavar, type=FILE, required=not users)(decorated)  # type: ignore[no-any-return]

    return decorate


def lines_of(batch: Iterable[User]) -> dict[str, int]:
    """Each user of a batch, with its first line."""
    lines: dict[str, int] = {}
    for user in batch:
        lines.setdefault(user[USER_ID], user.line)
    return lines


def for_sound(
    lines: Mapping[str, int], call: Callable[[list[str]], R], fail: Callable[[int, str, str], None]
) -> R | None:
    """Makes a call for users, without those whose names it refuses before anything is sent.

    Args:
        lines: The users, each with its line.
        call: The call.
        fail: Takes the line, the name and the reason of each user that is refused.

    Returns:
        What the call gives; None if no user is left.
    """
    names = list(lines)
    while names:
        try:
            return call(names)
        except InvalidInputError as error:
            place = re.fullmatch(r"\w+\[(\d+)\]", error.path or "")
            if place is None:
                raise
            error.path = USER_ID
            name = names.pop(int(place[1]))
            fail(lines[name], name, reason_of(error))
    return None


def reason_of(error: BaseException) -> str:
    """An error on one line: what is wrong, why, and what to do."""
    facts = facts_of(error)
    path = f"{facts['path']}: " if "path" in facts else ""
    code = f" (code {facts['code']})" if "code" in facts else ""
    more = [f"{name}: {facts[name]}" for name in ("cause", "cure") if name in facts]
    return "; ".join([f"{path}{facts['message']}{code}", *more])


class FailedFile:
    """Writes rows that failed, each with its line and reason, to be fixed and imported with the same options.

    They are written in the format and the encoding of the input, and with its delimiter.

    Args:
        path: The file; None writes nothing.
        source: The input, which must be another file.
        is_resumed: Adds to the file of an earlier run, leaving out rows that it has.
    """

    def __init__(self, path: str | None, source: Input, *, is_resumed: bool) -> None:
        self._file: IO[str] | None = None
        self._path = path
        suffix = Path(path or "").suffix.lower()
        told = SUFFIXES.get(suffix)
        # Users alone, one a line, leave no room for a reason.
        self._is_csv = source.form == "csv" or (source.form == "lines" and told == "csv")
        self._delimiter = source.delimiter or ("\t" if suffix == ".tsv" else ",")
        self._encoding = source.encoding
        self._header = [name for name in source.notes.header if name not in ADDED] or [USER_ID]
        self._kept = [at for at, name in enumerate(source.notes.header) if name not in ADDED]
        self._lines = _LineSet()
        if path is None:
            return
        if source.is_file(path):
            raise Failure(f"--failed {path} is the input itself", cure="name another file")
        written = "csv" if self._is_csv else "jsonl"
        if told not in (None, written):
            raise Failure(
                f"--failed {path}: rows that fail are written as {'CSV' if self._is_csv else 'JSON Lines'}",
                cure=f"name the file {Path(path).with_suffix(f'.{written}')}",
            )
        try:
            if is_resumed and os.path.exists(path):
                self._lines = self._read_lines(path)
            # Line by line, so that what is written is there even if the process is killed.
            self._file = open(  # noqa: SIM115, closed by close()
                path, "a" if self._lines else "w", buffering=1, encoding=self._encoding, errors="replace", newline=""
            )
            if self._is_csv and not self._lines:
                self._write_cells(self._file, [*self._header, *ADDED[:2]])
        except OSError as error:
            raise Failure(f"--failed {path} cannot be written: {error.strerror}") from None

    def write(self, line: int, original: Any, reason: str) -> None:
        """Writes a row, unless an earlier run did.

        Raises:
            Failure: The disk is full, say.
        """
        if self._file is None or line in self._lines:
            return
        try:
            self._write(self._file, line, original, reason)
        except OSError as error:
            self._file = None
            raise Failure(
                f"--failed {self._path} cannot be written: {error.strerror}",
                cure="make room for it, then continue by --resume",
                exit_code=FAILED,
            ) from None

    def _write(self, file: IO[str], line: int, original: Any, reason: str) -> None:
        if not self._is_csv:
            value = original if isinstance(original, dict) else {USER_ID: original} if self._is_user(original) else None
            row = {"failed_text": str(original)[:2_000]} if value is None else value
            file.write(json.dumps({**row, "failed_line": line, "failed_reason": reason}, ensure_ascii=False) + "\n")
            return
        cells = [original[at] if at < len(original) else "" for at in self._kept] if self._kept else [original]
        self._write_cells(file, [*cells, line, reason])

    def _write_cells(self, file: IO[str], cells: list[Any]) -> None:
        csv.writer(file, delimiter=self._delimiter, lineterminator="\n").writerow(cells)

    def _is_user(self, original: Any) -> bool:
        return isinstance(original, str) and original[:1] not in ("{", "[") and "\n" not in original

    def _read_lines(self, path: str) -> _LineSet:
        found = _LineSet()
        with open(path, encoding=self._encoding, errors="replace", newline="") as file:
            if self._is_csv:
                rows = csv.DictReader(file, delimiter=self._delimiter)
                texts: Iterator[Any] = (row.get("failed_line") for row in rows)
            else:
                texts = map(_line_of, file)
            for text in texts:
                if text and str(text).isdigit():
                    found.add(int(text))
        return found

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()


class _LineSet:
    """Numbers of lines, a bit each, so that a million of them take 125 kB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, line: int) -> None:
        at, bit = divmod(line, 8)
        # What no file has is not worth the memory.
        if at < 1 << 27:
            self._bits.extend(bytes(max(0, at + 1 - len(self._bits))))
            self._bits[at] |= 1 << bit

    def __contains__(self, line: int) -> bool:
        at, bit = divmod(line, 8)
        return at < len(self._bits) and bool(self._bits[at] >> bit & 1)

    def __bool__(self) -> bool:
        return bool(self._bits)


def _line_of(text: str) -> Any:
    try:
        return json.loads(text).get("failed_line")
    except (ValueError, AttributeError):
        return None
