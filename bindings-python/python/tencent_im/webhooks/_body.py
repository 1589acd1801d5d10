"""Requests as the various servers hand them on."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ._faults import refused

Query = str | bytes | Mapping[str, str | Sequence[str]] | None
"""A query line or a URL, or the parameters of a query by name; None if there is none, as AWS says it."""


def as_query(query: Query) -> str:
    """A query as text."""
    if query is None:
        return ""
    if isinstance(query, str):
        # Half a surrogate pair cannot be handed to the core.
        return query if query.isascii() else query.encode("utf-8", "replace").decode()
    if isinstance(query, (bytes, bytearray, memoryview)):
        return bytes(query).decode("latin-1")
    if isinstance(query, Mapping):
        return urlencode(query, doseq=True, errors="replace")
    raise TypeError(f"query: expected text, bytes or parameters by name, got {type(query).__name__}")


def as_text(name: str, value: object) -> str:
    """A part of a request's head."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected text, got {type(value).__name__}; pass what the request has")
    return value


#: More than any body has; still of 64 bits.
_ENDLESS = 10**18


def stated_length(digits: str | bytes) -> int:
    """The length that digits of a header state. Python refuses to read very many."""
    return int(digits) if len(digits) <= 18 else _ENDLESS


def as_bytes(body: Any, is_base64: bool, check_length: Callable[[int], None]) -> bytes:
    """A body as bytes.

    Args:
        body: Bytes, text, or what JSON was parsed to.
        is_base64: Whether it is base64.
        check_length: Refuses a body of so many bytes, if that is too long.
    """
    content: bytes
    if body is None:
        return b""
    if isinstance(body, (str, bytes, bytearray, memoryview)):
        check_length(len(body) * 3 // 4 if is_base64 else len(body))
        # Half a surrogate pair is not UTF-8; the core reads what is broken.
        content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
    elif is_base64:
        raise TypeError(f"body: expected text or bytes of base64, got {type(body).__name__}")
    else:
        try:
            return json.dumps(body).encode()
        except RecursionError:
            raise refused(400, "the body is nested too deep") from None
        except TypeError as error:
            raise TypeError(f"body: expected bytes, text, or what JSON was parsed to: {error}") from None
    if not is_base64:
        return content
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise refused(400, "the body is not base64") from None
