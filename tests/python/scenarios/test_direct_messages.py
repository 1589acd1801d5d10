"""The life of one-to-one messages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from conftest import Emulator
from support import history, texts

from tencent_im import Client, NotFoundError, PermissionDeniedError, TencentImError, elements
from tencent_im.types import ReadReceiptMessageParam


def with_users(im: Client) -> None:
    assert im.accounts.import_accounts(user_ids=["ann", "bob", "eve"]).fail_accounts == []


def says(im: Client, text: str, *, seq: int | None = None, random: int | None = None, receipt: bool = False) -> str:
    """Sends a message from ann to bob. Gives its key."""
    sent = im.messages.send(
        from_account="ann",
        to_account="bob",
        msg_body=[elements.text(text)],
        msg_seq=seq,
        msg_random=random,
        support_message_extension=True,
        is_need_read_receipt=receipt,
    )
    return sent.msg_key


def test_a_message_s_life(either: Client) -> None:
    im = either
    with_users(im)
    first, second, third = says(im, "one"), says(im, "two"), says(im, "three", receipt=True)
    assert len({first, second, third}) == 3
    assert sorted(texts(history(im, "ann", "bob"))) == ["one", "three", "two"]
    assert sorted(texts(history(im, "bob", "ann", page=1))) == ["one", "three", "two"]

    unread = im.messages.get_unread_counts(to_account="bob", peer_accounts=["ann", "eve"]).unread_counts
    assert unread is not None
    assert {count.peer_account: count.unread_count for count in unread} == {"ann": 3, "eve": 0}
    assert im.messages.get_unread_counts(to_account="bob").total_unread_count == 3
    assert im.messages.mark_as_read(report_account="bob", peer_account="ann") == {}
    assert im.messages.get_unread_counts(to_account="bob").total_unread_count == 0

    receipt: ReadReceiptMessageParam = {"from_account": "ann", "to_account": "bob", "msg_key": third}
    im.messages.send_read_receipts(operator_account="bob", peer_account="ann", messages=[receipt])
    read = {message.msg_key: message.is_peer_read for message in history(im, "ann", "bob")}
    assert read[third] is True

    im.messages.update(from_account="ann", to_account="bob", msg_key=first, msg_body=[elements.text("uno")])
    assert "uno" in texts(history(im, "bob", "ann"))
    im.messages.recall(from_account="ann", to_account="bob", msg_key=second)
    assert sorted(texts([m for m in history(im, "bob", "ann") if m.msg_key != second])) == ["three", "uno"]

    # Deletion is for one side alone.
    im.messages.delete(operator_account="ann", peer_account="bob", msg_keys=[first]).raise_for_items()
    assert first not in [message.msg_key for message in history(im, "ann", "bob")]
    assert first in [message.msg_key for message in history(im, "bob", "ann")]


def test_a_message_that_comes_twice_within_two_minutes_is_one(either: Client, emulator: Emulator) -> None:
    im = either
    with_users(im)
    key = says(im, "hi", seq=7, random=70)
    assert says(im, "hi", seq=7, random=70) == key
    emulator.control("clock", {"advance_s": 100})
    assert says(im, "hi", seq=7, random=70) == key
    emulator.control("clock", {"advance_s": 21})
    assert says(im, "hi", seq=7, random=70) != key
    assert says(im, "hi", seq=8, random=70) != key
    assert len(history(im, "ann", "bob")) == 3


def test_numbers_that_are_left_out_are_drawn_anew_for_each_message(either: Client) -> None:
    with_users(either)
    keys = {says(either, "hi") for _ in range(5)}
    assert len(keys) == len(history(either, "bob", "ann")) == 5


def test_extensions_of_a_message(either: Client) -> None:
    im = either
    with_users(im)
    key = says(im, "a poll")
    set_pairs = im.messages.update_extensions(
        from_account="ann",
        to_account="bob",
        msg_key=key,
        operate_type=1,
        extensions=[{"key": "yes", "value": "1"}, {"key": "no", "value": "0"}],
    ).raise_for_items()
    assert [(result.ok, result.extension.key) for result in set_pairs.extensions] == [(True, "yes"), (True, "no")]
    pairs = im.messages.iter_extensions(from_account="ann", to_account="bob", msg_key=key)
    assert [(pair.key, pair.value) for pair in pairs] == [("yes", "1"), ("no", "0")]
    im.messages.update_extensions(from_account="ann", to_account="bob", msg_key=key, operate_type=3)
    assert list(im.messages.iter_extensions(from_account="ann", to_account="bob", msg_key=key)) == []


def test_a_batch_says_whom_it_did_not_reach(either: Client) -> None:
    im = either
    with_users(im)
    sent = im.messages.send_batch(
        from_account="ann", to_accounts=["bob", "nobody", "eve"], msg_body=[elements.text("hi")]
    )
    assert sent.errors is not None
    [failed] = sent.errors
    assert (failed.to_account, failed.error_code, failed.ok) == ("nobody", 70107, False)
    assert failed.cause
    assert failed.cure
    with pytest.raises(TencentImError) as raised:
        sent.raise_for_items()
    assert (raised.value.kind, raised.value.code, raised.value.path) == ("Partial", 70107, "errors[0]")
    assert texts(history(im, "eve", "ann")) == ["hi"]


def test_imported_messages_keep_their_time_and_are_not_unread(either: Client) -> None:
    im = either
    with_users(im)
    then = int(time.time()) - 3600
    im.messages.import_message(
        sync_from_old_system=2,
        from_account="ann",
        to_account="bob",
        msg_time_stamp=then,
        msg_seq=1,
        msg_random=1,
        msg_body=[elements.text("old")],
    )
    [message] = history(im, "bob", "ann")
    assert (message.msg_time_stamp, texts([message])) == (then, ["old"])
    assert im.messages.get_unread_counts(to_account="bob").total_unread_count == 0


def test_streamed_messages(either: Client) -> None:
    with_users(either)
    sent = either.messages.send_stream_chunks(
        from_account="ann",
        to_account="bob",
        msg_body=[elements.stream([{"event_type": "data", "index": 1, "markdown": "# hi", "is_last": True}])],
    )
    assert isinstance(sent.stream_msg_id, str)


def test_errors_say_what_went_wrong_and_what_to_do(either: Client) -> None:
    im = either
    with_users(im)
    with pytest.raises(TencentImError) as raised:
        im.messages.send(from_account="ann", to_account="nobody", msg_body=[elements.text("hi")])
    error = raised.value
    assert (error.operation, error.http_status, error.maybe_applied) == ("messages.send", 200, False)
    assert error.code in (20003, 90012)
    assert error.cause
    assert error.cure
    with pytest.raises(NotFoundError) as missing:
        im.messages.recall(from_account="ann", to_account="bob", msg_key="1_2_3")
    assert (missing.value.code, missing.value.operation) == (20022, "messages.recall")
    im.accounts.mute(user_id="ann", c2c_mute_time=60)
    with pytest.raises(PermissionDeniedError) as muted:
        says(im, "hi")
    assert muted.value.code == 20012
    assert muted.value.cure


def test_an_iteration_ends_where_history_has_expired(either: Client, emulator: Emulator) -> None:
    im = either
    with_users(im)
    im.groups.create(type="Public", name="g", group_id="g", owner_account="ann")
    now = int(time.time())

    def says(text: str, at: int) -> None:
        emulator.control("clock", {"now_s": at})
        im.messages.send(from_account="ann", to_account="bob", msg_body=[elements.text(text)])
        im.group_messages.send(group_id="g", from_account="ann", msg_body=[elements.text(text)])

    def kept() -> list[Any]:
        found = im.messages.iter(
            operator_account="bob", peer_account="ann", max_count=1, min_time=now - 60, max_time=now + 60
        )
        return [message.msg_body for message in found] + [m.msg_body for m in im.group_messages.iter(group_id="g")]

    old, new = elements.text("old"), elements.text("new")
    says("old", now)
    says("new", now + 2)
    assert kept() == [[new], [old], [new], [old]]
    emulator.control("config", {"history_days": 0})
    assert kept() == [[new], [new]]
    # One from another system that is older than a week.
    emulator.control("config", {"history_days": 7})
    old_times: dict[str, Any] = {"msg_time_stamp": now - 8 * 86_400, "msg_seq": 1, "msg_random": 1}
    im.messages.import_message(
        from_account="ann", to_account="bob", sync_from_old_system=2, msg_body=[old], **old_times
    )
    found = im.messages.iter(operator_account="bob", peer_account="ann", max_count=10, min_time=1, max_time=now + 60)
    assert [message.msg_body for message in found] == [[old], [new]]
