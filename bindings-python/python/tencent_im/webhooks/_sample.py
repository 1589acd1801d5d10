"""Sample requests, as the service sends them, for testing handlers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from .._native import check_webhook, sign_webhook

if TYPE_CHECKING:
    from ._commands import Command


class SampleRequest(NamedTuple):
    """A request as the service sends it."""

    query: str
    """The query line, with the signature."""
    body: bytes
    """The body."""


def sample_request(
    command: Command,
    *,
    sdk_app_id: int | str,
    token: str | None = None,
    body: Mapping[str, Any] | bytes | None = None,
    now: float | None = None,
) -> SampleRequest:
    """Returns a sample request, as the service sends it, for testing a handler.

    >>> hooks.receive(*sample_request("C2C.CallbackBeforeSendMsg", sdk_app_id=1400000000, token="token"))

    Args:
        command: The webhook.
        sdk_app_id: SDKAppID of the app.
        token: Token to sign the request with. Unsigned by default, for receivers with ``verify=False``.
        body: A different body as bytes, or fields by their wire names that override those of the sample. Defaults to
            the sample in the vendor's documentation.
        now: Time of the signature, in Unix seconds. Defaults to the current time.

    Raises:
        ConfigError: There is no webhook of this name.
    """
    from ._samples import SAMPLES

    check_webhook(command)
    parameters: dict[str, Any] = {
        "SdkAppid": sdk_app_id,
        "CallbackCommand": command,
        "contenttype": "json",
        "ClientIP": "127.0.0.1",
        "OptPlatform": "RESTAPI",
    }
    if token is not None:
        at = int(time.time() if now is None else now)
        parameters |= {"Sign": sign_webhook(token, at), "RequestTime": at}
    content = SAMPLES[command].encode()
    if isinstance(body, Mapping):
        content = json.dumps(json.loads(content) | dict(body), ensure_ascii=False).encode()
    elif isinstance(body, (bytes, bytearray, memoryview)):
        content = bytes(body)
    elif body is not None:
        raise TypeError(f"body: expected a mapping or bytes, got {type(body).__name__}")
    return SampleRequest(urlencode(parameters), content)
