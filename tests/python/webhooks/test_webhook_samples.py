"""Requests for tests of handlers."""

from __future__ import annotations

from typing import get_args

import pytest
from webhook_support import APP, BEFORE, TOKEN, answered, hooks

from tencent_im import ConfigError
from tencent_im.webhooks import Command, reject, sample_request


@pytest.mark.parametrize("command", get_args(Command))
def test_every_webhook_has_a_sample_that_is_read(command: Command) -> None:
    seen = []
    receiver = hooks()
    receiver.on_any(lambda event: seen.append((event.command, event.kind)))
    assert answered(receiver.receive(*sample_request(command, sdk_app_id=APP, token=TOKEN)))["ErrorCode"] == 0
    receiver.close()
    [(name, kind)] = seen
    assert name == command
    assert kind in {"before", "after", "alert", "bot"}


def test_fields_of_a_sample_are_replaced() -> None:
    receiver = hooks(token=None, verify=False)
    receiver.on(
        "C2C.CallbackBeforeSendMsg", lambda event: reject(120001, event.body.from_account + event.body.to_account)
    )
    request = sample_request(BEFORE, sdk_app_id=str(APP), body={"From_Account": "mallory"})
    assert answered(receiver.receive(*request))["ErrorInfo"] == "malloryJohn"
    request = sample_request(BEFORE, sdk_app_id=APP, body=b'{"From_Account": "a", "To_Account": "b"}')
    assert answered(receiver.receive(*request))["ErrorInfo"] == "ab"


def test_a_sample_of_another_time_is_refused() -> None:
    request = sample_request(BEFORE, sdk_app_id=APP, token=TOKEN, now=1669872112)
    assert "RequestTime=1669872112" in request.query
    assert hooks().receive(*request).status == 401


def test_there_is_no_sample_of_an_unknown_webhook() -> None:
    with pytest.raises(ConfigError, match="did you mean"):
        sample_request("C2C.CallbackBeforSendMsg", sdk_app_id=APP)  # type: ignore[arg-type]
