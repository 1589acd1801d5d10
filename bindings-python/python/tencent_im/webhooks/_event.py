"""The events that handlers receive."""

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
    """Unique to this event, and the same each time the service sends it."""
    platform: str | None
    """The event's origin: ``RESTAPI``, ``Web``, ``Android``, ``iOS``, ``Windows``, ``Mac``, ``iPad`` or ``Unknown``."""
    client_ip: str | None
    """IP address of the client that caused the event, if any."""
    event_time: int | None
    """When it happened, in Unix milliseconds."""
    accounts: tuple[str, ...]
    """The accounts that ``refuse`` and ``decide`` may name; empty for most webhooks."""
    body: Body
    """The webhook's data."""
    answered: bool
    """Whether the answer has been sent. Events that have already happened are answered before their handler runs."""
    is_late: bool
    """Whether the answer was sent because the handler took too long. Its decision then has no effect."""

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
        """Seconds until the answer is sent without the handler's decision. 0 once it has been sent."""
        return 0.0 if self.answered else max(0.0, self._deadline - clock())

    def __repr__(self) -> str:
        return f"<Event {self.command} id={self.id!r}>"


Handler = Callable[[Event[_Body]], _Returned | Awaitable[_Returned]]
"""A handler, sync or async."""

AnyHandler = Callable[[Event[Any]], Any]
"""A handler for events of any kind."""

ErrorHook = Callable[[Exception, Event[Any] | None], object]
"""The type of ``on_error``: called with an error and the event it concerns, if any."""
