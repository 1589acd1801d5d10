"""A call of each group as type checkers see it: mypy and pyright read this file; nothing is ever sent."""

from __future__ import annotations

import ast
from pathlib import Path

from tencent_im import Client, elements
from tencent_im._resources import Resources
from tencent_im.types import (
    AccountResultsReply,
    Empty,
    FollowResultsReply,
    GetProfilesReply,
    GetUnreadCountsReply,
    ListGroupsReply,
    ListLiveAdminsReply,
    SearchGroupMembersReply,
)


def calls(im: Client) -> None:
    """One call of each group, and mistakes that are errors to the checker."""
    im.accounts.kick(user_id="a", timeout=1.5)
    profiles: GetProfilesReply = im.profiles.get(to_accounts=["a"], tags=["Tag_Profile_IM_Nick"])
    counts: GetUnreadCountsReply = im.messages.get_unread_counts(to_account="a")
    im.messages.send(to_account="a", msg_body=[elements.text("hi"), elements.custom({"a": 1})])
    groups: ListGroupsReply = im.groups.list(limit=10)
    nothing: Empty = im.group_messages.clear_history(group_id="g")
    admins: ListLiveAdminsReply = im.live_groups.list_admins(group_id="g")
    im.topics.import_topic(group_id="g", topic_name="t")
    im.permission_groups.delete(group_id="g", permission_group_ids=["p"]).raise_for_items()
    im.friends.clear(from_account="a")
    blocked: AccountResultsReply = im.blocklist.add(from_account="a", to_accounts=["b"])
    follows: FollowResultsReply = im.follows.add(from_account="a", users=["b", {"to_account": "c"}])
    im.conversations.create_group(from_account="a", groups=[])
    im.push.get_attribute_names()
    im.legacy_push.get_attribute_names()
    im.official_accounts.delete(official_account="o")
    im.robots.list()
    im.moderation.check_contents(audit_name="n", contents=[])
    found: SearchGroupMembersReply = im.search.group_members(keywords=["k"], count=1)
    im.operations.list_server_ips()
    print(profiles, counts, groups, nothing, admins, blocked, follows, found)

    im.groups.list(limit="10")  # type: ignore[arg-type]
    im.follows.add(from_account="a", users=[{"to_acount": "c"}])  # type: ignore[list-item]
    im.messages.send(to_account="a", msg_body=[{"msg_type": "TIMTextElem", "msg_content": {"txt": "hi"}}])  # type: ignore[list-item, misc]
    im.messages.send(to_account="a", msg_body=[{"msg_type": "TIMTextElm", "msg_content": {"text": "hi"}}])  # type: ignore[list-item, misc]


def test_every_group_is_in_the_list() -> None:
    tree = ast.parse(Path(__file__).read_text())
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    used = {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "im"}
    assert used == {name for name in vars(Resources) if not name.startswith("_")}
