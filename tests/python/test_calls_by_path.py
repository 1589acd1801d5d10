"""Calls by their path: what this version does not declare."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import AsyncClient, Client, InvalidInputError


def client(emulator: Emulator, **settings: Any) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **settings)


def test_a_declared_path_is_the_declared_call(emulator: Emulator) -> None:
    with client(emulator) as im:
        im.call("v4/im_open_login_svc/account_import", {"Identifier": "a", "Nick": "A"}, timeout=5)
        assert im.accounts.check(accounts=["a"]).results[0].account_status == "Imported"
        with pytest.raises(InvalidInputError) as raised:
            im.call("v4/im_open_login_svc/account_import", {"Identifier": ""})
        assert raised.value.path == "user_id"

    async def main() -> None:
        async with AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url) as im:
            await im.call("v4/im_open_login_svc/account_import", {"Identifier": "b"})

    asyncio.run(main())


def test_any_field_goes_and_any_reply_comes_back_as_it_is(emulator: Emulator) -> None:
    body = {"Any_Field": [{"a": None, "B": 2**60}], "lower": "x"}
    with client(emulator) as im:
        request = im.prepare("v4/new_service/new_command", **body)  # type: ignore[arg-type]
        assert "/v4/new_service/new_command?" in request.url
        assert json.loads(request.body) == body
        reply = im.parse(
            "v4/new_service/new_command", status=200, body=json.dumps({"ErrorCode": 0, "NewField": {"x": [1]}})
        )
        assert dict(reply) == {"NewField": {"x": [1]}}


def test_what_the_service_answers_is_an_error_as_ever(emulator: Emulator) -> None:
    with client(emulator) as im, pytest.raises(InvalidInputError) as raised:
        im.call("v4/new_service/new_command", {"A": 1}, idempotent=True)
    assert (raised.value.code, raised.value.operation) == (60009, "v4/new_service/new_command")


@pytest.mark.parametrize("path", ["v4/a", "/v4/a/b", "v4/a/b?usersig=x", "v4/a/../b", "http://example.com/v4/a"])
def test_what_is_not_a_path_is_refused(emulator: Emulator, path: str) -> None:
    with client(emulator) as im, pytest.raises(InvalidInputError, match="v4/service/command"):
        im.call(path, {})
    assert emulator.requests() == 0


def test_misspelt_options_are_not_taken_for_fields(emulator: Emulator) -> None:
    with client(emulator) as im, pytest.raises(InvalidInputError, match="did you mean timeout"):
        im.call("v4/new_service/new_command", {}, timeot=5)
