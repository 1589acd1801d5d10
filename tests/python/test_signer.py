"""Signers: one app's key taken in once, for many signatures."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tencent_im import ConfigError, InvalidInputError, Signer, TencentImError, inspect_user_sig, sign_user_sig

NOW = 1_700_000_000


@pytest.fixture
def signer() -> Signer:
    return Signer(7, "the-secret-key")


def test_it_signs_as_the_function_does(signer: Signer) -> None:
    alone = sign_user_sig("alice", sdk_app_id=7, secret_key="the-secret-key", now=NOW)
    assert signer.sign("alice", now=NOW) == signer.sign(user_id="alice", expire=None, now=NOW + 0.5) == alone
    assert signer.sign("alice", expire=60, now=NOW) != alone
    stated = inspect_user_sig(signer.sign("alice"))
    assert (stated.sdk_app_id, stated.user_id, stated.expire) == (7, "alice", 15_552_000)


def test_the_function_never_takes_another_apps_key() -> None:
    """It remembers the last key."""
    pairs = [(7, "one"), (7, "two"), (8, "one"), (8, "two")]
    signers = {pair: Signer(*pair) for pair in pairs}
    for app, key in [*pairs, *reversed(pairs), *pairs * 2]:
        sig = sign_user_sig("alice", sdk_app_id=app, secret_key=key, now=NOW)
        assert sig == signers[app, key].sign("alice", now=NOW)
    with pytest.raises(ConfigError):
        sign_user_sig("alice", sdk_app_id=8, secret_key="two\n", now=NOW)
    with pytest.raises(ConfigError):
        sign_user_sig("alice", sdk_app_id=0, secret_key="two", now=NOW)


def test_many(signer: Signer) -> None:
    users = [f"用户{n}" for n in range(3000)]
    sigs = signer.sign_many(users, expire=60, now=NOW)
    assert sigs == [signer.sign(user, expire=60, now=NOW) for user in users]
    for others in [tuple(users), iter(users), dict.fromkeys(users)]:
        assert signer.sign_many(others, expire=60, now=NOW) == sigs
    assert signer.sign_many([]) == []


@pytest.mark.parametrize(
    ("users", "options", "path"),
    [
        (["a", "b", "c", ""], {}, "user_ids[3]"),
        (["a", 5], {}, "user_ids[1]"),
        (["a", None], {}, "user_ids[1]"),
        (["\ud800"], {}, "user_ids[0]"),
        ("alice", {}, "user_ids"),
        (b"alice", {}, "user_ids"),
        (None, {}, "user_ids"),
        (5, {}, "user_ids"),
        (["a"], {"expire": 0}, "expire"),
        (["a"], {"now": "now"}, "now"),
        ([], {"expire": -1}, "expire"),
    ],
)
def test_bad_lists(signer: Signer, users: Any, options: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        signer.sign_many(users, **options)
    assert raised.value.path == path
    assert raised.value.cure


def test_an_iterator_that_raises(signer: Signer) -> None:
    with pytest.raises(ZeroDivisionError):
        signer.sign_many(str(1 // n) for n in [1, 0])


def test_bad_users(signer: Signer) -> None:
    for user in ["", "x" * 33, "a\nb", 5, None, b"alice"]:
        with pytest.raises(InvalidInputError) as raised:
            signer.sign(user)  # type: ignore[arg-type]
        assert raised.value.path == "user_id"


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError) as raised:
        Signer()
    assert raised.value.path == "sdk_app_id"
    monkeypatch.setenv("TENCENT_IM_SDK_APP_ID", "7")
    with pytest.raises(ConfigError) as raised:
        Signer()
    assert raised.value.path == "secret_key"
    monkeypatch.setenv("TENCENT_IM_SECRET_KEY", "the-secret-key")
    sig = Signer().sign("alice", now=NOW)
    assert sig == Signer(sdk_app_id=7, secret_key="the-secret-key").sign("alice", now=NOW)
    assert sig == sign_user_sig("alice", now=NOW)


def test_the_key_stays_inside(signer: Signer) -> None:
    assert repr(signer) == str(signer) == "Signer(sdk_app_id=7)"
    assert "the-secret-key" not in f"{[getattr(signer, name) for name in dir(signer)]}"
    attempts: list[Callable[[Any], object]] = [pickle.dumps, copy.copy, copy.deepcopy]
    for attempt in attempts:
        with pytest.raises(TypeError, match="holds the secret key"):
            attempt(signer)
    with pytest.raises(AttributeError):
        signer.sdk_app_id = 8  # type: ignore[misc]
    with pytest.raises(TencentImError) as raised:
        Signer(7, "the-secret-key\n")
    assert "the-secret-key" not in f"{raised.value!r} {raised.value.__dict__}"


def test_threads_share_it(signer: Signer) -> None:
    users = [f"user{n}" for n in range(2000)]
    expected = signer.sign_many(users, now=NOW)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda user: signer.sign(user, now=NOW), users)) == expected
        keys = [f"key{n % 3}" for n in range(2000)]
        sigs = pool.map(lambda key: sign_user_sig("a", sdk_app_id=7, secret_key=key, now=NOW), keys)
        by_key = {key: Signer(7, key).sign("a", now=NOW) for key in set(keys)}
        assert list(sigs) == [by_key[key] for key in keys]
