"""The base of all errors. The classes of the kinds are in ``_errors``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class TencentImError(Exception):
    """Something failed, and these are the facts.

    ``str(error)`` is one line with everything: what, where, the service's words, why, what to do.
    No message, ``repr`` or attribute ever holds a secret key, a UserSig or a URL with one.
    """

    kind: str = "Internal"
    """The kind of failure, such as ``InvalidInput``. Each kind has its own subclass."""
    message: str
    """What is wrong, in one sentence."""
    code: int | None
    """The service's ``ErrorCode``, or the one it would answer."""
    error_info: str | None
    """The service's own ``ErrorInfo``."""
    operation: str | None
    """The call, such as ``accounts.import_account``."""
    path: str | None
    """The field, such as ``accounts[3].nick``."""
    cause: str | None
    """Why this happens."""
    cure: str | None
    """What to do about it."""
    http_status: int | None
    """HTTP status of the answer, if there was one. For a webhook that is refused, the status to answer with."""
    attempts: int
    """Attempts sent; 0 if nothing was sent."""
    maybe_applied: bool
    """Whether the call may have taken effect although it failed."""
    retry_after: float | None
    """Seconds to wait before another attempt is worthwhile."""
    body: str | None
    """The beginning of the answer's body, if it was a failure."""

    def __init__(self, text: str = "", record: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        facts = {} if record is None else dict(record)
        self.kind = facts.get("kind", type(self).kind)
        self.message = facts.get("message", text)
        self.code = facts.get("code")
        self.error_info = facts.get("error_info")
        self.operation = facts.get("operation")
        self.path = facts.get("path")
        self.cause = facts.get("cause")
        self.cure = facts.get("cure")
        self.http_status = facts.get("http_status")
        self.attempts = facts.get("attempts", 0)
        self.maybe_applied = facts.get("maybe_applied", False)
        wait_ms = facts.get("retry_after_ms")
        self.retry_after = None if wait_ms is None else wait_ms / 1000
        self.body = facts.get("body")

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), str(self)), self.__dict__


def _rebuild(cls: type[TencentImError], text: str) -> TencentImError:
    return cls(text)


class PartialErrorBase(TencentImError):
    """What a :class:`PartialError` has beside the facts of every error."""

    items: list[Any]
    """The items that failed, as they stand in the reply."""

    def __init__(self, text: str = "", record: Mapping[str, Any] | None = None) -> None:
        super().__init__(text, record)
        self.items = []


# Logs and tracebacks name it as programs import it.
TencentImError.__module__ = "tencent_im"
