"""Profiles, conversations and the global mute of users."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Emulator

from tencent_im import Client, InvalidInputError, NotFoundError, PartialError, PermissionDeniedError, elements


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob", "eve"]).raise_for_items()
    return either


def test_an_account_s_life(im: Client) -> None:
    def statuses() -> dict[str, str | None]:
        checked = im.accounts.check(accounts=["ann", "joe"]).raise_for_items()
        return {result.user_id: result.account_status for result in checked.results}

    assert statuses() == {"ann": "Imported", "joe": "NotImported"}
    assert im.accounts.import_account(user_id="joe", nick="Joe") == {}
    [joe] = im.profiles.get(to_accounts=["joe"], tags=["Tag_Profile_IM_Nick"]).profiles
    assert joe.fields is not None
    assert joe.fields[0].value == "Joe"
    assert im.accounts.kick(user_id="joe") == {}
    deleted = im.accounts.delete(accounts=["joe", "nobody"])
    assert [(result.user_id, result.ok) for result in deleted.results] == [("joe", True), ("nobody", False)]
    assert deleted.results[1].cure
    assert statuses() == {"ann": "Imported", "joe": "NotImported"}


def test_profiles(im: Client) -> None:
    im.profiles.update(
        from_account="ann",
        fields=[
            {"tag": "Tag_Profile_IM_Nick", "value": "Ann"},
            {"tag": "Tag_Profile_IM_BirthDay", "value": 20_190_419},
        ],
    )
    tags = ["Tag_Profile_IM_Nick", "Tag_Profile_IM_BirthDay", "Tag_Profile_IM_Gender"]
    got = im.profiles.get(to_accounts=["ann", "nobody"], tags=tags)
    ann, nobody = got.profiles
    assert ann.fields is not None
    assert {field.tag: field.value for field in ann.fields} == {
        "Tag_Profile_IM_Nick": "Ann",
        "Tag_Profile_IM_BirthDay": 20_190_419,
    }
    assert (ann.ok, nobody.ok, nobody.result_code) == (True, False, 40003)
    assert nobody.cure
    assert got.fail_accounts == ["nobody"]
    with pytest.raises(NotFoundError) as raised:
        im.profiles.update(from_account="ann", fields=[{"tag": "Tag_Profile_IM_Nik", "value": "x"}])
    assert (raised.value.code, raised.value.operation) == (40009, "profiles.update")
    assert raised.value.cause
    assert raised.value.cure


def test_online_status_by_the_call_of_today_and_the_older_one(im: Client, emulator: Emulator) -> None:
    emulator.control("online", {"users": [{"user_id": "bob", "platforms": {"Web": "Online", "iPhone": "PushOnline"}}]})
    asked: dict[str, Any] = {"user_ids": ["ann", "bob", "nobody"], "need_detail": True}
    replies: list[Any] = [im.accounts.get_online_status(**asked), im.accounts.query_state(**asked)]
    for reply in replies:
        [failed] = reply.errors
        assert (failed.user_id, failed.ok, failed.error_code) == ("nobody", False, 70107)
        assert failed.cure
        with pytest.raises(PartialError) as raised:
            reply.raise_for_items()
        assert (raised.value.code, raised.value.path) == (70107, "errors[0]")
    older = {user.user_id: user for user in im.accounts.query_state(**asked).results}
    assert {name: user.state for name, user in older.items()} == {"ann": "Offline", "bob": "Online"}
    now = {user.user_id: user for user in im.accounts.get_online_status(**asked).results}
    assert {name: user.status for name, user in now.items()} == {"ann": "Offline", "bob": "Online"}
    for details in [older["bob"].detail, now["bob"].detail]:
        assert details is not None
        assert {detail.platform: detail.status for detail in details} == {"Web": "Online", "iPhone": "PushOnline"}


def test_a_mute_everywhere_ends_by_itself(im: Client, emulator: Emulator) -> None:
    def says() -> None:
        im.messages.send(from_account="ann", to_account="bob", msg_body=[elements.text("hi")])

    im.accounts.mute(user_id="ann", c2c_mute_time=60, group_mute_time=4_294_967_295)
    muted = im.accounts.get_mute(user_id="ann")
    assert 0 < muted.c2c_mute_time <= 60
    assert muted.group_mute_time == 4_294_967_295
    with pytest.raises(PermissionDeniedError) as raised:
        says()
    assert raised.value.code == 20012
    emulator.control("clock", {"advance_s": 61})
    says()
    with pytest.raises(InvalidInputError) as missing:
        im.accounts.mute(user_id="nobody", c2c_mute_time=1)
    assert (missing.value.code, missing.value.maybe_applied) == (130005, False)


def test_conversations_in_their_order(im: Client, emulator: Emulator) -> None:
    im.groups.create(type="Public", name="g", group_id="g", owner_account="ann")
    for number, other in enumerate(["bob", "eve"]):
        im.messages.send(from_account="ann", to_account=other, msg_body=[elements.text("hi")])
        emulator.control("clock", {"advance_s": 2 + number})
    im.group_messages.send(group_id="g", from_account="ann", msg_body=[elements.text("hi")])

    def listed() -> list[str | None]:
        found = im.conversations.iter(from_account="ann", assist_flags=63)
        return [conversation.to_account or conversation.group_id for conversation in found]

    assert listed() == ["g", "eve", "bob"]
    im.conversations.pin(from_account="ann", operation_type=1, conversations=[{"type": 1, "to_account": "bob"}])
    assert listed() == ["bob", "g", "eve"]
    im.conversations.pin(from_account="ann", operation_type=2, conversations=[{"type": 1, "to_account": "bob"}])
    im.conversations.delete(from_account="ann", type=2, group_id="g")
    assert listed() == ["eve", "bob"]
    im.conversations.delete(from_account="ann", type=1, to_account="bob", clear_ramble=True)
    assert listed() == ["eve"]


def test_groups_and_marks_of_conversations(im: Client) -> None:
    for other in ["bob", "eve"]:
        im.messages.send(from_account="ann", to_account=other, msg_body=[elements.text("hi")])
    made = im.conversations.create_group(
        from_account="ann",
        groups=[{"group_name": "work", "conversations": [{"type": 1, "to_account": "bob"}]}],
    ).groups[0]
    assert (made.group.group_name, [result.ok for result in made.results]) == ("work", [True])
    renamed = im.conversations.update_group(
        from_account="ann",
        update_type=1,
        group={"update_group_type": 1, "old_group_name": "work", "new_group_name": "job"},
    ).group
    assert (renamed.group_name, renamed.contact_group_id) == ("job", made.group.contact_group_id)
    moved = im.conversations.update_group(
        from_account="ann",
        update_type=1,
        group={
            "update_group_type": 2,
            "old_group_name": "job",
            "updates": [
                {"contact_opt_type": 1, "conversation": {"type": 1, "to_account": "eve"}},
                {"contact_opt_type": 1, "conversation": {"type": 2, "group_id": "none"}},
            ],
        },
    ).group
    assert moved.results is not None
    assert [result.ok for result in moved.results] == [True, False]
    assert moved.results[1].cure

    marked = im.conversations.mark(
        from_account="ann",
        marks=[
            {
                "opt_type": 3,
                "conversation": {"type": 1, "to_account": "bob"},
                "set_marks": [1, 4],
                "custom_mark": "mine",
            }
        ],
    ).raise_for_items()
    assert [(result.ok, result.conversation.to_account) for result in marked.results] == [(True, "bob")]
    found = {c.to_account: c for c in im.conversations.iter_groups_and_marks(from_account="ann")}
    assert set(found) == {"bob", "eve"}
    assert (found["bob"].custom_mark, found["bob"].standard_mark) == ("mine", "1001")
    assert found["eve"].contact_group_ids == [made.group.contact_group_id]
    some = im.conversations.get_groups_and_marks(from_account="ann", conversations=[{"type": 1, "to_account": "bob"}])
    assert [conversation.custom_mark for conversation in some.conversations] == ["mine"]
    assert [group.group_name for group in some.groups] == ["job"]
    deleted = im.conversations.delete_group(from_account="ann", group_names=["job"])
    assert [group.group_name for group in deleted.groups] == ["job"]
    with pytest.raises(NotFoundError) as raised:
        im.conversations.delete_group(from_account="ann", group_names=["job"])
    assert raised.value.code == 51009
