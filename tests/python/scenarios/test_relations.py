"""Friendships, blocked users and follows."""

from __future__ import annotations

import pytest
from conftest import Emulator

from tencent_im import Client, NotFoundError, PartialError
from tencent_im.types import ProfileFieldParam


@pytest.fixture
def im(either: Client) -> Client:
    either.accounts.import_accounts(user_ids=["ann", "bob", "eve", "joe"]).raise_for_items()
    return either


def relation(im: Client, user: str, other: str) -> str | None:
    checked = im.friends.check(from_account=user, to_accounts=[other], check_type="CheckResult_Type_Both")
    return checked.results[0].relation


def test_a_friendship_s_life(im: Client) -> None:
    added = im.friends.add(
        from_account="ann",
        friends=[
            {"to_account": "bob", "add_source": "AddSource_Type_Web", "remark": "Bobby", "group_name": "mates"},
            {"to_account": "eve", "add_source": "AddSource_Type_Web"},
        ],
        add_type="Add_Type_Both",
    ).raise_for_items()
    assert [(result.to_account, result.ok) for result in added.results] == [("bob", True), ("eve", True)]
    assert relation(im, "ann", "bob") == relation(im, "bob", "ann") == "CheckResult_Type_BothWay"
    assert [friend.to_account for friend in im.friends.iter(from_account="ann")] == ["bob", "eve"]

    im.friends.update(
        from_account="ann",
        friends=[{"to_account": "bob", "fields": [{"tag": "Tag_SNS_IM_Remark", "value": "Rob"}]}],
    ).raise_for_items()
    got = im.friends.get(from_account="ann", to_accounts=["bob"], tags=["Tag_SNS_IM_Remark", "Tag_SNS_IM_Group"])
    assert got.results[0].fields is not None
    fields = {field.tag: field.value for field in got.results[0].fields}
    assert fields == {"Tag_SNS_IM_Remark": "Rob", "Tag_SNS_IM_Group": ["mates"]}

    im.friends.remove(from_account="ann", to_accounts=["bob"], delete_type="Delete_Type_Single").raise_for_items()
    assert relation(im, "ann", "bob") == "CheckResult_Type_BWithA"
    im.friends.clear(from_account="ann", delete_type="Delete_Type_Both")
    assert relation(im, "ann", "eve") == "CheckResult_Type_NoRelation"
    assert list(im.friends.iter(from_account="ann")) == []


def test_each_friend_that_could_not_be_added_says_why(im: Client) -> None:
    allow: list[ProfileFieldParam] = [{"tag": "Tag_Profile_IM_AllowType", "value": "AllowType_Type_DenyAny"}]
    im.profiles.update(from_account="bob", fields=allow)
    names = ["joe", "bob", "nobody"]
    added = im.friends.add(
        from_account="ann", friends=[{"to_account": name, "add_source": "AddSource_Type_Web"} for name in names]
    )
    assert [result.result_code for result in added.results] == [0, 30516, 30003]
    assert [result.ok for result in added.results] == [True, False, False]
    assert all(result.cause and result.cure for result in added.results[1:])
    assert added.fail_accounts == ["bob", "nobody"]
    with pytest.raises(PartialError) as raised:
        added.raise_for_items()
    assert (raised.value.path, raised.value.code) == ("results[1]", 30516)
    assert raised.value.items == added.results[1:]


def test_imported_friends_and_friend_groups(im: Client) -> None:
    im.friends.import_friends(
        from_account="ann",
        friends=[
            {"to_account": "bob", "add_source": "AddSource_Type_Old", "add_time": 1_420_000_001},
            {"to_account": "eve", "add_source": "AddSource_Type_Old", "group_names": ["club"]},
        ],
    ).raise_for_items()
    assert relation(im, "ann", "bob") == "CheckResult_Type_AWithB"
    made = im.friends.create_groups(from_account="ann", group_names=["work"], to_accounts=["bob"]).raise_for_items()
    groups = im.friends.list_groups(from_account="ann", last_sequence=0, need_friend="Need_Friend_Type_Yes")
    members = {group.group_name: group.to_accounts for group in groups.groups}
    assert members == {"club": ["eve"], "work": ["bob"]}
    assert groups.current_sequence == made.current_sequence
    after = im.friends.delete_groups(from_account="ann", group_names=["work"])
    assert after.current_sequence > made.current_sequence
    rest = im.friends.list_groups(from_account="ann", last_sequence=0)
    assert [group.group_name for group in rest.groups] == ["club"]


def test_a_long_friend_list_is_read_to_its_end(im: Client) -> None:
    names = [f"friend{number:03}" for number in range(130)]
    for part in (names[:100], names[100:]):
        im.accounts.import_accounts(user_ids=part)
        im.friends.import_friends(
            from_account="ann", friends=[{"to_account": name, "add_source": "AddSource_Type_Old"} for name in part]
        ).raise_for_items()
    assert [friend.to_account for friend in im.friends.iter(from_account="ann")] == names


def test_blocked_users(im: Client) -> None:
    im.friends.add(from_account="ann", friends=[{"to_account": "bob", "add_source": "AddSource_Type_Web"}])
    im.blocklist.add(from_account="ann", to_accounts=["bob", "eve"]).raise_for_items()
    assert relation(im, "ann", "bob") == "CheckResult_Type_NoRelation"
    blocked = im.blocklist.iter(from_account="ann", max_limited=1, last_sequence=0)
    assert [account.to_account for account in blocked] == ["bob", "eve"]
    checked = im.blocklist.check(
        from_account="ann", to_accounts=["bob", "joe"], check_type="BlackCheckResult_Type_Both"
    )
    assert [result.relation for result in checked.results] == [
        "BlackCheckResult_Type_AWithB",
        "BlackCheckResult_Type_NO",
    ]
    refused = im.friends.add(
        from_account="bob", friends=[{"to_account": "ann", "add_source": "AddSource_Type_Web"}]
    ).results[0]
    assert (refused.result_code, refused.ok) == (30525, False)
    im.blocklist.remove(from_account="ann", to_accounts=["bob"]).raise_for_items()
    assert [a.to_account for a in im.blocklist.iter(from_account="ann", max_limited=9, last_sequence=0)] == ["eve"]


def test_follows(im: Client) -> None:
    added = im.follows.add(from_account="ann", users=["bob", {"to_account": "eve"}, "nobody"])
    assert [(result.to_account, result.result_code) for result in added.results] == [
        ("bob", 0),
        ("eve", 0),
        ("nobody", 30003),
    ]
    im.follows.add(from_account="bob", users=["ann"]).raise_for_items()
    for follow_type, expected in [(1, ["bob"]), (2, ["bob", "eve"]), (3, ["bob"])]:
        found = im.follows.iter(from_account="ann", follow_type=follow_type, want_num=1)
        assert [follow.to_account for follow in found] == expected, follow_type
    checked = im.follows.check(from_account="ann", to_accounts=["bob", "eve", "joe"])
    assert [result.follow_type for result in checked.results] == [3, 2, 0]
    [counts] = im.follows.get_counts(from_account="ann", to_accounts=["ann"]).results
    assert (counts.following_count, counts.follower_count, counts.mutual_following_count) == (2, 1, 1)
    im.follows.remove(from_account="ann", to_accounts=["bob"]).raise_for_items()
    assert list(im.follows.iter(from_account="ann", follow_type=3)) == []


def test_somebody_who_does_not_exist(im: Client, emulator: Emulator) -> None:
    with pytest.raises(NotFoundError) as raised:
        im.friends.list(from_account="nobody", start_index=0)
    error = raised.value
    assert (error.code, error.operation) == (30003, "friends.list")
    assert error.cause
    assert error.cure
    assert emulator.counters()["calls"]["v4/sns/friend_get"]["requests"] == 1
