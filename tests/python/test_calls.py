"""The account calls from end to end, with both clients."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from conftest import Call, Emulator

from tencent_im import (
    Client,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    QuotaError,
    SignatureError,
)


def test_import_account(call: Call, emulator: Emulator) -> None:
    result = call("accounts.import_account", user_id="test", nick="Test", face_url="http://www.qq.com")
    assert result == {}
    assert type(result).__name__ == "Empty"
    state = emulator.control("state")
    assert "test" in json.dumps(state)


def test_importing_again_is_no_error(call: Call) -> None:
    for nick in ["first", "second"]:
        assert call("accounts.import_account", user_id="test", nick=nick) == {}


def test_import_accounts_names_those_that_failed(call: Call, emulator: Emulator) -> None:
    emulator.control("config", {"failing": {"mallory": 70500}})
    result = call("accounts.import_accounts", user_ids=["alice", "mallory", "bob"])
    assert result.fail_accounts == ["mallory"]
    assert result == {"fail_accounts": ["mallory"]}


def test_import_accounts_with_profiles(call: Call) -> None:
    accounts = [{"user_id": "alice", "nick": "Alice"}, "bob", {"user_id": "carol", "nick": None}]
    assert call("accounts.import_accounts", accounts=accounts).fail_accounts == []
    checked = call("accounts.check", accounts=["alice", "bob", "carol", "nobody"])
    assert [account.account_status for account in checked.results] == ["Imported"] * 3 + ["NotImported"]


def test_delete_accounts(call: Call) -> None:
    call("accounts.import_accounts", user_ids=["alice"])
    result = call("accounts.delete", accounts=["alice", "nobody"])
    assert [(entry.user_id, entry.result_code) for entry in result.results] == [("alice", 0), ("nobody", 70107)]
    assert call("accounts.check", accounts=["alice"]).results[0].account_status == "NotImported"


def test_kick(call: Call) -> None:
    call("accounts.import_account", user_id="alice")
    assert call("accounts.kick", user_id="alice") == {}


def test_online_status(call: Call, emulator: Emulator) -> None:
    call("accounts.import_accounts", user_ids=["alice", "bob"])
    emulator.control("online", {"users": [{"user_id": "alice", "platforms": {"Web": "Online"}}]})
    result = call("accounts.get_online_status", user_ids=["alice", "bob", "nobody"], need_detail=True)
    assert [(user.user_id, user.status) for user in result.results] == [("alice", "Online"), ("bob", "Offline")]
    assert result.results[0].detail[0].platform == "Web"
    assert [(error.user_id, error.error_code) for error in result.errors] == [("nobody", 70107)]
    # What the service left out reads as None.
    plain = call("accounts.get_online_status", user_ids=["alice"]).results[0]
    assert plain.detail is None
    assert "detail" not in plain


def test_names_of_any_script(call: Call, emulator: Emulator) -> None:
    names = ["用户", "пользователь", "يوزر", "a b&c=d?e#f", "😀" * 8, "x" * 32]
    assert call("accounts.import_accounts", user_ids=names).fail_accounts == []
    results = call("accounts.check", accounts=names).results
    assert [entry.user_id for entry in results] == names


@pytest.mark.parametrize(
    ("config", "code", "expected"),
    [
        ({"account_quota": 0}, 70398, QuotaError),
        ({"failing": {"test": 40005}}, 40005, Exception),
        ({"failing": {"test": 70403}}, 70403, PermissionDeniedError),
        ({"failing": {"test": 70402}}, 70402, InvalidInputError),
    ],
)
def test_errors_of_the_service(
    call: Call, emulator: Emulator, config: dict[str, Any], code: int, expected: type[Exception]
) -> None:
    emulator.control("config", config)
    with pytest.raises(expected) as raised:
        call("accounts.import_account", user_id="test")
    error: Any = raised.value
    assert (error.code, error.operation, error.http_status) == (code, "accounts.import_account", 200)
    assert error.cause
    assert error.cure
    assert error.attempts == 1
    assert error.maybe_applied is False
    assert pickle.loads(pickle.dumps(error)).__dict__ == error.__dict__


def test_deleted_names_are_barred(call: Call, emulator: Emulator) -> None:
    emulator.control("config", {"block_deleted": True})
    call("accounts.import_account", user_id="alice")
    call("accounts.delete", accounts=["alice"])
    with pytest.raises(ConflictError) as raised:
        call("accounts.import_account", user_id="alice")
    assert raised.value.code == 70399


def test_kick_of_nobody(call: Call) -> None:
    with pytest.raises(NotFoundError) as raised:
        call("accounts.kick", user_id="nobody")
    assert raised.value.code == 70107


def test_wrong_key(emulator: Emulator) -> None:
    with Client(1400000001, "0" * 64, base_url=emulator.url) as client, pytest.raises(SignatureError) as raised:
        client.accounts.import_account(user_id="test")
    assert raised.value.code == 70009
    assert "0" * 64 not in str(raised.value)


def test_extra_body_and_account_field(emulator: Emulator) -> None:
    with Client(1400000001, "k", base_url=emulator.url, account_field="UserID") as client:
        body = json.loads(client.prepare("accounts.import_account", user_id="a", extra_body={"New": [1, None]}).body)
        assert body == {"UserID": "a", "New": [1, None]}


def test_call_by_name(im: Client) -> None:
    assert im.call("accounts.import_account", user_id="test", timeout=5) == {}
    with pytest.raises(InvalidInputError, match=r"did you mean accounts\.import_account"):
        im.call("accounts.import_acount", user_id="test")
