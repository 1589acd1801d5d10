"""Items of a reply that failed although the call succeeded."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from conftest import Emulator

from tencent_im import Client, PartialError
from tencent_im.types import AccountResultsReply, DeleteAccountResult, DeleteAccountsReply, ImportAccountsReply

IM = Client(7, "key")


def deleted(*codes: Any) -> DeleteAccountsReply:
    items = [{"UserID": f"u{at}", "ResultCode": code, "ResultInfo": ""} for at, code in enumerate(codes)]
    reply = IM.parse("accounts.delete", status=200, body=json.dumps({"ErrorCode": 0, "ResultItem": items}))
    assert isinstance(reply, DeleteAccountsReply)
    return reply


def imported(failed: list[str]) -> ImportAccountsReply:
    body = json.dumps({"ErrorCode": 0, "FailAccounts": failed})
    reply = IM.parse("accounts.import_accounts", status=200, body=body)
    assert isinstance(reply, ImportAccountsReply)
    return reply


def test_items_say_whether_they_failed_and_why() -> None:
    good, bad, strange = deleted(0, 70107, 99).results
    assert (good.ok, good.cause, good.cure) == (True, None, None)
    assert not bad.ok
    assert bad.cause
    assert bad.cure
    assert (strange.ok, strange.cause, strange.cure) == (False, None, None)
    # Nothing is added to what the service sent.
    assert good == {"user_id": "u0", "result_code": 0, "result_info": ""}


def test_a_reply_without_failures_is_given_back() -> None:
    reply = deleted(0, 0)
    assert reply.raise_for_items() is reply
    assert imported([]).raise_for_items() == {"fail_accounts": []}


def test_failed_items_are_raised() -> None:
    reply = deleted(0, 70107, 70107)
    with pytest.raises(PartialError) as raised:
        reply.raise_for_items()
    error = raised.value
    assert (error.kind, error.code, error.path, error.maybe_applied) == ("Partial", 70107, "results[1]", True)
    assert error.message == "2 items failed, this one first"
    assert error.cause == reply.results[1].cause
    assert error.cure == reply.results[1].cure
    assert error.items == reply.results[1:]
    twin = pickle.loads(pickle.dumps(error))
    assert twin.items == error.items
    assert type(twin.items[0]) is DeleteAccountResult


def test_a_failed_item_that_a_list_names_as_well_counts_once() -> None:
    results = [{"To_Account": name, "ResultCode": code, "ResultInfo": ""} for name, code in [("a", 0), ("b", 30516)]]
    body = json.dumps({"ErrorCode": 0, "ResultItem": results, "Fail_Account": ["b"]})
    reply = IM.parse("friends.add", status=200, body=body)
    assert isinstance(reply, AccountResultsReply)
    with pytest.raises(PartialError) as raised:
        reply.raise_for_items()
    assert (raised.value.path, raised.value.code, len(raised.value.items)) == ("results[1]", 30516, 1)


def test_failed_names_are_raised(im: Client, emulator: Emulator) -> None:
    with pytest.raises(PartialError) as raised:
        imported(["a", "b"]).raise_for_items()
    assert (raised.value.items, raised.value.path, raised.value.code) == (["a", "b"], "fail_accounts[0]", None)
    with pytest.raises(PartialError):
        im.accounts.delete(accounts=["never imported"]).raise_for_items()


FAILURES: list[tuple[str, dict[str, Any], str, int | None]] = [
    ("messages.send_batch", {"ErrorList": [{"To_Account": "a", "ErrorCode": 70107}]}, "errors[0]", 70107),
    ("messages.get_unread_counts", {"ErrorList": [{"Peer_Account": "a", "ErrorCode": 70107}]}, "errors[0]", 70107),
    ("messages.delete", {"InvalidMsgKeyList": ["1_2_3"]}, "invalid_msg_keys[0]", None),
    ("accounts.query_state", {"ErrorList": [{"To_Account": "a", "ErrorCode": 70107}]}, "errors[0]", 70107),
    (
        "official_accounts.add_subscribers",
        {"SubscriberList": [{"Subscriber_Account": "a", "Result": 2}, {"Subscriber_Account": "b", "Result": 0}]},
        "results[1]",
        None,
    ),
    (
        "moderation.remove_keywords",
        {"Details": [{"Keyword": "a", "Deleted": True}, {"Keyword": "b", "Deleted": False, "ErrorInfo": "no"}]},
        "results[1]",
        None,
    ),
]


@pytest.mark.parametrize(("op", "body", "path", "code"), FAILURES)
def test_failures_of_every_kind_are_raised(op: str, body: dict[str, Any], path: str, code: int | None) -> None:
    reply: Any = IM.parse(op, status=200, body=json.dumps({"ErrorCode": 0, **body}))
    with pytest.raises(PartialError) as raised:
        reply.raise_for_items()
    assert (raised.value.path, raised.value.code, len(raised.value.items)) == (path, code, 1)


@pytest.mark.parametrize("code", ["70107", None, [], 2**70])
def test_codes_of_other_types(code: Any) -> None:
    item = deleted(code).results[0]
    assert item.ok is (code is None)
    assert item.cause is None


def test_a_result_that_is_no_code() -> None:
    members = [{"Member_Account": "a", "Result": number} for number in (1, 0, 3)]
    body = json.dumps({"ErrorCode": 0, "MemberList": members})
    reply: Any = IM.parse("groups.add_members", status=200, body=body)
    assert [member.ok for member in reply.members] == [True, False, True]
    assert reply.members[1].cause is None
    with pytest.raises(PartialError) as raised:
        reply.raise_for_items()
    assert (raised.value.path, raised.value.code) == ("members[1]", None)
