"""Signing, verifying and inspecting UserSigs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import (
    AsyncClient,
    Client,
    ConfigError,
    InvalidInputError,
    PrivateMapKey,
    SignatureError,
    TencentImError,
    UserSig,
    explain_user_sig,
    inspect_user_sig,
    parse_private_map_key,
    sign_private_map_key,
    sign_user_sig,
    verify_user_sig,
)

NOW = 1_700_000_000


def signed(**changes: Any) -> str:
    return sign_user_sig(**{"sdk_app_id": 7, "secret_key": "key", "user_id": "alice", "now": NOW, **changes})


def test_there_and_back() -> None:
    stated = verify_user_sig(signed(expire=60), secret_key="key", sdk_app_id=7, user_id="alice", now=NOW + 60)
    assert isinstance(stated, UserSig)
    assert stated == {
        "version": "2.0",
        "sdk_app_id": 7,
        "user_id": "alice",
        "issued_at": NOW,
        "expire": 60,
        "expires_at": NOW + 60,
        "remaining": 0,
        "userbuf": None,
    }
    assert stated.user_id == "alice"
    assert stated.userbuf is None


def test_defaults() -> None:
    sig = sign_user_sig(sdk_app_id=7, secret_key="key", user_id="用户")
    stated = inspect_user_sig(sig)
    assert (stated.user_id, stated.expire) == ("用户", 180 * 86400)
    assert abs(stated.issued_at - time.time()) < 5
    assert verify_user_sig(sig, secret_key="key").remaining > 179 * 86400
    # What time.time() gives is a time.
    assert inspect_user_sig(signed(now=NOW + 0.9)).issued_at == NOW


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_clients_sign(client: type[Client] | type[AsyncClient], emulator: Emulator) -> None:
    im = client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url)
    stated = verify_user_sig(im.sign_user_sig("bob", expire=99), secret_key=SECRET_KEY, user_id="bob")
    assert (stated.sdk_app_id, stated.expire) == (SDK_APP_ID, 99)
    assert emulator.requests() == 0


def test_keys_of_a_rotation() -> None:
    for keys in [["old", "key"], ("key", "new"), ["key"]]:
        assert verify_user_sig(signed(), secret_key=keys, now=NOW)
    for wrong in [[], ["a", "b"]]:
        with pytest.raises(TencentImError):
            verify_user_sig(signed(), secret_key=wrong, now=NOW)


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ({"secret_key": "other"}, 70009),
        ({"sdk_app_id": 8}, 70014),
        ({"user_id": "bob"}, 70013),
        ({"now": NOW + 16_000_000}, 70001),
    ],
)
def test_refusals(expected: dict[str, Any], code: int) -> None:
    with pytest.raises(SignatureError) as raised:
        verify_user_sig(signed(), **{"secret_key": "key", "now": NOW, **expected})
    assert raised.value.code == code
    assert raised.value.cure


@pytest.mark.parametrize("broken", ["", "x", "eJ" * 3000, "eJyrVgrxCdYrSy1SslJQMtI", "\x00", "用户", signed()[:-9]])
def test_unreadable(broken: str) -> None:
    reads: list[Callable[[], UserSig]] = [
        lambda: inspect_user_sig(broken),
        lambda: verify_user_sig(broken, secret_key="key"),
    ]
    for read in reads:
        with pytest.raises(SignatureError) as raised:
            read()
        assert raised.value.code in (70002, 70003)


def test_leeway() -> None:
    sig = signed(expire=10)
    assert verify_user_sig(sig, secret_key="key", now=NOW + 15, leeway=5)
    with pytest.raises(SignatureError):
        verify_user_sig(sig, secret_key="key", now=NOW + 16, leeway=5)


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENT_IM_SDK_APP_ID", "7")
    monkeypatch.setenv("TENCENT_IM_SECRET_KEY", "key")
    assert sign_user_sig(user_id="alice", now=NOW) == signed()
    assert verify_user_sig(signed(), now=NOW).sdk_app_id == 7
    monkeypatch.setenv("TENCENT_IM_SDK_APP_ID", "8")
    with pytest.raises(SignatureError):
        verify_user_sig(signed(), now=NOW)


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"user_id": ""}, "user_id", InvalidInputError),
        ({"user_id": "x" * 33}, "user_id", InvalidInputError),
        ({"user_id": "a\tb"}, "user_id", InvalidInputError),
        ({"user_id": None}, "user_id", InvalidInputError),
        ({"user_id": "\ud800"}, "user_id", InvalidInputError),
        ({"expire": 0}, "expire", InvalidInputError),
        ({"expire": -1}, "expire", InvalidInputError),
        ({"expire": 1.5}, "expire", InvalidInputError),
        ({"expire": True}, "expire", InvalidInputError),
        ({"expire": 10**30}, "expire", InvalidInputError),
        ({"expire": "60"}, "expire", InvalidInputError),
        ({"now": NOW * 1000}, "now", InvalidInputError),
        ({"now": -1}, "now", InvalidInputError),
        ({"now": -1.5}, "now", InvalidInputError),
        ({"now": float("nan")}, "now", InvalidInputError),
        ({"now": "now"}, "now", InvalidInputError),
        ({"sdk_app_id": 0}, "sdk_app_id", ConfigError),
        ({"sdk_app_id": None}, "sdk_app_id", ConfigError),
        ({"secret_key": ""}, "secret_key", ConfigError),
        ({"secret_key": None}, "secret_key", ConfigError),
        ({"secret_key": "key\n"}, "secret_key", ConfigError),
    ],
)
def test_bad_input(changes: dict[str, Any], path: str, expected: type[TencentImError]) -> None:
    with pytest.raises(expected) as raised:
        signed(**changes)
    assert raised.value.path == path
    assert raised.value.cure


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"secret_key": 5}, "secret_key"),
        ({"secret_key": ["key", 5]}, "secret_key[1]"),
        ({"sdk_app_id": "seven"}, "sdk_app_id"),
        ({"user_id": 5}, "user_id"),
        ({"leeway": -1}, "leeway"),
        ({"leeway": 1.5}, "leeway"),
        ({"allow_userbuf": "yes"}, "allow_userbuf"),
        ({"user_sig": b"bytes"}, "user_sig"),
    ],
)
def test_bad_expectations(changes: dict[str, Any], path: str) -> None:
    given = {"secret_key": "key", "now": NOW, **changes}
    with pytest.raises(TencentImError) as raised:
        verify_user_sig(given.pop("user_sig", signed()), **given)
    assert raised.value.path == path
    assert raised.value.cure


def test_no_secret_is_told() -> None:
    key = "0123456789abcdef-secret"
    attempts: list[Callable[[], object]] = [
        lambda: sign_user_sig(sdk_app_id=7, secret_key=key + "\n", user_id="a"),
        lambda: verify_user_sig(signed(), secret_key=[key]),
        lambda: verify_user_sig(signed(), secret_key=[key + "\n"]),
        lambda: Client(7, key, region="x"),
        lambda: Client(0, key),
    ]
    for attempt in attempts:
        with pytest.raises(TencentImError) as raised:
            attempt()
        assert key not in f"{raised.value!r} {raised.value.__dict__}"
    assert key not in repr(Client(7, key))


def test_explanations() -> None:
    good = explain_user_sig(signed(), secret_key="key", sdk_app_id=7, user_id="alice", now=NOW)
    assert (good.ok, good.code) == (True, None)
    assert isinstance(good.user_sig, UserSig)
    assert good.user_sig.user_id == "alice"
    expired = explain_user_sig(signed(), secret_key=["key"], now=NOW + 16_000_000)
    assert (expired.ok, expired.code) == (False, 70001)
    assert expired.cause
    assert expired.cure
    broken = explain_user_sig("nonsense")
    assert (broken.ok, broken.code, broken.user_sig) == (False, 70003, None)


def test_private_map_keys() -> None:
    key = sign_private_map_key(
        sdk_app_id=7, secret_key="key", user_id="alice", room_id=5, expire=60, now=NOW, privileges=["enter_room"]
    )
    stated = parse_private_map_key(key)
    assert isinstance(stated, PrivateMapKey)
    assert (stated.user_id, stated.sdk_app_id, stated.room_id, stated.room_name) == ("alice", 7, 5, None)
    assert (stated.expires_at, stated.privileges) == (NOW + 60, ["enter_room"])
    assert verify_user_sig(key, secret_key="key", now=NOW, allow_userbuf=True).userbuf
    with pytest.raises(SignatureError):
        verify_user_sig(key, secret_key="key", now=NOW)
    faults: list[tuple[dict[str, Any], str]] = [
        ({"user_id": ""}, "user_id"),
        ({"expire": 0}, "expire"),
        ({"room_id": -1}, "room_id"),
        ({"privileges": ["enter_rom"]}, "privileges"),
        ({"sdk_app_id": None}, "sdk_app_id"),
        ({"secret_key": None}, "secret_key"),
        ({"secret_key": 5}, "secret_key"),
    ]
    for changes, path in faults:
        given = {"sdk_app_id": 7, "secret_key": "key", "user_id": "a", "room_id": 5, "expire": 60, "now": NOW}
        with pytest.raises(TencentImError) as raised:
            sign_private_map_key(**{**given, **changes})
        assert (raised.value.path or "").startswith(path)
    with pytest.raises(InvalidInputError):
        parse_private_map_key(signed())
