"""What happens to calls: for ``on_event``, and for ``logging`` under the name ``tencent_im``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Literal, TypedDict


class _Named(TypedDict):
    event: Literal[
        "try", "reply", "failure", "retry", "paced", "slowed_down", "failover", "region_ignored", "skew_learnt"
    ]
    """What happened. Later versions may add names."""


class Event(_Named, total=False):
    """Something that happened, as a plain dict. Never holds a key, a UserSig, a URL with one, or what a call says."""

    operation: str
    """The call, such as ``accounts.import_account``; not in failover and skew_learnt."""
    attempt: int
    """Which try: in try, reply, failure, retry."""
    host: str
    """Where a try goes."""
    http_status: int
    """HTTP status of a reply."""
    code: int | None
    """The service's code: of a reply, None for success; of slowed_down."""
    reason: str
    """Why a try failed, or why there is a retry."""
    delay_ms: int
    """How long a retry or a paced call waits, in milliseconds."""
    to: str
    """The address that requests go to since a failover."""
    region: str
    """The region that counts for nothing, since a base URL is set as well."""
    base_url: str
    """The base URL that is set as well."""
    seconds: int
    """How far this machine's clock is off the service's, as learnt in skew_learnt."""


EventHook = Callable[[Event], object]

logger = logging.getLogger("tencent_im")

_MESSAGES = {
    "try": "%(operation)s: try %(attempt)s goes to %(host)s",
    "reply": "%(operation)s: try %(attempt)s was answered with HTTP status %(http_status)s, code %(code)s",
    "failure": "%(operation)s: try %(attempt)s failed: %(reason)s",
    "retry": "%(operation)s: another try in %(delay_ms)s ms, after try %(attempt)s: %(reason)s",
    "paced": "%(operation)s: waits %(delay_ms)s ms for its turn",
    "slowed_down": "%(operation)s: the service says that calls come too often (%(code)s); they go slower for a while",
    "region_ignored": "requests go to %(base_url)s; the region %(region)s counts for nothing",
    "failover": "requests go to %(to)s from now on",
    "skew_learnt": "this machine's clock is %(seconds)s s off the service's; UserSigs go by the service's",
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
