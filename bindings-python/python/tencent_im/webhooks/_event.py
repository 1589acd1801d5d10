"""What a handler is given."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from .._result import Result

Body = TypeVar("Body", bound="Result")
_Body = TypeVar("_Body", bound="Result")
_Returned = TypeVar("_Returned")

#: Seconds by ``time.monotonic``; replaced by tests.
clock = time.monotonic


class Event(Generic[Body]):
    """A genuine event: its signature was verified, and it is for this app."""

    __slots__ = (
        "_deadline",
        "accounts",
        "answered",
        "body",
        "client_ip",
        "command",
        "event_time",
        "id",
        "is_late",
        "kind",
        "platform",
    )

    command: str
    """The webhook, such as ``C2C.CallbackBeforeSendMsg``."""
    kind: str
    """``before``, ``after``, ``alert``, ``bot``; ``unknown`` for a webhook that this version does not know."""
    id: str
    """Tells the event from all others. The same if the service sends it again."""
    platform: str | None
    """Where it came from: ``RESTAPI``, ``Web``, ``Android``, ``iOS``, ``Windows``, ``Mac``, ``iPad`` or ``Unknown``."""
    client_ip: str | None
    """Address of the client that caused it, if one did."""
    event_time: int | None
    """When it happened, in Unix milliseconds."""
    accounts: tuple[str, ...]
    """The accounts that ``refuse`` and ``decide`` may name; empty for most webhooks."""
    body: Body
    """What the webhook says."""
    answered: bool
    """Whether the answer has gone out. Events that have happened are answered before their handler runs."""
    is_late: bool
    """Whether the answer went out without waiting for the handler any longer: what it decides has no effect."""

    def __init__(self, facts: tuple[Any, ...], deadline: float) -> None:
        (
            self.command,
            self.kind,
            self.id,
            self.platform,
            self.client_ip,
            self.event_time,
            self.accounts,
            self.body,
        ) = facts
        self._deadline = deadline
        self.answered = False
        self.is_late = False

    @property
    def time_left(self) -> float:
        """Seconds until the answer goes out without the handler; 0 once it is out."""
        return 0.0 if self.answered else max(0.0, self._deadline - clock())

    def __repr__(self) -> str:
        return f"<Event {self.command} id={self.id!r}>"


Handler = Callable[[Event[_Body]], _Returned | Awaitable[_Returned]]
"""A handler, sync or async."""

AnyHandler = Callable[[Event[Any]], Any]
"""A handler of any event."""

ErrorHook = Callable[[Exception, Event[Any] | None], object]
"""What ``on_error`` is: called with the error, and with the event that it concerns."""
