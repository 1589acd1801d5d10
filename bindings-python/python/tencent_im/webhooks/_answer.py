"""The answer to a request."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """What to answer a request with."""

    status: int
    headers: dict[str, str]
    body: bytes
