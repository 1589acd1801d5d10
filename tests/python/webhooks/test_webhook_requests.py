"""Requests: who may send them, in what form they come, and settings."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from support import PATIENCE
from webhook_support import ALLOWED, APP, BEFORE, REFUSED, TOKEN, answered, body, hooks, query

from tencent_im import ConfigError
from tencent_im.webhooks import Webhooks, allow, drop, reject, sign_webhook


def test_the_signature_of_the_fact_file() -> None:
    """The vendor's page prints another one, which is not the SHA-256 of its token and time."""
    expected = "e78a85473bed2cdc8d6fa8c4d5a4ba4735fd64156e15a99516b9890293e135de"
    assert sign_webhook("xxxyyy", 1669872112) == expected


def without(name: str) -> str:
    return "&".join(pair for pair in query().split("&") if not pair.startswith(f"{name}="))


def with_sign(change: Any) -> str:
    return "&".join(
        f"Sign={change(pair.removeprefix('Sign='))}" if pair.startswith("Sign=") else pair
        for pair in query().split("&")
    )


def now() -> int:
    return int(time.time())


WRONG: dict[str, tuple[Callable[[], str], int]] = {
    "no sign": (lambda: without("Sign"), 401),
    "empty sign": (lambda: with_sign(lambda sign: ""), 401),
    "upper case": (lambda: with_sign(str.upper), 401),
    "not hex": (lambda: with_sign(lambda sign: "z" * 64), 401),
    "short": (lambda: with_sign(lambda sign: sign[:-1]), 401),
    "another token": (lambda: query(token="another"), 401),
    "doubled": (lambda: f"{query()}&Sign=00", 401),
    "doubled and genuine twice": (lambda: f"{query()}&{query()}", 400),
    "two hex digits too many": (lambda: with_sign(lambda sign: f"{sign}00"), 401),
    "no time": (lambda: without("RequestTime"), 401),
    "time doubled": (lambda: f"{query()}&RequestTime={now()}", 401),
    "time with a fraction": (lambda: query().replace("RequestTime=", "RequestTime=0."), 401),
    "time with a plus": (lambda: query().replace("RequestTime=", "RequestTime=%2B"), 401),
    "time in other digits": (lambda: without("RequestTime") + "&RequestTime=%D9%A1%D9%A2", 401),
    "time of another sign": (lambda: without("RequestTime") + f"&RequestTime={now() + 1}", 401),
    "time too long for a number": (lambda: query().replace("RequestTime=", "RequestTime=" + "9" * 40), 401),
    "old": (lambda: query(at=now() - 3_600), 401),
    "of tomorrow": (lambda: query(at=now() + 86_400), 401),
    "milliseconds": (lambda: query(at=now() * 1_000), 401),
    "negative": (lambda: query().replace("RequestTime=", "RequestTime=-"), 401),
    "no app": (lambda: without("SdkAppid"), 400),
    "another app": (lambda: query(app=APP + 1), 403),
    "command twice": (lambda: f"{query()}&CallbackCommand=State.StateChange", 400),
    "another command": (lambda: query("State.StateChange"), 400),
    "long": (lambda: query() + "&x=" + "y" * 10_000, 400),
    "nothing": (lambda: "", 401),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_requests_are_refused_and_only_the_log_says_why(name: str, caplog: pytest.LogCaptureFixture) -> None:
    make, status = WRONG[name]
    line = make()
    handled: list[Any] = []
    errors: list[Any] = []
    receiver = hooks(on_error=lambda *given: errors.append(given))
    receiver.on("C2C.CallbackBeforeSendMsg", handled.append)
    receiver.on_any(handled.append)
    answer = receiver.receive(line, body())
    receiver.close()
    assert (answer.status, json.loads(answer.body), handled, errors) == (status, REFUSED, [], [])
    [record] = caplog.records
    assert (record.levelno, record.name) == (logging.WARNING, "tencent_im.webhooks")
    assert str(status) in record.getMessage()
    signs = [pair.removeprefix("Sign=") for pair in line.split("&") if pair.startswith("Sign=")]
    assert not any(secret in caplog.text for secret in [TOKEN, *filter(None, signs)])


def test_parsed_bodies_that_are_too_deep_are_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert hooks().receive(query(), {"X": deep}).status == 400


@pytest.mark.parametrize("line", [None, {}, "\ud800", "x=\udfff", {"x": "\ud800"}, {"Sign": ["a", "\ud800"]}])
def test_queries_that_are_none_or_not_unicode_are_refused(line: Any) -> None:
    assert hooks().receive(line, body()).status == 401


def test_question_marks_in_parameters_of_the_app_cut_nothing_off() -> None:
    for line in [f"{query()}&next=/a?b=1", f"next=/a?b=1&{query()}", f"/hook?{query()}&why=what?"]:
        assert hooks().receive(line, body()).status == 200, line


def test_nothing_of_a_request_writes_lines_of_its_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    receiver = hooks(verify=False, token=None)
    hostile = "a\nFAKE\x1b[31m\u2028\u202e"
    deep = json.dumps({hostile: 1}).replace("1", "[" * 100 + "]" * 100)
    for line, content in [
        (query(), deep),
        (f"SdkAppid={hostile}", body()),
        (f"SdkAppid={APP}&CallbackCommand={hostile}", body()),
        (query(), body() | {"CallbackCommand": hostile}),
    ]:
        assert receiver.receive(line, content).status >= 400
    wrong: list[dict[str, Any]] = [{"method": hostile}, {"content_type": f"image/{hostile}"}]
    for options in wrong:
        assert receiver.receive(query(), body(), **options).status >= 400
    assert len(caplog.records) == 6
    assert all(record.getMessage().isprintable() for record in caplog.records)


def test_a_recorded_request_is_refused_beyond_the_tolerance() -> None:
    receiver = hooks(tolerance=5)
    assert receiver.receive(query(at=now() - 3), body()).status == 200
    assert receiver.receive(query(at=now() - 7), body()).status == 401


CONTENT = json.dumps(body())


@pytest.mark.parametrize(
    "given",
    [
        CONTENT.encode(),
        bytearray(CONTENT.encode()),
        memoryview(CONTENT.encode()),
        CONTENT,
        "\ufeff" + CONTENT,
        body(),
    ],
)
def test_bodies_of_every_sort(given: Any) -> None:
    receiver = hooks()
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: reject(120001, event.body.from_account))
    assert answered(receiver.receive(query(), given))["ErrorInfo"] == "alice"
    if not isinstance(given, dict):
        content = given.encode() if isinstance(given, str) else bytes(given)
        for encoded in [base64.b64encode(content), base64.b64encode(content).decode()]:
            assert answered(receiver.receive(query(), encoded, is_base64=True))["ErrorInfo"] == "alice"


def parameters() -> dict[str, str]:
    return dict(pair.split("=") for pair in query().split("&"))


@pytest.mark.parametrize(
    "make",
    [
        query,
        lambda: "?" + query(),
        lambda: "https://example.com/im?" + query(),
        lambda: query().encode(),
        parameters,
        lambda: {name: [value] for name, value in parameters().items()},
        lambda: query() + "&x=" + "y" * 1_000,
    ],
)
def test_queries_of_every_sort(make: Callable[[], Any]) -> None:
    assert hooks().receive(make(), CONTENT).status == 200


@pytest.mark.parametrize(
    ("given", "options", "status"),
    [
        (None, {}, 400),
        (b"", {}, 400),
        (b"[]", {}, 400),
        ([], {}, 400),
        (CONTENT[:-5], {}, 400),
        ("[" * 10_000, {}, 400),
        ('{"a":' * 5_000, {}, 400),
        ('{"MsgBody":' + "[" * 10_000 + "]" * 10_000 + "}", {}, 400),
        ('{"New":' * 10_000 + "1" + "}" * 10_000, {}, 400),
        ("[" + CONTENT + "]", {}, 400),
        ([body()], {}, 400),
        (CONTENT + CONTENT, {}, 400),
        ("null", {}, 400),
        (b"\xff\xfe", {}, 400),
        (CONTENT.encode("utf-16"), {}, 400),
        ("\ud800", {}, 400),
        ("not base64!", {"is_base64": True}, 400),
        ("", {"is_base64": True}, 400),
        (b"x" * 10_000_000, {}, 413),
        ("x" * 10_000_000, {}, 413),
        ("eHh4" * 1_000_000, {"is_base64": True}, 413),
        (CONTENT, {"method": "GET"}, 405),
        (CONTENT, {"method": "post"}, 405),
        (CONTENT, {"content_type": "image/png"}, 415),
        (CONTENT, {"content_type": "application/json; charset=utf-8"}, 200),
        (CONTENT, {"content_type": "application/x-www-form-urlencoded"}, 200),
    ],
)
def test_broken_bodies(given: Any, options: Any, status: int) -> None:
    answer = hooks().receive(query(), given, **options)
    assert (answer.status, json.loads(answer.body)) == (status, ALLOWED if status == 200 else REFUSED)


def test_text_that_is_not_utf_8_is_mended() -> None:
    """The service cuts texts in the middle of a character, and old parts of it write GBK."""
    receiver = hooks()

    @receiver.on("C2C.CallbackBeforeSendMsg")
    def decide(event: Any) -> Any:
        return reject(120001, event.body.msg_body[0].msg_content.text)

    for text, read in [
        (b"cut \xe4\xbd", "cut \ufffd"),
        (b"\xc3\xd3", "\ufffd\ufffd"),
        (b"half \\ud83d a pair", "half \ufffd a pair"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ]:
        answer = receiver.receive(query(), CONTENT.encode().replace(b"hello", text))
        assert answered(answer)["ErrorInfo"] == read


def test_a_deep_body_is_refused_in_time_and_in_a_small_thread() -> None:
    deep = '{"MsgBody":' + '{"MsgContent":[' * 40_000 + "]}" * 40_000 + "}"
    statuses: list[int] = []
    size = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: statuses.append(hooks().receive(query(), deep).status))
        begun = time.monotonic()
        thread.start()
        thread.join(PATIENCE)
    finally:
        threading.stack_size(size)
    assert statuses == [400]
    assert time.monotonic() - begun < 20


def test_what_no_server_hands_over_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"query: expected text.*got int"):
        hooks().receive(5, b"{}")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="base64"):
        hooks().receive(query(), {}, is_base64=True)
    with pytest.raises(TypeError, match="body: expected bytes"):
        hooks().receive(query(), {"MsgBody": object()})
    with pytest.raises(TypeError, match="method: expected text, got NoneType"):
        hooks().receive(query(), body(), method=None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="content_type: expected text, got int"):
        hooks().receive(query(), body(), content_type=5)  # type: ignore[arg-type]


# --- settings --------------------------------------------------------------------------------------------------------


def test_the_environment_fills_in_the_app_and_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_IM_SDK_APP_ID", str(APP))
    monkeypatch.setenv("TENCENT_IM_WEBHOOK_TOKEN", f" {TOKEN}\n")
    receiver = Webhooks()
    assert repr(receiver) == f"Webhooks(sdk_app_id={APP}, verify=True)"
    assert receiver.receive(query(), body()).status == 200
    # Of the caller's own accord.
    assert Webhooks(verify=False).receive(without("Sign"), body()).status == 200
    monkeypatch.setenv("TENCENT_IM_WEBHOOK_TOKEN", f'"{TOKEN}"')
    with pytest.raises(ConfigError, match=r"TENCENT_IM_WEBHOOK_TOKEN: .*quotation marks") as caught:
        Webhooks()
    assert TOKEN not in str(caught.value)


def test_any_token_of_a_rotation_will_do() -> None:
    receiver = hooks(token=["the next one", TOKEN])
    assert receiver.receive(query(), body()).status == 200
    assert receiver.receive(query(token="the next one"), body()).status == 200
    assert receiver.receive(query(token="the last one"), body()).status == 401


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"token": None}, "token"),
        ({"token": None, "verify": True}, "token"),
        ({"token": []}, "token"),
        ({"token": ""}, "token[0]"),
        ({"token": f"{TOKEN} "}, "token[0]"),
        ({"token": [TOKEN, f"'{TOKEN}'"]}, "token[1]"),
        ({"token": [5]}, "token[0]"),
        ({"token": 5}, "token"),
        ({"token": TOKEN.encode()}, "token"),
        ({"verify": False}, "verify"),
        ({"sdk_app_id": None}, "sdk_app_id"),
        ({"sdk_app_id": 0}, "sdk_app_id"),
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": -5}, "tolerance"),
        ({"max_body_bytes": 0}, "max_body_bytes"),
        ({"budget": 0}, "budget"),
        ({"budget": 2}, "budget"),
        ({"budget": float("nan")}, "budget"),
        ({"budget": "1"}, "budget"),
        ({"threads": -1}, "threads"),
        ({"threads": 1.5}, "threads"),
        ({"background": -1}, "background"),
        ({"max_queue": 0}, "max_queue"),
        ({"max_queue": True}, "max_queue"),
        ({"store": {}}, "store"),
        ({"on_error": 5}, "on_error"),
        ({"on_late": "refuse"}, "on_late"),
        ({"on_late": None}, "on_late"),
        ({"on_late": reject(120001)}, "on_late"),
        ({"on_late": {BEFORE: reject(5)}}, f"on_late['{BEFORE}']"),
        ({"on_late": {BEFORE: "drop"}}, f"on_late['{BEFORE}']"),
        ({"on_late": {"C2C.CallbackAfterSendMsg": "allow"}}, "on_late['C2C.CallbackAfterSendMsg']"),
        ({"on_late": {"Sns.CallbackPrevFriendAdd": drop()}}, "on_late['Sns.CallbackPrevFriendAdd']"),
        ({"on_late": {"C2C.CallbackBeforSendMsg": allow()}}, "C2C.CallbackBeforSendMsg"),
        ({"on_late": {5: allow()}}, "command"),
    ],
)
def test_wrong_settings(settings: Any, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        hooks(**settings)
    assert caught.value.path == path
    assert caught.value.cure
    assert TOKEN not in str(caught.value)


def test_an_on_error_that_is_async_is_refused() -> None:
    async def report(error: Exception, event: Any) -> None: ...

    with pytest.raises(ConfigError, match="on_error"):
        hooks(on_error=report)


def test_no_frame_of_the_constructor_shows_the_token() -> None:
    try:
        hooks(budget=5)
    except ConfigError as error:
        traceback = error.__traceback__
        seen = []
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename.endswith("_webhooks.py"):
                seen.append(repr(traceback.tb_frame.f_locals))
            traceback = traceback.tb_next
    assert seen
    assert not any(TOKEN in text for text in seen)
