"""What happens to calls: for ``on_event``, and for ``logging`` under the name ``tencent_im``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Literal, TypedDict


class _Named(TypedDict):
    event: Literal[
        "attempt", "reply", "failure", "retry", "queued", "slowed_down", "failover", "region_ignored", "skew_learned"
    ]
    """What happened. Later versions may add names."""


class Event(_Named, total=False):
    """Something that happened, as a plain dict. Never holds a key, a UserSig, a URL with one, or what a call says."""

    operation: str
    """The call, such as ``accounts.import_account``; not in failover and skew_learned."""
    attempt: int
    """Number of the attempt: in try, reply, failure and retry."""
    host: str
    """The address of an attempt."""
    http_status: int
    """HTTP status of a reply."""
    code: int | None
    """The service's code: of a reply, None for success; of slowed_down."""
    reason: str
    """Why an attempt failed, or why there is a retry."""
    delay_ms: int
    """How long a retry or a rate-limited call waits, in milliseconds."""
    to: str
    """The address that requests go to after a failover."""
    region: str
    """The region that is ignored because a base URL is set: in region_ignored."""
    base_url: str
    """The base URL that is used instead: in region_ignored."""
    seconds: int
    """Difference of the service's clock and this machine's: in skew_learned."""


EventHook = Callable[[Event], object]

logger = logging.getLogger("tencent_im")

_MESSAGES = {
    "attempt": "%(operation)s: attempt %(attempt)s goes to %(host)s",
    "reply": "%(operation)s: attempt %(attempt)s was answered with HTTP status %(http_status)s, code %(code)s",
    "failure": "%(operation)s: attempt %(attempt)s failed: %(reason)s",
    "retry": "%(operation)s: retry in %(delay_ms)s ms, after attempt %(attempt)s: %(reason)s",
    "queued": "%(operation)s: waits %(delay_ms)s ms for its turn under the rate limit",
    "slowed_down": "%(operation)s: the service asks for fewer calls (%(code)s); calls are slowed down for a while",
    "region_ignored": "requests go to %(base_url)s; the region %(region)s is ignored",
    "failover": "requests go to %(to)s from now on",
    "skew_learned": "this machine's clock is off by %(seconds)s s; UserSigs use the service's time",
}


def deliver(level: int, event: dict[str, Any], hook: Callable[[dict[str, Any]], object] | None) -> None:
    """Logs an event and tells the hook. A hook that raises is logged and harms nothing."""
    if logger.isEnabledFor(level):
        logger.log(level, _MESSAGES.get(event["event"], "%(event)s"), event, extra={"event": event.copy()})
    if hook is not None:
        name = event["event"]
        try:
            hook(event)
        except Exception:
            logger.exception("on_event raised at the event %s", name)
