"""Which column of a file is which field of an account."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from .failures import Failure
from .output import shown

#: What ``--failed`` adds to the rows that it writes. Ignored, so that a mended file can be given again.
ADDED = ("failed_line", "failed_reason", "failed_text")

USER_ID = "user_id"
#: Another name of the user in the vendor's pages.
_ALIASES = {"identifier": USER_ID}


def plain(name: str) -> str:
    """A name without what spellings differ in: ``UserID``, ``userId``, ``user_id`` and ``User ID`` are one."""
    return name.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def read_map(texts: Iterable[str], fields: Sequence[str]) -> dict[str, str]:
    """Reads ``--map FIELD=COLUMN`` options, and returns the field of each column.

    Raises:
        Failure: One is not of this form, or names an unknown field.
    """
    mapped: dict[str, str] = {}
    for text in texts:
        name, separator, column = text.partition("=")
        field = _known(fields).get(plain(name))
        if not separator or not column.strip():
            raise Failure(
                f"--map {text}: no column is named", cure="write --map FIELD=COLUMN, such as --map user_id=uid"
            )
        if field is None:
            raise Failure(
                f"--map {text}: {name} is not a field{hint(name, fields)}", cure=f"the fields are {', '.join(fields)}"
            )
        if field in mapped.values():
            raise Failure(f"--map: {field} is mapped twice", cure="leave one out")
        if column in mapped:
            raise Failure(f"--map: the column {column} is mapped twice", cure="leave one out")
        mapped[column] = field
    return mapped


class Columns:
    """The fields of an account, and the columns that have them.

    Args:
        fields: The fields that are wanted.
        mapped: The fields of columns with names of their own.
        ignore_unknown: Whether columns that are not fields are left out silently.
    """

    def __init__(self, fields: Sequence[str], mapped: Mapping[str, str], *, ignore_unknown: bool) -> None:
        self.fields = fields
        self.mapped = mapped
        self.ignore_unknown = ignore_unknown
        # A mapped field is found under its column's name alone.
        self._known = {key: field for key, field in _known(fields).items() if field not in mapped.values()}

    def field_of(self, column: str) -> str | None:
        """Returns the field of a column; None if it has none."""
        return self.mapped.get(column) or self._known.get(plain(column))

    def read_header(self, header: Sequence[str], delimiter: str) -> list[str | None]:
        """Returns the field of each column; None for a column that is left out.

        Raises:
            Failure: A column is missing, double or unknown.
        """
        names = [name.strip() for name in header]
        for at, name in enumerate(names):
            if not name:
                raise Failure(f"column {at + 1} of the header has no name", cure="name it, or remove the column")
            if name in names[:at]:
                raise Failure(f"the header has the column {name} twice", cure="remove or rename one of them")
        found = [self.field_of(name) for name in names]
        for column in self.mapped:
            if column not in names:
                raise Failure(
                    f"the header has no column {column}, which --map names", cure=f"its columns are {_list(names)}"
                )
        for at, field in enumerate(found):
            if field is not None and field in found[:at]:
                both = f"{names[found.index(field)]} and {names[at]}"
                raise Failure(f"the columns {both} are both {field}", cure=f"choose one by --map {field}=COLUMN")
        if USER_ID not in found:
            raise self._without_user(names, delimiter)
        unknown = [name for name, field in zip(names, found, strict=True) if field is None and name not in ADDED]
        if unknown and not self.ignore_unknown:
            raise Failure(
                f"unknown columns: {_list(unknown)}{hint(unknown[0], self.fields)}",
                cure="use one by --map FIELD=COLUMN, or leave them out by --ignore-unknown. "
                f"The fields are {', '.join(self.fields)}",
            )
        return found

    def _without_user(self, names: Sequence[str], delimiter: str) -> Failure:
        other = next((mark for mark in ";\t|,".replace(delimiter, "") if len(names) == 1 and mark in names[0]), None)
        if other is not None:
            mark = "tab" if other == "\t" else other
            return Failure("the header has only one column", cure=f"read it with --delimiter {mark!r}")
        return Failure(
            f"the header has no column {USER_ID}; its columns are {_list(names)}",
            cure=f"the first line names the columns; say which one has the user by --map {USER_ID}=COLUMN",
        )


def hint(name: str, known: Iterable[str]) -> str:
    """A question whether a known name was meant."""
    near = difflib.get_close_matches(plain(name), [plain(one) for one in known], n=1)
    meant = next((one for one in known if near and plain(one) == near[0]), None)
    return f", did you mean {meant}?" if meant else ""


def _known(fields: Sequence[str]) -> dict[str, str]:
    names = {plain(field): field for field in fields}
    return names | {alias: field for alias, field in _ALIASES.items() if field in fields}


def _list(names: Sequence[str], most: int = 12) -> str:
    first = ", ".join(shown(name, 40) for name in names[:most])
    return first + (f" and {len(names) - most} more" if len(names) > most else "")
