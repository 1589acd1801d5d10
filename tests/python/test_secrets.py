"""What tracebacks that show local variables show: error trackers send them away."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest
from conftest import SDK_APP_ID

import tencent_im
from tencent_im import AsyncClient, Client, TencentImError

SECRET = "c0ffee" * 10


def frames_of_the_package(error: BaseException) -> str:
    """The package's own frames with their local variables. Those of the program are the program's business."""
    summary = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), capture_locals=True)
    return "".join(str(frame.locals) for frame in summary if "tencent_im" in frame.filename)


FAILING: dict[str, dict[str, Any]] = {
    "app id": {"sdk_app_id": 0, "secret_key": SECRET},
    "region": {"secret_key": SECRET, "region": "atlantis"},
    "key with a line end": {"secret_key": f"{SECRET}\n"},
    "key of the wrong type": {"secret_key": SECRET.encode()},
    "misspelt": {"secret_key": "x", "secretkey": SECRET},
    "proxy": {"secret_key": "x", "proxy": f"foo://user:{SECRET}@host"},
    "base_url": {"secret_key": "x", "base_url": f"https://user:{SECRET}@host"},
    "fallback_url": {"secret_key": "x", "base_url": "https://host", "fallback_url": f"https://user:{SECRET}@host"},
}


@pytest.mark.parametrize("settings", FAILING.values(), ids=FAILING)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_no_frame_of_a_constructor_holds_a_secret(kind: Callable[..., Any], settings: dict[str, Any]) -> None:
    with pytest.raises(TencentImError) as raised:
        kind(**{"sdk_app_id": SDK_APP_ID, **settings})
    shown = frames_of_the_package(raised.value)
    assert "hidden" in shown
    assert SECRET not in shown
    assert SECRET not in str(raised.value) + repr(raised.value.__dict__)


def test_no_frame_of_the_functions_holds_a_secret() -> None:
    uses: list[Callable[[], object]] = [
        lambda: tencent_im.Signer(0, SECRET),
        lambda: tencent_im.sign_user_sig("", sdk_app_id=7, secret_key=SECRET),
        lambda: tencent_im.verify_user_sig("x", secret_key=[SECRET]),
        lambda: tencent_im.sign_private_map_key(user_id="", expire=1, room_id=1, sdk_app_id=7, secret_key=SECRET),
    ]
    for use in uses:
        with pytest.raises(TencentImError) as raised:
            use()
        assert SECRET not in frames_of_the_package(raised.value)


def test_a_client_without_settings_can_be_shown() -> None:
    kinds: list[Any] = [Client, AsyncClient]
    for kind in kinds:
        assert repr(kind.__new__(kind)) == f"<{kind.__name__} without settings>"

    class Eager(Client):
        def __init__(self) -> None:
            self.shown = repr(self)
            super().__init__(7, "key")

    assert Eager().shown == "<Eager without settings>"
