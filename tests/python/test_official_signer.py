"""Our UserSigs against those of the vendor's own package, in both directions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
import zlib
from typing import Any

import pytest
from TLSSigAPIv2 import TLSSigAPIv2  # type: ignore[import-untyped]

from tencent_im import SignatureError, Signer, sign_user_sig, verify_user_sig

CASES = 300
ALPHABET = "abcXYZ019-_.@ \"\\/<&'`用户é😀ñ\u200b\u2028"


def cases() -> list[tuple[int, str, str, int]]:
    """App, key, user, lifetime; the same ones every time."""
    rng = random.Random(20220)

    def user() -> str:
        while True:
            name = "".join(rng.choices(ALPHABET, k=rng.randint(1, 32)))
            if len(name.encode()) <= 32:
                return name

    def key() -> str:
        if rng.random() < 0.5:
            return f"{rng.getrandbits(256):064x}"
        return "k" + "".join(rng.choices(ALPHABET, k=rng.randint(0, 200))) + "k"

    def app() -> int:
        return rng.choice([1, 1400000000, 2**32 - 1, rng.randrange(1, 2**32)])

    def life() -> int:
        return rng.choice([1000, 86_400, 15_552_000, rng.randrange(1000, 1_576_800_000)])

    return [(app(), key(), user(), life()) for _ in range(CASES)]


def decoded(sig: str) -> dict[str, Any]:
    """What a UserSig states, read without any code of ours."""
    raw = sig.replace("*", "+").replace("-", "/").replace("_", "=")
    claims: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(raw, validate=True)))
    return claims


def mac(key: str, claims: dict[str, Any]) -> str:
    names = ["identifier", "sdkappid", "time", "expire", "userbuf"]
    content = "".join(f"TLS.{name}:{claims[f'TLS.{name}']}\n" for name in names if f"TLS.{name}" in claims)
    return base64.b64encode(hmac.digest(key.encode(), content.encode(), hashlib.sha256)).decode()


def test_we_accept_theirs() -> None:
    for app, key, user, life in cases():
        sig = TLSSigAPIv2(app, key).gen_sig(user, life)
        stated = verify_user_sig(sig, secret_key=key, sdk_app_id=app, user_id=user)
        assert (stated.sdk_app_id, stated.user_id, stated.expire) == (app, user, life)
        with pytest.raises(SignatureError) as raised:
            verify_user_sig(sig, secret_key=key + "x", sdk_app_id=app, user_id=user)
        assert raised.value.code == 70009


def test_we_accept_theirs_with_a_userbuf() -> None:
    rng = random.Random(7)
    for app, key, user, life in cases():
        userbuf = rng.randbytes(rng.randint(1, 100))
        sig = TLSSigAPIv2(app, key).gen_sig_with_userbuf(user, life, userbuf)
        stated = verify_user_sig(sig, secret_key=key, sdk_app_id=app, user_id=user, allow_userbuf=True)
        assert base64.b64decode(stated.userbuf or "") == userbuf


def test_ours_are_what_theirs_are(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_700_000_000
    monkeypatch.setattr(time, "time", lambda: now)
    for app, key, user, life in cases():
        theirs = decoded(TLSSigAPIv2(app, key).gen_sig(user, life))
        signer = Signer(app, key)
        for ours in [
            signer.sign(user, expire=life, now=now),
            *signer.sign_many([user], expire=life, now=now),
            sign_user_sig(user, sdk_app_id=app, secret_key=key, expire=life, now=now),
        ]:
            claims = decoded(ours)
            assert claims == theirs
            assert [type(value) for value in claims.values()] == [type(theirs[name]) for name in claims]
            assert claims["TLS.sig"] == mac(key, claims)
            # Fit for a URL as it stands.
            assert set(ours) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*-_")
