"""Errors of the command line, and how errors are shown."""

from __future__ import annotations

import json
from typing import Any

import click

from .. import CallCancelledError, ConfigError, InvalidInputError, TencentImError
from . import FAILED, INTERRUPTED, USAGE


class Failure(Exception):
    """A command cannot do what was asked.

    Args:
        message: What is wrong.
        cure: What to do about it.
        exit_code: 2 if the arguments, settings or files are wrong, 1 if something failed.
    """

    def __init__(self, message: str, *, cure: str | None = None, exit_code: int = USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.exit_code = exit_code


def exit_code_of(error: BaseException) -> int:
    """Returns the exit code that an error means."""
    if isinstance(error, Failure | click.ClickException):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | CallCancelledError | click.Abort):
        return INTERRUPTED
    if isinstance(error, ConfigError | InvalidInputError) and getattr(error, "attempts", 0) == 0:
        return USAGE
    return FAILED


def facts_of(error: BaseException) -> dict[str, Any]:
    """Returns what is known of an error, for JSON."""
    if isinstance(error, TencentImError):
        names = ["kind", "message", "code", "error_info", "operation", "path", "cause", "cure", "http_status"]
        facts = {name: getattr(error, name) for name in names}
        facts |= {"attempts": error.attempts, "maybe_applied": error.maybe_applied, "retry_after": error.retry_after}
        return {name: value for name, value in facts.items() if value is not None}
    if isinstance(error, click.ClickException):
        return {"kind": "Usage", "message": error.format_message()}
    facts = {"kind": "Usage" if exit_code_of(error) == USAGE else "Failed", "message": str(error)}
    cure = getattr(error, "cure", None)
    return facts | ({"cure": cure} if cure else {})


def text_of(error: BaseException) -> str:
    """Returns an error as lines for a person: what is wrong, why, and what to do."""
    facts = facts_of(error)
    where = ": ".join(str(facts[name]) for name in ("operation", "path") if name in facts)
    what = f"{where}: {facts['message']}" if where else facts["message"]
    if "code" in facts:
        what += f" (code {facts['code']})"
    lines = [f"error: {what}"]
    if "error_info" in facts:
        lines.append(f"service: {facts['error_info']}")
    lines += [f"{name}: {facts[name]}" for name in ("cause", "cure") if name in facts]
    if facts.get("maybe_applied"):
        lines.append("note: it may have taken effect")
    return "\n".join(lines)


def show(error: BaseException, *, as_json: bool) -> None:
    """Writes an error to standard error."""
    text = json.dumps({"error": facts_of(error)}, ensure_ascii=False) if as_json else text_of(error)
    click.echo(text, err=True)
