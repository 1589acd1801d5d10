"""Data of the caller's own, which the service keeps as text."""

from __future__ import annotations

import json
from typing import Any

from ._native import unwritable_data


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are given: None stands for one that is not."""
    return {name: value for name, value in fields.items() if value is not None}


def json_text(name: str, data: Any) -> str | None:
    """Writes data as JSON text. Text stays as it is, since it may be JSON already."""
    if data is None or isinstance(data, str):
        return data
    try:
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise unwritable_data(name, str(error)) from None
