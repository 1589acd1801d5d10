"""Errors of receiving webhooks, and their log."""

from __future__ import annotations

import logging

from .._errors import TencentImError
from .._faults import fault

logger = logging.getLogger("tencent_im.webhooks")


def config(path: str, message: str, cure: str) -> TencentImError:
    """Makes a ``ConfigError``."""
    return fault("Config", message, path=path, cure=cure)


def refused(status: int, message: str) -> TencentImError:
    """Makes the ``WebhookError`` of a request that is answered with an HTTP status other than 200."""
    return fault("Webhook", message, http_status=status)
