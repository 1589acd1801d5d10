"""The decisions that handlers return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._faults import fault
from .._json import given, json_text

if TYPE_CHECKING:
    from ..types.elements import MsgElementParam


class BaseDecision:
    """Base of all decisions."""

    # Not an abstract base class, whose `isinstance` costs as much as the whole answer.
    __slots__ = ()

    def _fields(self, first_code: int) -> dict[str, Any]:
        """The decision as the core takes it. ``first_code`` is the first of the app's own codes."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Allow(BaseDecision):
    """Lets the event go on: see ``allow``."""

    def _fields(self, first_code: int) -> dict[str, Any]:
        return {"action": "allow"}


@dataclass(frozen=True, slots=True)
class Reject(BaseDecision):
    """Stops the event: see ``reject``."""

    code: int | None
    info: str | None

    def _fields(self, first_code: int) -> dict[str, Any]:
        return {"action": "reject", **given(code=self.code, info=self.info)}


@dataclass(frozen=True, slots=True)
class Drop(BaseDecision):
    """Stops a message while its sender sees a success: see ``drop``."""

    def _fields(self, first_code: int) -> dict[str, Any]:
        return {"action": "drop"}


@dataclass(frozen=True, slots=True)
class Replace(BaseDecision):
    """Delivers another message instead: see ``replace``."""

    msg_body: Sequence[MsgElementParam] | None
    cloud_custom_data: str | None

    def _fields(self, first_code: int) -> dict[str, Any]:
        return {"action": "replace", **given(msg_body=self.msg_body, cloud_custom_data=self.cloud_custom_data)}


@dataclass(frozen=True, slots=True)
class Refuse(BaseDecision):
    """Leaves accounts out: see ``refuse``."""

    accounts: tuple[str, ...]

    def _fields(self, first_code: int) -> dict[str, Any]:
        return {"action": "refuse", "accounts": list(self.accounts)}


@dataclass(frozen=True, slots=True)
class Decide(BaseDecision):
    """Decides for each account: see ``decide``."""

    decisions: Mapping[str, Allow | Reject]

    def _fields(self, first_code: int) -> dict[str, Any]:
        results = [
            {"account": account, "code": 0}
            if isinstance(decision, Allow)
            else {
                "account": account,
                **given(code=first_code if decision.code is None else decision.code, info=decision.info),
            }
            for account, decision in self.decisions.items()
        ]
        return {"action": "decide", "results": results}


Decision = Allow | Reject | Drop | Replace | Refuse | Decide
"""A decision about an event. Created by the functions below."""

Acknowledgement = Allow | None
"""Return type of handlers for events that have already happened."""

DenyDecision = Allow | Reject | None
"""Return type of handlers that can reject an event."""

MessageDecision = Allow | Reject | Drop | Replace | None
"""Return type of handlers that decide about a message."""

AccountsDecision = Allow | Reject | Refuse | None
"""Return type of handlers that decide about accounts."""

EachAccountDecision = Allow | Reject | Refuse | Decide | None
"""Return type of handlers that decide about each of several accounts."""

_ALLOW, _DROP = Allow(), Drop()


def allow() -> Allow:
    """Allows the event, unchanged. Returning None does the same."""
    return _ALLOW


def reject(code: int | None = None, info: str | None = None) -> Reject:
    """Rejects the event.

    Args:
        code: Your own error code for the sender, from the range of the webhook: 120001 to 130000 for one-to-one
            messages. Defaults to the service's code.
        info: Text for the sender. Needs a code of your own.
    """
    return Reject(code, info)


def drop() -> Drop:
    """Drops a message; its sender sees a success."""
    return _DROP


def replace(
    *,
    msg_body: Sequence[MsgElementParam] | None = None,
    cloud_custom_data: str | Mapping[str, Any] | Sequence[Any] | None = None,
) -> Replace:
    """Replaces the message.

    Args:
        msg_body: The new elements: see ``tencent_im.elements``. Defaults to those of the event.
        cloud_custom_data: The new custom data: text, or data to encode as JSON. Defaults to that of the event.
    """
    return Replace(msg_body, json_text("cloud_custom_data", cloud_custom_data))


def refuse(accounts: Sequence[str]) -> Refuse:
    """Leaves out some accounts and allows the event for the others.

    Args:
        accounts: The accounts to leave out, from ``event.accounts``.
    """
    if isinstance(accounts, (bytes, Mapping)) or not hasattr(accounts, "__iter__"):
        message = f"expected a list of accounts, got {type(accounts).__name__}"
        raise fault("InvalidInput", message, path="accounts", cure="pass accounts of event.accounts")
    return Refuse((accounts,) if isinstance(accounts, str) else tuple(accounts))


def decide(decisions: Mapping[str, Allow | Reject]) -> Decide:
    """Decides for each account. Accounts that are not listed are allowed.

    Args:
        decisions: ``allow()`` or ``reject(code, info)`` for accounts from ``event.accounts``. Codes are 38000 to 39000.
    """
    if not isinstance(decisions, Mapping):
        message = f"expected decisions by account, got {type(decisions).__name__}"
        raise fault("InvalidInput", message, path="decisions", cure='pass a dict, such as {"alice": reject()}')
    for account, decision in decisions.items():
        if not isinstance(decision, (Allow, Reject)):
            raise fault(
                "InvalidInput",
                f"expected a decision, got {type(decision).__name__}",
                path=f"decisions[{account!r}]",
                cure="use allow() or reject(code, info)",
            )
    return Decide(dict(decisions))
