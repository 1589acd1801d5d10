"""Errors: one class for each kind, all under :class:`TencentImError`."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Any


class TencentImError(Exception):
    """Something failed, and these are the facts.

    ``str(error)`` is one line with everything: what, where, the service's words, why, what to do.
    No message, ``repr`` or attribute ever holds a secret key, a UserSig or a URL with one.
    """

    kind: str
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
        self.kind = facts.get("kind", _KINDS.get(type(self), "Internal"))
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


class InvalidInputError(TencentImError, ValueError):
    """The caller's data is wrong; nothing was sent."""


class ConfigError(TencentImError):
    """The client's settings are wrong or it was closed; nothing was sent."""


class SignatureError(TencentImError):
    """A UserSig is not valid, here or at the service."""


class AuthError(TencentImError):
    """The service does not accept the app or the caller."""


class PermissionDeniedError(TencentImError):
    """The caller may not do this."""


class NotFoundError(TencentImError):
    """What the call names does not exist."""


class ConflictError(TencentImError):
    """What the call would make exists already, or the state forbids it."""


class RateLimitedError(TencentImError):
    """Too many calls; wait for ``retry_after`` seconds."""


class QuotaError(TencentImError):
    """A limit of the edition or of an object is reached."""


class ContentRejectedError(TencentImError):
    """The content check or the app's own webhook refused the content."""


class ServerError(TencentImError):
    """The service failed."""


class ProtocolError(TencentImError):
    """The answer was not what the protocol says."""


class TransportError(TencentImError):
    """The network failed."""


class CallTimeoutError(TencentImError, builtins.TimeoutError):
    """Time ran out."""


class CallCancelledError(TencentImError):
    """The caller gave up, or closed the client during the call."""


class PartialError(TencentImError):
    """Items of a reply failed, which ``raise_for_items`` was asked about."""

    items: list[Any]
    """The items that failed, as they stand in the reply."""

    def __init__(self, text: str = "", record: Mapping[str, Any] | None = None) -> None:
        super().__init__(text, record)
        self.items = []


class WebhookError(TencentImError):
    """A request is not a genuine webhook, or a handler of one failed."""


class InternalError(TencentImError):
    """A fault of this SDK. Please report it."""


_CLASSES: dict[str, type[TencentImError]] = {
    "InvalidInput": InvalidInputError,
    "Config": ConfigError,
    "Signature": SignatureError,
    "Auth": AuthError,
    "Permission": PermissionDeniedError,
    "NotFound": NotFoundError,
    "Conflict": ConflictError,
    "RateLimited": RateLimitedError,
    "Quota": QuotaError,
    "ContentRejected": ContentRejectedError,
    "Server": ServerError,
    "Protocol": ProtocolError,
    "Transport": TransportError,
    "Timeout": CallTimeoutError,
    "Cancelled": CallCancelledError,
    "Partial": PartialError,
    "Webhook": WebhookError,
    "Internal": InternalError,
}

# Logs and tracebacks name them as programs import them.
for _class in (TencentImError, *_CLASSES.values()):
    _class.__module__ = "tencent_im"

_KINDS: dict[type[TencentImError], str] = {cls: kind for kind, cls in _CLASSES.items()}


def from_record(record: Mapping[str, Any]) -> TencentImError:
    """Makes an exception from the plain data of the native part."""
    return _CLASSES.get(record["kind"], TencentImError)(record["text"], record)
