"""Rows of users from CSV and JSON Lines, with line numbers. A row that cannot be read is returned, not raised."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .columns import ADDED, USER_ID, Columns, hint
from .failures import Failure
from .output import shown
from .source import MAX_LINE, Source

FORMATS = ("csv", "jsonl", "lines")
#: The formats that file names tell.
SUFFIXES = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".txt": "lines"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """A row that was read."""

    line: int
    """The line of the file that it begins in, from 1."""
    values: dict[str, Any]
    """Its fields."""
    original: Any
    """Its cells (CSV), or its value (JSON), as they stand in the file."""


class BadRow(NamedTuple):
    """A row that could not be read."""

    line: int
    reason: str
    cure: str | None
    original: Any
    """Its cells, or its text."""

    @property
    def text(self) -> str:
        """What is wrong, and what to do about it."""
        return f"{self.reason}; cure: {self.cure}" if self.cure else self.reason


@dataclass
class Notes:
    """What was put right without asking, to be told at the end."""

    blanks: int = 0
    """Rows with blanks around cells, which were removed."""
    blank_lines: int = 0
    """Lines without anything, which were skipped."""
    is_empty: bool = True
    """Whether no row has come."""
    header: list[str] = field(default_factory=list)
    """The columns of a CSV file."""


class Rows:
    """The rows of a file, read once.

    Args:
        source: The file.
        columns: Which columns are which fields.
        form: ``csv``, ``jsonl`` or ``lines`` (a user a line); None to tell by the suffix, else by the first line.
        encoding: Name of the encoding.
        delimiter: Character between the cells of a CSV file; None for a comma, or a tab in ``.tsv``.

    Raises:
        Failure: The file is empty, or its header is wrong.
    """

    def __init__(
        self,
        source: Source,
        columns: Columns,
        *,
        form: str | None = None,
        encoding: str = "utf-8",
        delimiter: str | None = None,
    ) -> None:
        self.source = source
        self.notes = Notes()
        self._columns = columns
        self._encoding = encoding
        self._delimiter = delimiter or ("\t" if source.suffix == ".tsv" else ",")
        self._line = 0
        #: The last line that was counted for its blanks.
        self._blank_line = 0
        #: Faults of lines within the record that is being read: line, reason and cure.
        self._faults: list[tuple[int, str, str | None]] = []
        self._bytes = source.lines()
        first = self._first()
        self.form = form or SUFFIXES.get(source.suffix, "") or ("jsonl" if first.lstrip()[:1] in ("{", '"') else "csv")
        self._lines = self._with_first(first)
        if self.form == "csv":
            lines = self._noticing_blanks()
            self._reader = csv.reader(lines, delimiter=self._delimiter, skipinitialspace=True, strict=True)
            self._fields = self._read_header()

    def __iter__(self) -> Iterator[Row | BadRow]:
        read = {"csv": self._csv, "jsonl": self._jsonl, "lines": self._plain}[self.form]
        return read()

    # --- lines ---

    def _first(self) -> str:
        """The first line that is not blank."""
        self._check_encoding()
        for at, line in enumerate(self._bytes):
            if at == 0 and line is not None:
                self._check_is_text(line)
                line = line.removeprefix(_BOM)
            text = self._text(line)
            if self._faults:
                _, reason, advice = self._faults[0]
                raise Failure(f"{self.source.name}: line {self._line}: {reason}", cure=advice)
            if text.strip():
                return text
            self.notes.blank_lines += 1
        raise self.source.fault or Failure(f"{self.source.name} is empty", cure="give a CSV or JSON Lines file")

    def _check_encoding(self) -> None:
        try:
            end = "\n".encode(self._encoding)
        except (LookupError, UnicodeError):
            raise Failure(f"--encoding {self._encoding}: unknown", cure="such as utf-8, gb18030 or latin-1") from None
        if end.removeprefix(_BOM) != b"\n":
            raise Failure(
                f"--encoding {self._encoding}: its lines cannot be told apart", cure=self._convert(self._encoding)
            )

    def _check_is_text(self, line: bytes) -> None:
        """Windows programs save text as UTF-16."""
        if line.startswith(_UTF_16):
            raise Failure(f"{self.source.name} is UTF-16", cure=self._convert("utf-16"))
        if line[1:2] == b"\0" or line[:1] == b"\0":
            cure = self._convert("utf-16le" if line[:1] != b"\0" else "utf-16be")
            raise Failure(f"{self.source.name} is UTF-16, or not text at all", cure=cure)

    def _convert(self, encoding: str) -> str:
        return f"convert it: iconv -f {encoding} -t utf-8 {self.source.as_argument}"

    def _with_first(self, first: str) -> Iterator[str]:
        yield first
        for line in self._bytes:
            yield self._text(line)

    def _text(self, line: bytes | None) -> str:
        self._line += 1
        if line is None:
            cure = "see whether a line break is missing, or the file is not text"
            self._faults.append((self._line, f"the line is longer than {MAX_LINE:,} bytes", cure))
            return "\n"
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            reason = f"byte {error.start + 1} of the line is not {self._encoding.upper()}"
            self._faults.append((self._line, reason, _encoding_cure(line, self._encoding)))
            return line.decode(self._encoding, "replace")

    # --- CSV ---

    def _noticing_blanks(self) -> Iterator[str]:
        """The lines; counts those with cells that begin with blanks, which the reader removes."""
        mark = f"{self._delimiter} "
        for text in self._lines:
            if mark in text:
                # The reader does not tell. Most files have no such line, so that reading one twice costs nothing.
                cells = next(csv.reader([text], delimiter=self._delimiter), [])
                if any(cell[:1] == " " for cell in cells):
                    self._count_blanks()
            yield text

    def _read_header(self) -> list[str | None]:
        try:
            header = next(self._reader)
        except csv.Error as error:
            raise Failure(f"{self.source.name}: line 1: {error}", cure="the first line names the columns") from None
        self.notes.header = [name.strip() for name in header]
        try:
            return self._columns.read_header(header, self._delimiter)
        except Failure as failure:
            raise Failure(f"{self.source.name}: {failure.message}", cure=failure.cure) from None

    def _csv(self) -> Iterator[Row | BadRow]:
        fields, width = self._fields, len(self._fields)
        user_at = fields.index(USER_ID)
        before = self._line
        while True:
            start = before + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                before = self._line
                self._faults.clear()
                yield self._unreadable(start, str(error))
                continue
            before = self._line
            if self._faults:
                yield self._faulty(cells)
                continue
            if not cells:
                self.notes.blank_lines += 1
                continue
            if len(cells) != width:
                cure = "quote cells that hold the delimiter" if len(cells) > width else "add the cells that are missing"
                count = f"{len(cells)} cell{'s' if len(cells) > 1 else ''}"
                yield BadRow(start, f"the row has {count}, the header {width}", cure, cells)
                continue
            user = cells[user_at]
            if user != user.strip():
                self._count_blanks()
                cells[user_at] = user.strip()
            # An empty cell says nothing of its field.
            values = {field: cell for field, cell in zip(fields, cells, strict=True) if field is not None and cell}
            if USER_ID not in values:
                yield BadRow(start, f"{USER_ID} is empty", "every row names its user", cells)
                continue
            yield Row(start, values, cells)

    def _count_blanks(self) -> None:
        if self._blank_line != self._line:
            self._blank_line = self._line
            self.notes.blanks += 1

    def _unreadable(self, start: int, reason: str) -> BadRow:
        if "field limit" in reason and self._line == start:
            cure = "see whether a quotation mark or a delimiter is missing"
            return BadRow(start, f"a cell is longer than {csv.field_size_limit():,} characters", cure, [])
        if self._line > start or "unexpected end" in reason:
            where = f"lines {start:,} to {self._line:,} were" if self._line > start else f"line {start:,} was"
            return BadRow(start, f"a quotation mark is opened and not closed; {where} not read", 'double it: ""', [])
        return BadRow(start, f"not CSV: {reason}", 'write a quotation mark within quoted text twice: ""', [])

    def _faulty(self, original: Any) -> BadRow:
        line, reason, cure = self._faults[0]
        self._faults.clear()
        return BadRow(line, reason, cure, original)

    # --- JSON Lines, and a user a line ---

    def _jsonl(self) -> Iterator[Row | BadRow]:
        fields: dict[str, str | None] = {}
        for text in self._lines:
            line = self._line
            if self._faults:
                yield self._faulty(text)
                continue
            if not text.strip():
                self.notes.blank_lines += 1
                continue
            try:
                value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object_once)
            except (ValueError, RecursionError) as error:
                reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
                if isinstance(error, json.JSONDecodeError):
                    # Its own text counts lines, too: from the beginning of this one.
                    reason = f"{error.msg} at column {error.colno}"
                cure = "write one object a line" if line > 1 else "write one object a line; a list: jq -c '.[]'"
                yield BadRow(line, f"not JSON: {reason}", cure, text)
                continue
            if isinstance(value, str):
                value = {USER_ID: value}
            yield self._object(line, value, text, fields)

    def _object(self, line: int, value: Any, text: str, fields: dict[str, str | None]) -> Row | BadRow:
        if not isinstance(value, dict):
            cure = "write one object a line" + ("; a list: jq -c '.[]'" if isinstance(value, list) else "")
            return BadRow(line, "the line is not a JSON object", cure, text)
        values: dict[str, Any] = {}
        for key, item in value.items():
            if key not in fields and len(fields) < 1_000:
                fields[key] = self._columns.field_of(key)
            known = fields[key] if key in fields else self._columns.field_of(key)
            if known is None:
                if key in ADDED or self._columns.ignore_unknown:
                    continue
                cure = "correct it, use it by --map FIELD=COLUMN, or leave such fields out by --ignore-unknown"
                return BadRow(line, f"{shown(key)}: unknown field{hint(key, self._columns.fields)}", cure, value)
            if known in values:
                return BadRow(line, f"{known} is given twice", "leave one out", value)
            if item is not None:
                values[known] = item
        user = values.get(USER_ID)
        if user is None or user == "":
            return BadRow(line, f"{USER_ID} is missing", "every object names its user", value)
        if not isinstance(user, str):
            is_number = isinstance(user, int | float) and not isinstance(user, bool)
            cure = f'write it as text: "{user}"' if is_number else "write it as text"
            return BadRow(line, f"{USER_ID} is {'a number' if is_number else 'not text'}", cure, value)
        return Row(line, values, value)

    def _plain(self) -> Iterator[Row | BadRow]:
        for text in self._lines:
            user = text.strip()
            if self._faults:
                yield self._faulty(user)
            elif user:
                yield Row(self._line, {USER_ID: user}, user)
            else:
                self.notes.blank_lines += 1


def _object_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different. JSON itself leaves open which of two counts."""
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"{shown(name)} is given twice")
            seen.add(name)
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _encoding_cure(line: bytes, encoding: str) -> str:
    """Chinese files of Windows are GBK, which GB 18030 includes."""
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return "save the file as UTF-8, or name its encoding by --encoding"
    return (
        "if the file is GBK: --encoding gb18030"
        if encoding.lower().startswith("utf")
        else "name its encoding by --encoding"
    )
