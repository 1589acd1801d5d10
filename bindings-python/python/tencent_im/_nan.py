"""Records of a DataFrame, in which NaN stands for an absent value."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

# pandas.NA and pandas.NaT, told by their types' names, since pandas may not be installed.
_ABSENT = frozenset({"NAType", "NaTType"})


def without_nan(data: Any) -> Any:
    """Returns records without the fields that are NaN, ``pandas.NA`` or ``pandas.NaT``.

    Takes what ``DataFrame.to_dict("records")`` or ``Series.to_dict()`` returns: a dict or a list of dicts, nested or
    not. Items of lists stay, so that their places do. The input is not changed.
    """
    if isinstance(data, Mapping):
        return {name: without_nan(value) for name, value in data.items() if not _is_absent(value)}
    if isinstance(data, list | tuple):
        return [without_nan(item) for item in data]
    return data


def _is_absent(value: Any) -> bool:
    return type(value).__name__ in _ABSENT or (isinstance(value, Real) and bool(value != value))
