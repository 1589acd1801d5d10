"""The life of group chats and live groups."""

from __future__ import annotations

import time
from typing import Any

import pytest
from conftest import Emulator

from tencent_im import (
    Client,
    ConflictError,
    NotFoundError,
    PartialError,
    PermissionDeniedError,
    elements,
)
from tencent_im.types import GroupInfo, TextElement


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob", "eve", "joe"]).raise_for_items()
    return either


def create(im: Client, **more: Any) -> str:
    """A group that ann owns, with bob in it."""
    fields: dict[str, Any] = {"type": "Public", "name": "club", "owner_account": "ann", "members": ["bob"], **more}
    return im.groups.create(**fields).group_id


def says(im: Client, group_id: str, user: str, text: str, *, receipt: bool = False) -> int:
    sent = im.group_messages.send(
        group_id=group_id,
        from_account=user,
        msg_body=[elements.text(text)],
        need_read_receipt=receipt,
        support_message_extension=True,
    )
    return sent.msg_seq


def history(im: Client, group_id: str, **more: Any) -> list[tuple[int, str]]:
    """All messages with their text, newest first."""
    found = []
    for message in im.group_messages.iter(group_id=group_id, **more):
        body = message.msg_body
        assert isinstance(body, list)
        element = body[0] if body else None
        found.append((message.msg_seq, element.msg_content.text if isinstance(element, TextElement) else ""))
    return found


def info(im: Client, group_id: str) -> GroupInfo:
    [found] = im.groups.get(group_ids=[group_id]).groups
    return found


def roles(im: Client, group_id: str) -> list[str]:
    users = im.groups.get_member_roles(group_id=group_id, user_accounts=["ann", "bob", "eve", "joe"])
    return [user.role for user in users.roles]


def test_a_group_s_life(im: Client) -> None:
    group_id = create(im, group_id="g", introduction="about")
    assert group_id == "g"
    added = im.groups.add_members(group_id="g", members=["eve", {"member_account": "bob"}]).raise_for_items()
    assert [(member.member_account, member.result) for member in added.members] == [("eve", 1), ("bob", 2)]
    assert roles(im, "g") == ["Owner", "Member", "Member", "NotMember"]
    assert [m.member_account for m in im.groups.iter_members(group_id="g", limit=1)] == ["ann", "bob", "eve"]

    im.groups.update_member(group_id="g", member_account="bob", role="Admin", name_card="Bob!")
    [bob] = im.groups.get_members(group_id="g", member_accounts=["bob"]).members
    assert (bob.role, bob.name_card) == ("Admin", "Bob!")
    im.groups.update(group_id="g", name="new", app_defined_data=[{"key": "k", "value": "v"}])
    group = info(im, "g")
    assert (group.ok, group.name, group.owner_account, group.member_count) == (True, "new", "ann", 3)
    assert group.app_defined_data == [{"key": "k", "value": "v"}]

    im.groups.change_owner(group_id="g", new_owner_account="eve")
    assert roles(im, "g") == ["Member", "Admin", "Owner", "NotMember"]
    [joined] = im.groups.iter_joined(member_account="bob", response_filter={"self_info_filter": ["Role"]})
    assert (joined.group_id, joined.self_info and joined.self_info.role) == ("g", "Admin")
    im.groups.remove_members(group_id="g", member_accounts=["bob"], reason="bye")
    assert roles(im, "g")[1] == "NotMember"

    im.groups.delete(group_id="g")
    gone = info(im, "g")
    assert (gone.ok, gone.error_code) == (False, 10010)
    assert gone.cure
    assert list(im.groups.iter()) == []


def test_messages_of_a_group(im: Client) -> None:
    create(im, group_id="g")
    seqs = [says(im, "g", "ann", f"message {number}") for number in range(25)]
    assert history(im, "g") == [(seq, f"message {seq - 1}") for seq in reversed(seqs)]
    im.group_messages.update(group_id="g", msg_seq=25, msg_body=[elements.text("changed")])
    assert history(im, "g")[0] == (25, "changed")

    recalled = im.group_messages.recall(group_id="g", msg_seqs=[{"msg_seq": 25}, {"msg_seq": 99}], reason="oops")
    assert [(result.ok, result.ret_code) for result in recalled.results] == [(True, 0), (False, 10030)]
    with pytest.raises(PartialError) as raised:
        recalled.raise_for_items()
    assert (raised.value.code, raised.value.path) == (10030, "results[1]")
    assert history(im, "g")[0][0] == 24
    assert history(im, "g", with_recalled_msg=True)[0][0] == 25

    says(im, "g", "bob", "mine")
    im.group_messages.recall_by_sender(group_id="g", sender_account="ann")
    assert [text for _, text in history(im, "g")] == ["mine"]
    # What members no longer see, the server still does.
    im.group_messages.clear_history(group_id="g")
    assert [text for _, text in history(im, "g")] == ["mine"]
    im.group_messages.send_system_notification(group_id="g", content="hello", to_accounts=["bob"])
    streamed = im.group_messages.send_stream_chunks(
        group_id="g",
        from_account="ann",
        msg_body=[elements.stream([{"event_type": "data", "index": 1, "markdown": "# hi", "is_last": True}])],
    )
    assert isinstance(streamed.stream_msg_id, str)


def test_receipts_unread_counts_and_extensions(im: Client) -> None:
    create(im, group_id="g", members=["bob", "eve"])
    seq = says(im, "g", "ann", "who comes?", receipt=True)
    im.group_messages.send_read_receipts(
        group_id="g", from_account="bob", msg_seqs=[{"msg_seq": seq}]
    ).raise_for_items()
    [receipt] = im.group_messages.get_read_receipts(group_id="g", msg_seqs=[{"msg_seq": seq}]).receipts
    assert (receipt.ok, receipt.read_count, receipt.unread_count) == (True, 1, 1)
    readers = im.group_messages.iter_read_members(group_id="g", msg_seq=seq, filter=0, count=1)
    assert list(readers) == [{"read_account": "bob"}]
    others = im.group_messages.iter_read_members(group_id="g", msg_seq=seq, filter=1, count=1)
    assert list(others) == [{"unread_account": "eve"}]

    im.group_messages.set_unread_count(group_id="g", member_account="eve", unread_count=1)
    [eve] = im.groups.get_members(group_id="g", member_accounts=["eve"]).members
    assert eve.msg_seq == 0

    im.group_messages.update_extensions(
        group_id="g", msg_seq=seq, operate_type=1, extensions=[{"key": "bob", "value": "yes"}]
    ).raise_for_items()
    pairs = im.group_messages.iter_extensions(group_id="g", msg_seq=seq)
    assert [(pair.key, pair.value) for pair in pairs] == [("bob", "yes")]


def test_who_is_muted_is_silent_and_who_is_banned_stays_out(im: Client, emulator: Emulator) -> None:
    create(im, group_id="g")
    im.groups.mute_members(group_id="g", member_accounts=["bob"], mute_time=60)
    assert [member.member_account for member in im.groups.list_muted_members(group_id="g").muted_accounts] == ["bob"]
    assert [member.member_account for member in im.groups.get_shutted_uin(group_id="g").shutted_uins] == ["bob"]
    with pytest.raises(PermissionDeniedError) as raised:
        says(im, "g", "bob", "hi")
    assert (raised.value.code, raised.value.operation) == (10017, "group_messages.send")
    emulator.control("clock", {"advance_s": 61})
    says(im, "g", "bob", "hi")

    im.groups.ban_members(group_id="g", member_accounts=["bob", "joe"], duration=60, description="spam")
    banned = im.groups.iter_banned_members(group_id="g", limit=1)
    assert {member.member_account for member in banned} == {"bob", "joe"}
    refused = im.groups.add_members(group_id="g", members=["bob"])
    assert [member.ok for member in refused.members] == [False]
    with pytest.raises(PartialError):
        refused.raise_for_items()
    im.groups.unban_members(group_id="g", member_accounts=["bob"])
    im.groups.add_members(group_id="g", members=["bob"]).raise_for_items()

    im.groups.update(group_id="g", mute_all_member="On")
    with pytest.raises(PermissionDeniedError):
        says(im, "g", "bob", "hi")
    says(im, "g", "ann", "the owner may")
    im.accounts.mute(user_id="ann", group_mute_time=60)
    with pytest.raises(PermissionDeniedError):
        says(im, "g", "ann", "not while muted everywhere")


def test_attributes_and_counters(im: Client) -> None:
    create(im, group_id="g")
    im.groups.set_attributes(group_id="g", attributes=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    im.groups.update_attributes(group_id="g", attributes=[{"key": "b", "value": "3"}])
    attributes = im.groups.get_attributes(group_id="g").attributes
    assert {attribute.key: attribute.value for attribute in attributes} == {"a": "1", "b": "3"}
    im.groups.delete_attributes(group_id="g", attributes=["a"])
    assert [attribute.key for attribute in im.groups.get_attributes(group_id="g").attributes] == ["b"]
    im.groups.clear_attributes(group_id="g")
    assert im.groups.get_attributes(group_id="g").attributes == []

    im.groups.update_counters(group_id="g", counters=[{"key": "like", "value": 5}], mode="Set")
    changed = im.groups.update_counters(group_id="g", counters=[{"key": "like", "value": 2}], mode="Decrease")
    assert [(counter.key, counter.value) for counter in changed.counters] == [("like", 3)]
    im.groups.update_counters(group_id="g", counters=[{"key": "no", "value": 1}], mode="Increase")
    im.groups.delete_counters(group_id="g", keys=["like"])
    assert [(c.key, c.value) for c in im.groups.get_counters(group_id="g").counters] == [("no", 1)]


def test_a_group_of_another_system(im: Client) -> None:
    then = int(time.time()) - 3600
    im.groups.import_group(type="Public", name="old", group_id="old", owner_account="ann", create_time=then)
    members = im.groups.import_members(
        group_id="old",
        members=[{"member_account": "bob", "join_time": then + 1}, {"member_account": "nobody", "role": "Admin"}],
    )
    assert [member.ok for member in members.members] == [True, False]
    imported = im.group_messages.import_messages(
        group_id="old",
        msg_list=[
            {"from_account": "bob", "send_time": then + 2, "msg_body": [elements.text("old")]},
            {"from_account": "bob", "send_time": then - 9, "msg_body": [elements.text("too old")]},
        ],
    )
    assert [result.ok for result in imported.results] == [True, False]
    assert imported.results[1].cause
    assert history(im, "old") == [(1, "old")]
    assert info(im, "old").create_time == then


def test_errors_of_groups(im: Client) -> None:
    create(im, group_id="g")
    with pytest.raises(ConflictError) as taken:
        create(im, group_id="g")
    assert (taken.value.code, taken.value.operation) == (10025, "groups.create")
    with pytest.raises(NotFoundError) as missing:
        im.groups.list_members(group_id="none")
    assert missing.value.code == 10010
    with pytest.raises(PermissionDeniedError) as refused:
        im.groups.change_owner(group_id="g", new_owner_account="joe")
    assert refused.value.code == 10007
    for error in (taken.value, missing.value, refused.value):
        assert error.cause
        assert error.cure
        assert error.maybe_applied is False


def test_a_live_group(im: Client, emulator: Emulator) -> None:
    im.groups.create(type="AVChatRoom", name="live", group_id="live", owner_account="ann")
    emulator.control("live", {"group_id": "live", "join": ["bob", "eve"]})

    def online(**more: Any) -> list[str]:
        return [m.member_account for m in im.live_groups.iter_online_members(group_id="live", **more)]

    assert online() == ["bob", "eve"]
    assert im.groups.get_online_member_count(group_id="live").online_member_count == 2
    assert im.live_groups.check_members(group_id="live", member_accounts=["bob", "joe"]).member_accounts == ["bob"]
    marked = im.live_groups.mark_members(
        group_id="live", command_type=1, members=[{"member_account": "bob", "marks": [1000]}]
    )
    assert marked.members == [{"member_account": "bob", "marks": [1000]}]
    assert online(mark=1000) == ["bob"]
    im.live_groups.add_robots(group_id="live", member_accounts=["joe"])
    assert online() == ["bob", "eve", "joe"]
    im.live_groups.remove_robots(group_id="live", member_accounts=["joe"])
    assert online() == ["bob", "eve"]

    im.live_groups.update_admins(group_id="live", command_type=1, admin_accounts=["bob"])
    assert [admin.admin_account for admin in im.live_groups.list_admins(group_id="live").admins] == ["bob"]
    im.groups.update(group_id="live", mute_all_member="On")
    with pytest.raises(PermissionDeniedError):
        im.group_messages.send(group_id="live", from_account="eve", msg_body=[elements.text("hi")])
    im.group_messages.send(group_id="live", from_account="bob", msg_body=[elements.text("admins may")])
    assert im.live_groups.broadcast(msg_body=[elements.text("to all")]).msg_seq > 0
    with pytest.raises(PermissionDeniedError) as raised:
        im.groups.list_members(group_id="live")
    assert raised.value.code == 10007
