"""Communities: their topics and permission groups."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Emulator

from tencent_im import Client, ConflictError, NotFoundError, PermissionDeniedError, elements
from tencent_im.types import TopicPermissionParam

CLUB = "@TGS#_club"
NEWS = f"{CLUB}@TOPIC#_news"


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob", "eve"]).raise_for_items()
    either.groups.create(
        type="Community", name="club", group_id=CLUB, owner_account="ann", support_topic=True, members=["bob"]
    )
    return either


def test_a_topic_s_life(im: Client) -> None:
    assert im.topics.create(group_id=CLUB, topic_id=NEWS, topic_name="news").topic_id == NEWS
    with pytest.raises(ConflictError) as taken:
        im.topics.create(group_id=CLUB, topic_id=NEWS, topic_name="news")
    assert taken.value.code == 10025
    old = im.topics.import_topic(group_id=CLUB, topic_name="old").topic_id
    im.topics.update(group_id=CLUB, topic_id=NEWS, topic_name="late news", custom_string='{"a":1}')

    def says(user: str, text: str) -> None:
        im.group_messages.send(group_id=CLUB, topic_id=NEWS, from_account=user, msg_body=[elements.text(text)])

    says("bob", "hi")
    assert [m.msg_seq for m in im.group_messages.iter(group_id=CLUB, topic_id=NEWS)] == [1]
    assert list(im.group_messages.iter(group_id=CLUB)) == []
    im.groups.mute_members(group_id=CLUB, topic_id=NEWS, member_accounts=["bob"], mute_time=60)
    with pytest.raises(PermissionDeniedError):
        says("bob", "hi")
    muted = im.groups.list_muted_members(group_id=CLUB, topic_id=NEWS).muted_accounts
    assert [member.member_account for member in muted] == ["bob"]

    listed = im.topics.list(group_id=CLUB, from_account="bob", topic_ids=[NEWS, "none"])
    news, none = listed.topics
    assert news.topic_info is not None
    assert (news.ok, news.topic_info.topic_name, news.topic_info.next_msg_seq) == (True, "late news", 2)
    assert news.topic_info.custom_string == '{"a":1}'
    assert (none.ok, none.error_code) == (False, 110003)
    assert none.cure
    deleted = im.topics.delete(group_id=CLUB, topic_ids=[NEWS, "none"])
    assert [(result.topic_id, result.ok) for result in deleted.results] == [(NEWS, True), ("none", False)]
    rest = [topic.topic_info for topic in im.topics.list(group_id=CLUB, from_account="ann").topics]
    assert [topic.topic_id for topic in rest if topic] == [old]


def test_members_who_are_online(im: Client, emulator: Emulator) -> None:
    emulator.control("online", {"users": [{"user_id": "bob", "status": "Online"}]})
    assert im.groups.get_community_online_member_count(group_id=CLUB).online_member_count == 1
    members = im.groups.iter_members(group_id=CLUB, limit=1)
    assert [member.member_account for member in members] == ["ann", "bob"]


def test_a_permission_group_s_life(im: Client) -> None:
    groups = im.permission_groups
    made = groups.create(group_id=CLUB, permission_group_name="writers", permission=3, permission_group_id="@PMG#_w")
    assert made.permission_group_id == "@PMG#_w"
    other = groups.create(group_id=CLUB, permission_group_name="readers", permission=2**63).permission_group_id
    names: dict[str, Any] = {"group_id": CLUB, "permission_group_id": "@PMG#_w"}
    assert groups.update(**names, permission_group_name="editors") == {}
    listed = {group.permission_group_id: group for group in groups.iter(group_id=CLUB, limit=1)}
    assert {name: group.permission for name, group in listed.items()} == {"@PMG#_w": 3, other: 2**63}
    assert listed["@PMG#_w"].permission_group_name == "editors"
    added = groups.add_members(**names, members=["bob", {"member_account": "eve"}, "ann"])
    assert [(member.member_account, member.ok) for member in added.members] == [
        ("bob", True),
        ("eve", False),
        ("ann", True),
    ]
    assert [member.member_account for member in groups.iter_members(**names, limit=1)] == ["bob", "ann"]
    groups.remove_members(**names, members=["bob"]).raise_for_items()
    assert [member.member_account for member in groups.iter_members(**names)] == ["ann"]
    deleted = groups.delete(group_id=CLUB, permission_group_ids=["@PMG#_w", "@PMG#_x"])
    assert [(result.permission_group_id, result.ok) for result in deleted.results] == [
        ("@PMG#_w", True),
        ("@PMG#_x", False),
    ]
    assert deleted.results[1].cure
    assert [group.permission_group_id for group in groups.iter(group_id=CLUB)] == [other]
    with pytest.raises(NotFoundError) as raised:
        groups.update(**names, permission=1)
    assert (raised.value.code, raised.value.operation) == (10010, "permission_groups.update")


def test_permissions_in_topics(im: Client) -> None:
    groups = im.permission_groups
    im.topics.create(group_id=CLUB, topic_id=NEWS, topic_name="news")
    groups.create(group_id=CLUB, permission_group_name="writers", permission=3, permission_group_id="@PMG#_w")
    names: dict[str, Any] = {"group_id": CLUB, "permission_group_id": "@PMG#_w"}

    def listed() -> list[tuple[str, int]]:
        found = groups.list_topic_permissions(**names).topic_permissions
        return [(permission.topic_id, permission.permission) for permission in found]

    for change, number in [(groups.add_topic_permissions, 7), (groups.update_topic_permissions, 2**63)]:
        permissions: list[TopicPermissionParam] = [
            {"topic_id": NEWS, "permission": number},
            {"topic_id": f"{CLUB}@TOPIC#_none", "permission": 1},
        ]
        changed = change(**names, topic_permissions=permissions).results
        assert [(result.topic_id, result.ok) for result in changed] == [(NEWS, True), (f"{CLUB}@TOPIC#_none", False)]
        assert changed[1].cure
        assert listed() == [(NEWS, number)]
    groups.remove_topic_permissions(**names, topic_ids=[NEWS]).raise_for_items()
    assert listed() == []
