"""The life of official accounts, and of chatbots."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Emulator

from tencent_im import Client, PartialError, TencentImError, elements

NEWS = "@TOA#_news"


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob", "eve"]).raise_for_items()
    return either


def test_an_official_account_s_life(im: Client) -> None:
    accounts = im.official_accounts
    made = accounts.create(owner_account="ann", name="news", official_account=NEWS, max_subscriber_num=2)
    assert made.official_account == NEWS
    with pytest.raises(TencentImError) as taken:
        accounts.create(owner_account="ann", name="news", official_account=NEWS)
    assert (taken.value.code, taken.value.operation) == (6017, "official_accounts.create")
    assert accounts.update(official_account=NEWS, name="late news", custom_string="{}") == {}
    got = accounts.get(official_accounts=[NEWS, {"official_account": "@TOA#_b"}]).official_accounts
    assert [(account.official_account, account.ok) for account in got] == [(NEWS, True), ("@TOA#_b", False)]
    assert (got[0].name, got[0].owner_account, got[0].custom_string) == ("late news", "ann", "{}")
    assert got[1].cure
    assert accounts.delete(official_account=NEWS) == {}
    with pytest.raises(PartialError) as gone:
        accounts.get(official_accounts=[NEWS]).raise_for_items()
    assert (gone.value.code, gone.value.path) == (6017, "official_accounts[0]")


def test_subscribers_come_and_go(im: Client) -> None:
    accounts = im.official_accounts
    accounts.create(owner_account="ann", name="news", official_account=NEWS)
    added = accounts.add_subscribers(
        official_account=NEWS, subscribers=["bob", "nobody", {"subscriber_account": "eve"}]
    )
    assert [(result.subscriber_account, result.ok) for result in added.results] == [
        ("bob", True),
        ("nobody", False),
        ("eve", True),
    ]
    with pytest.raises(PartialError) as raised:
        added.raise_for_items()
    assert (raised.value.path, raised.value.code) == ("results[1]", None)
    again = accounts.add_subscribers(official_account=NEWS, subscribers=["bob"]).raise_for_items()
    assert again.results[0].result == 2
    assert accounts.update_subscriber(official_account=NEWS, subscriber_account="bob", custom_string="vip") == {}
    subscribers = list(accounts.iter_subscribers(official_account=NEWS, limit=1))
    assert [(one.subscriber_account, one.custom_string) for one in subscribers] == [("bob", "vip"), ("eve", "")]
    other = accounts.create(owner_account="ann", name="other").official_account
    accounts.add_subscribers(official_account=other, subscribers=["bob"])
    subscribed = list(accounts.iter_subscribed(subscriber_account="bob", limit=1))
    assert {account.official_account for account in subscribed} == {NEWS, other}
    own = {account.official_account: account.self_info for account in subscribed}[NEWS]
    assert own is not None
    assert own.custom_string == "vip"
    removed = accounts.remove_subscribers(official_account=NEWS, subscriber_accounts=["bob", "ann"]).raise_for_items()
    assert [result.result for result in removed.results] == [1, 2]
    left = accounts.iter_subscribers(official_account=NEWS)
    assert [one.subscriber_account for one in left] == ["eve"]


def test_messages_to_all_subscribers(im: Client) -> None:
    accounts = im.official_accounts
    accounts.create(owner_account="ann", name="news", official_account=NEWS)

    def says(text: str, **more: Any) -> str:
        return accounts.send_message(official_account=NEWS, msg_body=[elements.text(text)], **more).msg_key

    keys = [says(str(number)) for number in range(5)]
    once = says("once", random=7)
    assert says("once", random=7) == once
    listed = accounts.iter_messages(official_account=NEWS, req_msg_number=2)
    assert [message.msg_key for message in listed] == [once, *reversed(keys)]
    recalled = accounts.recall_messages(official_account=NEWS, msg_keys=[keys[0], "1_2_3"]).results
    assert [(result.msg_key, result.ok) for result in recalled] == [(keys[0], True), ("1_2_3", False)]
    assert recalled[1].cure
    left = list(accounts.iter_messages(official_account=NEWS, req_msg_number=20))
    assert len(left) == 5
    assert left[-1].msg_body[0].msg_content == {"text": "1"}


def test_robots(im: Client, emulator: Emulator) -> None:
    robots = im.robots
    assert robots.create(user_id="@RBT#helper", nick="Helper", self_signature="I help") == {}
    robots.create(user_id="@RBT#other")
    assert robots.list().robot_accounts == ["@RBT#helper", "@RBT#other"]
    key = None
    for chunk, finish in [("hel", False), ("lo", True)]:
        sent = robots.send_stream_chunk(
            from_account="@RBT#helper", to_account="bob", chunk=chunk, msg_key=key, finish=finish
        )
        assert key in (None, sent.msg_key)
        key = sent.msg_key
    [state] = emulator.control("state")["apps"].values()
    assert [message["text"] for message in state["robots"]["messages"]] == ["hello"]
    assert robots.delete(robot_account="@RBT#helper") == {}
    assert robots.list().robot_accounts == ["@RBT#other"]
    with pytest.raises(TencentImError) as raised:
        robots.send_stream_chunk(from_account="@RBT#helper", to_account="bob", chunk="x")
    assert (raised.value.code, raised.value.operation) == (10004, "robots.send_stream_chunk")
