"""Settings of the receiver that are not the core's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from .._errors import TencentImError
from .._native import answer_webhook, check_webhook, list_webhooks
from ._decisions import Allow, BaseDecision, Decision, Drop, Reject, allow, reject
from ._faults import config

LateAnswer = Literal["allow", "reject"] | Allow | Reject | Drop
"""What goes out without a handler's decision."""

FACTS: dict[str, dict[str, Any]] = {facts["command"]: facts for facts in list_webhooks()}
"""What is known of each webhook."""


def written(command: str, accounts: Sequence[str], decision: BaseDecision) -> bytes:
    """Writes the body of an answer.

    Raises:
        InvalidInputError: The webhook does not take the decision.
    """
    if type(decision) is Reject and not accounts:
        code, info = decision.code, decision.info
        # Of these very types: they are hashable, and equal only if they are the same.
        if (code is None or type(code) is int) and (info is None or (type(info) is str and len(info) <= _MOST_INFO)):
            return _rejected(command, code, info)
    codes = FACTS.get(command, {}).get("codes")
    return answer_webhook(command, accounts, decision._fields(codes[0] if codes else 1))


#: Longest text of a rejection that is kept.
_MOST_INFO = 200


@lru_cache(256)
def _rejected(command: str, code: int | None, info: str | None) -> bytes:
    """Programs reject with the same few codes and texts."""
    return answer_webhook(command, [], reject(code, info)._fields(1))


def late_answers(on_late: object) -> dict[str, Decision]:
    """The answers by webhook; those that allow are left out."""
    deciding = [command for command, facts in FACTS.items() if facts["kind"] == "before"]
    answers = on_late if isinstance(on_late, Mapping) else dict.fromkeys(deciding, on_late)
    read: dict[str, Decision] = {}
    for command, answer in answers.items():
        path = f"on_late[{command!r}]" if isinstance(on_late, Mapping) else "on_late"
        check_webhook(command)
        if command not in deciding:
            raise config(path, "the webhook decides nothing", "leave it out")
        decision = {"allow": allow(), "reject": reject()}.get(answer) if isinstance(answer, str) else answer
        if not isinstance(decision, (Allow, Reject, Drop)):
            raise config(path, "not an answer", 'use "allow", "reject", reject(code, info) or drop()')
        if isinstance(decision, Allow):
            continue
        try:
            written(command, [], decision)
        except TencentImError as error:
            raise config(path, f"{command} does not take it: {error.message}", error.cure or "choose another") from None
        read[command] = decision
    return read


def check_handler(handler: object) -> None:
    """Refuses what cannot be called."""
    if not callable(handler):
        raise config("handler", f"expected a function, got {type(handler).__name__}", "pass a function of one event")


def seconds(path: str, value: Any, *, below: float) -> float:
    """Reads a number of seconds."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value < below:
        message = f"{value} is out of range" if is_number else f"expected a number, got {type(value).__name__}"
        raise config(path, message, f"pass a number of seconds above 0 and below {below:g}")
    return float(value)


def whole(path: str, value: Any, least: int, most: int) -> int:
    """Reads a whole number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        message = f"{value} is out of range" if is_number else f"expected a whole number, got {type(value).__name__}"
        raise config(path, message, f"pass a whole number from {least:,} to {most:,}")
    return int(value)
