"""Input and settings that cannot be right: each error names the place and the cure, before anything is sent."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Call, Emulator

import tencent_im
from tencent_im import AsyncClient, Client, ConfigError, InvalidInputError, TencentImError, TransportError

LOOP: list[Any] = []
LOOP.append(LOOP)


class Hostile(Mapping[str, Any]):
    """A mapping that fails when it is read."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("hostile")

    def __iter__(self) -> Any:
        raise RuntimeError("hostile")

    def __len__(self) -> int:
        return 1


INPUTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("accounts.import_account", {"user_id": ""}, "user_id", "empty"),
    ("accounts.import_account", {"user_id": "x" * 33}, "user_id", "33 bytes"),
    ("accounts.import_account", {"user_id": "用" * 11}, "user_id", "33 bytes"),
    ("accounts.import_account", {"user_id": "a\nb"}, "user_id", "control character"),
    ("accounts.import_account", {"user_id": "a\x00"}, "user_id", "control character"),
    ("accounts.import_account", {"user_id": None}, "user_id", "missing"),
    ("accounts.import_account", {"user_id": 5}, "user_id", "expected text"),
    ("accounts.import_account", {"user_id": b"bytes"}, "user_id", "bytes"),
    ("accounts.import_account", {"user_id": True}, "user_id", "true or false"),
    ("accounts.import_account", {"user_id": ["a"]}, "user_id", "a list"),
    ("accounts.import_account", {"user_id": "a", "nick": "n" * 501}, "nick", "501 bytes"),
    ("accounts.import_account", {"user_id": "a", "nick": 1.5}, "nick", "expected text"),
    ("accounts.import_account", {"user_id": "a", "nick": object()}, "nick", "object"),
    ("accounts.import_account", {"user_id": "a", "face_url": "x" * 501}, "face_url", "501 bytes"),
    ("accounts.import_account", {"user_id": "a", "extra_body": {"Identifier": "b"}}, "Identifier", "given twice"),
    ("accounts.import_account", {"user_id": "a", "extra_body": [1]}, "extra_body", "expected an object"),
    ("accounts.import_account", {"user_id": "a", "extra_body": {"x": LOOP}}, "extra_body.x" + "[0]" * 31, "nested"),
    ("accounts.import_account", {"user_id": "a", "extra_body": {"x": object()}}, "extra_body.x", "object"),
    ("accounts.import_accounts", {}, "", "0 of accounts, user_ids given"),
    ("accounts.import_accounts", {"user_ids": []}, "user_ids", "0 items"),
    ("accounts.import_accounts", {"user_ids": [f"u{i}" for i in range(101)]}, "user_ids", "101 items"),
    ("accounts.import_accounts", {"user_ids": "abc"}, "user_ids", "expected a list"),
    ("accounts.import_accounts", {"user_ids": ["a", ""]}, "user_ids[1]", "empty"),
    ("accounts.import_accounts", {"user_ids": ["a", None]}, "user_ids[1]", "null"),
    ("accounts.import_accounts", {"user_ids": LOOP}, "user_ids[0]", "list"),
    ("accounts.import_accounts", {"accounts": ["a"], "user_ids": ["a"]}, "", "2 of accounts, user_ids given"),
    ("accounts.import_accounts", {"accounts": [{"user_id": "a", "nik": "x"}]}, "accounts[0].nik", "did you mean nick"),
    ("accounts.import_accounts", {"accounts": [{"nick": "x"}]}, "accounts[0].user_id", "missing"),
    ("accounts.import_accounts", {"accounts": [{1: "x"}]}, "accounts[0]", "not text"),
    ("accounts.import_accounts", {"accounts": [Hostile()]}, "accounts[0]", "hostile"),
    ("accounts.delete", {"accounts": []}, "accounts", "0 items"),
    ("accounts.check", {"accounts": ["a"] * 101}, "accounts", "101 items"),
    ("accounts.kick", {"user_id": "x" * 33}, "user_id", "33 bytes"),
    ("accounts.get_online_status", {"user_ids": ["a"] * 501}, "user_ids", "501 items"),
    ("accounts.get_online_status", {"user_ids": ["a"], "need_detail": "yes"}, "need_detail", "true or false"),
    ("accounts.get_online_status", {"user_ids": ["a"], "need_detail": 10**40}, "need_detail", ""),
]


@pytest.mark.parametrize(("op", "fields", "path", "words"), INPUTS)
def test_input(call: Call, emulator: Emulator, op: str, fields: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        call(op, **fields)
    error = raised.value
    assert words in error.message
    assert (error.path or "") == path
    assert error.cure
    assert isinstance(error, ValueError)
    assert (error.attempts, error.maybe_applied) == (0, False)
    assert emulator.requests() == 0


@pytest.mark.parametrize("field", ["nik", "userid", "face_ur", "user_idd"])
def test_unknown_fields_of_calls_by_name(im: Client, emulator: Emulator, field: str) -> None:
    fields: dict[str, Any] = {"user_id": "a", field: "x"}
    with pytest.raises(InvalidInputError) as raised:
        im.call("accounts.import_account", **fields)
    assert raised.value.path == field
    assert "did you mean" in raised.value.message
    assert emulator.requests() == 0


@pytest.mark.parametrize(
    ("arguments", "path"), [((5,), "op"), (("accounts.check", 5), "fields"), (("a", ["b"]), "fields")]
)
def test_calls_by_name_name_what_they_cannot_read(im: Client, arguments: Any, path: str) -> None:
    with pytest.raises(InvalidInputError, match="Cure: pass a") as raised:
        im.call(*arguments)
    assert raised.value.path == path


def test_a_cursor_that_is_not_text(im: Client) -> None:
    with pytest.raises(InvalidInputError, match="expected text") as raised:
        im.groups.iter_members(group_id="g", resume=5)  # type: ignore[arg-type]
    assert raised.value.path == "resume"


MISSPELT = [
    ("nik", "unknown field, did you mean nick?"),
    ("faceUlr", "unknown field, did you mean face_url?"),
    ("timeot", "unknown option, did you mean timeout?"),
    ("max_retris", "unknown option, did you mean max_retries?"),
    ("something", "unknown field"),
]


@pytest.mark.parametrize(("keyword", "message"), MISSPELT)
def test_misspelt_keywords(call: Call, emulator: Emulator, keyword: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        call("accounts.import_account", user_id="a", **{keyword: 1})
    error = raised.value
    assert (error.message, error.path, error.operation) == (message, keyword, "accounts.import_account")
    assert "user_id, nick, face_url; options: timeout," in (error.cure or "")
    assert emulator.requests() == 0


def test_misspelt_keywords_of_methods(im: Client, emulator: Emulator) -> None:
    for keyword, message in MISSPELT:
        with pytest.raises(InvalidInputError) as raised:
            im.accounts.import_account(user_id="a", **{keyword: 1})  # type: ignore[arg-type]
        assert (raised.value.message, raised.value.path) == (message, keyword)
    assert emulator.requests() == 0


TIMES = [0, -1, -0.0, math.nan, math.inf, -math.inf, True, "5", b"5", [5], 3601, 10**400, object()]


@pytest.mark.parametrize("time", TIMES)
def test_times(call: Call, emulator: Emulator, time: Any) -> None:
    for option in ["timeout", "attempt_timeout"]:
        with pytest.raises(ConfigError) as raised:
            Client(SDK_APP_ID, SECRET_KEY, **{option: time})
        assert raised.value.path == option
        assert raised.value.cure
    with pytest.raises(ConfigError) as raised:
        call("accounts.kick", user_id="a", timeout=time)
    assert raised.value.path == "timeout"
    assert emulator.requests() == 0


SETTINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"sdk_app_id": 0}, "sdk_app_id", "is 0"),
    ({"sdk_app_id": -1}, "sdk_app_id", "out of range"),
    ({"sdk_app_id": 2**32}, "sdk_app_id", "over 4294967295"),
    ({"sdk_app_id": 10**30}, "sdk_app_id", "out of range"),
    ({"sdk_app_id": "0"}, "sdk_app_id", "is 0"),
    ({"sdk_app_id": "14e8"}, "sdk_app_id", "not a whole number"),
    ({"sdk_app_id": "-1"}, "sdk_app_id", "not a whole number"),
    ({"sdk_app_id": ""}, "sdk_app_id", "not a whole number"),
    ({"sdk_app_id": b"1400000001"}, "sdk_app_id", "got bytes"),
    ({"sdk_app_id": 1.0}, "sdk_app_id", "got float"),
    ({"sdk_app_id": True}, "sdk_app_id", "got bool"),
    ({"sdk_app_id": None}, "sdk_app_id", "no SDKAppID"),
    ({"secret_key": ""}, "secret_key", "empty"),
    ({"secret_key": None}, "secret_key", "no secret key"),
    ({"secret_key": b"key"}, "secret_key", "got bytes"),
    ({"secret_key": 5}, "secret_key", "got int"),
    ({"secret_key": "key\n"}, "secret_key", "white space"),
    ({"secret_key": '"key"'}, "secret_key", "quotation marks"),
    ({"secret_key": "key\u200b"}, "secret_key", "invisible"),
    ({"secret_key": "\ufeffkey"}, "secret_key", "byte order mark"),
    ({"base_url": "'https://host'"}, "base_url", "quotation marks"),
    ({"secret_key": "\ud800"}, "secret_key", "surrogate"),
    ({"admin": ""}, "admin", "empty"),
    ({"admin": "x" * 33}, "admin", "33 bytes"),
    ({"admin": 5}, "admin", "expected text"),
    ({"region": "singapor"}, "region", "did you mean singapore"),
    ({"region": "atlantis"}, "region", "unknown region"),
    ({"region": 1}, "region", "expected text"),
    ({"base_url": "console.tim.qq.com"}, "base_url", "https://"),
    ({"base_url": "ftp://host"}, "base_url", "https://"),
    ({"base_url": ""}, "base_url", ""),
    ({"base_url": "http://10.0.0.1"}, "base_url", "plain http"),
    ({"base_url": "https://user:pass@host"}, "base_url", "password"),
    ({"base_url": "https://host:99999"}, "base_url", "port"),
    ({"base_url": "https://host", "region": "tokyo"}, "base_url", "both"),
    ({"allow_http": "yes"}, "allow_http", "true or false"),
    ({"account_field": "UserId"}, "account_field", "did you mean UserID"),
    ({"sig_expire": 1}, "sig_expire", "out of range"),
    ({"sig_expire": "day"}, "sig_expire", "expected a whole number"),
    ({"max_retries": -1}, "max_retries", "out of range"),
    ({"max_retries": 1.5}, "max_retries", "fraction"),
    ({"timeout": 5, "attempt_timeout": 6}, "timeout", "attempt_timeout is longer than timeout"),
    ({"attempt_timeout": 60}, "attempt_timeout", "attempt_timeout is longer than timeout"),
    ({"timeout": -1}, "timeout", "out of range"),
    ({"timeout": float("nan")}, "timeout", "out of range"),
    ({"backoff": 0}, "backoff", "out of range"),
    ({"backoff": 2, "max_backoff": 1}, "max_backoff", "backoff is longer than max_backoff"),
    ({"retry_budget": -1}, "retry_budget", "out of range"),
    ({"fallback_url": "http://127.0.0.1:1"}, "fallback_url", "base_url"),
    ({"base_url": "http://127.0.0.1:1", "fallback_url": "http://10.0.0.1"}, "fallback_url", "plain http"),
    ({"max_connections": 0}, "max_connections", "out of range"),
    ({"max_connections": 10**9}, "max_connections", "out of range"),
    ({"max_connections": True}, "max_connections", "got bool"),
    ({"rate_share": 0.0}, "rate_share", "above 0, up to 1"),
    ({"rate_limits": {"accounts.kick": 0}}, "rate_limits.accounts.kick", "above 0"),
    ({"rate_limits": {"accounts.kick": -1}}, "rate_limits.accounts.kick", "above 0"),
    ({"rate_limits": {"accounts.kik": 5}}, "rate_limits.accounts.kik", "did you mean accounts.kick"),
    ({"proxy": "gopher://host"}, "proxy", "scheme"),
    ({"proxy": "http://user:hidden@"}, "proxy", "no usable host"),
    ({"proxy": 5}, "proxy", "got int"),
    ({"ca_certs": "/nowhere/ca.pem"}, "ca_certs", "cannot be read"),
    ({"ca_certs": b"no certificate"}, "ca_certs", "no certificate"),
    ({"ca_certs": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, "ca_certs", "certificate"),
    ({"ca_certs": 5}, "ca_certs", "got int"),
    ({"regoin": "tokyo"}, "regoin", "did you mean region"),
    ({"timout": 5}, "timout", "did you mean timeout"),
    ({"proxi": {}}, "proxi", "did you mean proxy"),
]


@pytest.mark.parametrize(("settings", "path", "words"), SETTINGS)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_settings(client: Callable[..., Any], settings: dict[str, Any], path: str, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        client(**{"sdk_app_id": SDK_APP_ID, "secret_key": SECRET_KEY, **settings})
    error = raised.value
    assert words in error.message
    assert error.path == path
    assert error.cure
    assert "hidden" not in str(error)


def test_the_environment_fills_the_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_IM_SDK_APP_ID", "1400000009")
    monkeypatch.setenv("TENCENT_IM_SECRET_KEY", "from the environment")
    monkeypatch.setenv("TENCENT_IM_REGION", "tokyo")
    monkeypatch.setenv("TENCENT_IM_ADMIN", "root user")
    client = Client()
    assert repr(client) == "Client(sdk_app_id=1400000009, region='tokyo')"
    url = client.prepare("accounts.kick", user_id="a").url
    assert url.startswith("https://adminapijpn.im.qcloud.com/v4/im_open_login_svc/kick?sdkappid=1400000009")
    assert "identifier=root%20user" in url
    # What is given outright wins, and an address leaves no room for another one.
    other = AsyncClient(7, base_url="http://127.0.0.1:1")
    assert repr(other) == "AsyncClient(sdk_app_id=7, base_url='http://127.0.0.1:1')"
    # Empty means not set.
    monkeypatch.setenv("TENCENT_IM_REGION", "")
    assert repr(Client()) == "Client(sdk_app_id=1400000009, region='china')"


def set_environment(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in {"SDK_APP_ID": "1400000009", "SECRET_KEY": SECRET_KEY, **variables}.items():
        monkeypatch.setenv(f"TENCENT_IM_{name}", value)


@pytest.mark.parametrize(
    ("settings", "variables", "host", "ignored"),
    [
        ({"region": "singapore"}, {"BASE_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1", "singapore"),
        ({}, {"BASE_URL": "http://127.0.0.1:1", "REGION": "seoul"}, "http://127.0.0.1:1", "seoul"),
        ({"base_url": "http://127.0.0.1:2"}, {"REGION": "seoul"}, "http://127.0.0.1:2", "seoul"),
        ({"base_url": "http://127.0.0.1:2"}, {"BASE_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:2", None),
        ({"region": "tokyo"}, {"REGION": "seoul"}, "https://adminapijpn.im.qcloud.com", None),
    ],
)
def test_a_base_url_wins_over_a_region(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, Any],
    variables: dict[str, str],
    host: str,
    ignored: str | None,
) -> None:
    set_environment(monkeypatch, **variables)
    with Client(**settings, max_retries=0) as client:
        assert client.prepare("accounts.kick", user_id="a").url.startswith(f"{host}/v4/")
        if host.startswith("http://"):
            for _ in range(2):
                with pytest.raises(TransportError):
                    client.accounts.kick(user_id="a")
    told = [record.getMessage() for record in caplog.records if "is ignored" in record.getMessage()]
    assert told == ([f"requests go to {host}; the region {ignored} is ignored"] if ignored else [])


@pytest.mark.parametrize("url", ["http://LOCALHOST:1", "http://127.9.9.9:1", "http://[0:0:0:0:0:0:0:1]:1"])
def test_plain_http_to_this_machine_in_any_spelling(url: str) -> None:
    Client(SDK_APP_ID, SECRET_KEY, base_url=url)


def test_an_app_id_may_be_text() -> None:
    assert repr(Client("1400000001", SECRET_KEY)) == repr(Client(1400000001, SECRET_KEY))
    number, text = tencent_im.Signer(1400000001, "key"), tencent_im.Signer("1400000001", "key")
    assert number.sign("a", now=1_700_000_000) == text.sign("a", now=1_700_000_000)


def test_white_space_around_variables_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
    expected = Client(base_url="http://127.0.0.1:1").sign_user_sig("a")
    given = {"SDK_APP_ID": " 1400000009\r\n", "SECRET_KEY": f"{SECRET_KEY}\n", "REGION": "\t", "ADMIN": " root\n"}
    set_environment(monkeypatch, **given, BASE_URL=" http://127.0.0.1:1 ")
    client = Client()
    assert repr(client) == "Client(sdk_app_id=1400000009, base_url='http://127.0.0.1:1')"
    assert "identifier=root&" in client.prepare("accounts.kick", user_id="a").url
    now = 1_700_000_000
    assert tencent_im.sign_user_sig("a", now=now) == tencent_im.Signer(1400000009, SECRET_KEY).sign("a", now=now)
    for sig in [expected, client.sign_user_sig("a")]:
        assert tencent_im.verify_user_sig(sig).user_id == "a"
        assert tencent_im.explain_user_sig(sig).ok


@pytest.mark.parametrize("name", ["SDK_APP_ID", "SECRET_KEY", "ADMIN", "REGION", "BASE_URL"])
@pytest.mark.parametrize(
    ("around", "words"),
    [('"{}"', "quotation marks"), ("'{}'\n", "quotation marks"), ("\ufeff{}", "byte order"), ("{}\u200b", "invisible")],
)
def test_what_was_copied_into_a_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, around: str, words: str
) -> None:
    good = {"SDK_APP_ID": "1400000009", "SECRET_KEY": SECRET_KEY, "REGION": "tokyo", "BASE_URL": "http://127.0.0.1:1"}
    set_environment(monkeypatch, **{name: around.format(good.get(name, "root"))})
    uses: list[Callable[[], object]] = [Client, AsyncClient]
    if name in ["SDK_APP_ID", "SECRET_KEY"]:
        uses += [
            tencent_im.Signer,
            lambda: tencent_im.sign_user_sig("a"),
            lambda: tencent_im.verify_user_sig("a"),
            lambda: tencent_im.explain_user_sig("a"),
            lambda: tencent_im.sign_private_map_key(user_id="a", expire=60, room_id=1),
        ]
    for use in uses:
        with pytest.raises(ConfigError, match=words) as raised:
            use()
        assert raised.value.path == f"TENCENT_IM_{name}"
        assert raised.value.cure
        assert SECRET_KEY not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SDK_APP_ID", "x"), ("SDK_APP_ID", "0"), ("SECRET_KEY", "a\0b"), ("REGION", "x"), ("BASE_URL", "ftp://x")],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    set_environment(monkeypatch)
    # The system's environment cannot hold each of these; a program can put them into `os.environ` all the same.
    monkeypatch.setattr("os.environ", {**os.environ, f"TENCENT_IM_{name}": value})
    with pytest.raises(ConfigError) as raised:
        Client()
    assert raised.value.path == f"TENCENT_IM_{name}"


def test_use_after_close(emulator: Emulator) -> None:
    client = Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url)
    with client:
        pass
    client.close()
    uses: list[Callable[[], object]] = [
        lambda: client.accounts.kick(user_id="a"),
        lambda: client.call("accounts.kick", user_id="a"),
        lambda: client.prepare("accounts.kick", user_id="a"),
    ]
    for use in uses:
        with pytest.raises(ConfigError, match="closed") as raised:
            use()
        assert raised.value.cure
    assert emulator.requests() == 0
    # These need no connection.
    assert client.sign_user_sig("a")
    assert client.parse("accounts.kick", status=200, body=b'{"ErrorCode": 0}') == {}


def test_asyncio_client_without_a_loop(emulator: Emulator) -> None:
    coroutine = AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url).accounts.kick(user_id="a")
    with pytest.raises(ConfigError, match="no asyncio event loop"):
        coroutine.send(None)


def test_a_rust_panic_is_an_exception() -> None:
    with pytest.raises(tencent_im.InternalError, match="panicked") as raised:
        tencent_im._native.panic_for_test()
    assert isinstance(raised.value, TencentImError)
