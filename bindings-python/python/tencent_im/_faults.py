"""Errors that are found on this side, made as the native part makes them."""

from __future__ import annotations

from typing import Any

from ._errors import TencentImError, from_record


def fault(kind: str, message: str, *, cure: str | None = None, **facts: Any) -> TencentImError:
    """Makes an error.

    Args:
        kind: Its kind, such as ``Webhook``.
        message: What is wrong.
        cure: What to do about it.
        **facts: Further facts, such as ``operation``, ``path`` and ``http_status``.
    """
    where = [facts[name] for name in ("operation", "path") if facts.get(name)]
    text = ": ".join([*where, message]) + (f". Cure: {cure}" if cure else "")
    return from_record({"kind": kind, "message": message, "cure": cure, "text": text, **facts})
