"""Data of the caller's own, which the service keeps as text."""

from __future__ import annotations

import json
from typing import Any

from ._errors import from_record


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
        message, cure = f"the data cannot be written as JSON: {error}", "pass text, or data that json.dumps takes"
        record = {"kind": "InvalidInput", "path": name, "message": message, "cure": cure}
        raise from_record({**record, "text": f"{name}: {message}. Cure: {cure}"}) from None
