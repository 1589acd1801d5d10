"""Errors of receiving webhooks, and their log."""

from __future__ import annotations

import logging
from typing import Any

from .._errors import TencentImError
from .._faults import fault
from ._event import Event

logger = logging.getLogger("tencent_im.webhooks")


def config(path: str, message: str, cure: str) -> TencentImError:
    """Makes a ``ConfigError``."""
    return fault("Config", message, path=path, cure=cure)


def refused(status: int, message: str) -> TencentImError:
    """Makes the ``WebhookError`` of a request that is answered with an HTTP status other than 200."""
    return fault("Webhook", message, http_status=status)


def as_exception(error: BaseException, event: Event[Any] | None) -> Exception:
    """Makes an error to report of what a handler raised: neither a thread nor the loop of a server may end by it."""
    if isinstance(error, Exception):
        return error
    operation = None if event is None else event.command
    wrapped = fault("Webhook", f"the handler raised {type(error).__name__}", operation=operation)
    wrapped.__cause__ = error
    return wrapped


def cancelled(event: Event[Any]) -> Exception:
    """Makes the error of a handler that was cancelled."""
    return fault("Webhook", "the handler was cancelled", operation=event.command)
