"""Official accounts, robots, moderation, search and operations: one call each, with typed results.

The emulator has no state for them: it answers with every documented field.
"""

from __future__ import annotations

import pytest

from tencent_im import Client, InvalidInputError, elements
from tencent_im.types import (
    CloudKeyword,
    FileToSignParam,
    FoundGroup,
    FoundGroupMember,
    FoundUser,
    KeywordLibrary,
    LocalKeyword,
    LocalKeywordParam,
    OfficialAccountInfo,
    OfficialAccountMessage,
    Subscriber,
)


def test_official_accounts(either: Client) -> None:
    accounts = either.official_accounts
    made = accounts.create(owner_account="ann", name="news", official_account="@TOA#_news", custom_string="{}")
    assert made.official_account == "@TOA#_news"
    name = made.official_account
    got = accounts.get(official_accounts=[name, {"official_account": "@TOA#_b"}]).raise_for_items()
    assert [account.official_account for account in got.official_accounts] == [name, "@TOA#_b"]
    assert accounts.update(official_account=name, name="late news") == {}
    added = accounts.add_subscribers(official_account=name, subscribers=["bob", "eve"])
    assert [result.subscriber_account for result in added.results] == ["bob", "eve"]
    assert accounts.update_subscriber(official_account=name, subscriber_account="bob", custom_string="{}") == {}
    subscribers = list(accounts.iter_subscribers(official_account=name, limit=10))
    assert [type(subscriber) for subscriber in subscribers] == [Subscriber]
    assert isinstance(subscribers[0].subscribe_time, int)
    subscribed = list(accounts.iter_subscribed(subscriber_account="bob", limit=10))
    assert [type(account) for account in subscribed] == [OfficialAccountInfo]
    sent = accounts.send_message(official_account=name, msg_body=[elements.text("hi")])
    assert isinstance(sent.msg_key, str)
    messages = list(accounts.iter_messages(official_account=name, req_msg_number=5))
    assert [type(message) for message in messages] == [OfficialAccountMessage]
    assert messages[0].msg_body[0].msg_type == "TIMTextElem"
    recalled = accounts.recall_messages(official_account=name, msg_keys=["1_2_3", "4_5_6"]).raise_for_items()
    assert [result.msg_key for result in recalled.results] == ["1_2_3", "4_5_6"]
    removed = accounts.remove_subscribers(official_account=name, subscriber_accounts=["bob"])
    assert removed.results
    assert accounts.delete(official_account=name) == {}


def test_robots(either: Client) -> None:
    assert either.robots.create(user_id="@RBT#helper", nick="Helper", self_signature="I help") == {}
    assert all(isinstance(name, str) for name in either.robots.list().robot_accounts)
    chunk = either.robots.send_stream_chunk(from_account="@RBT#helper", to_account="bob", chunk="he", finish=False)
    assert isinstance(chunk.msg_key, str)
    assert either.robots.delete(robot_account="@RBT#helper") == {}


def test_moderation(either: Client) -> None:
    moderation = either.moderation
    checked = moderation.check_content(audit_name="C2C", content_type="Text", content="hi")
    assert isinstance(checked.result, str)
    many = moderation.check_contents(
        audit_name="C2C",
        contents=[
            {"content_id": 7, "content_type": "Text", "content": "hi"},
            {"content_id": 8, "content_type": "Text", "content": "ho"},
        ],
    ).raise_for_items()
    assert [(result.content_id, result.ok) for result in many.results] == [(7, True), (8, True)]
    libraries = list(moderation.iter_keyword_libraries(sdk_app_id=1, limit=100))
    assert [type(library) for library in libraries] == [KeywordLibrary]
    words = list(moderation.iter_keywords(sdk_app_id=1, lib_id="l", limit=100))
    assert [type(word) for word in words] == [CloudKeyword]
    assert isinstance(moderation.add_keywords(sdk_app_id=1, lib_id="l", keywords=["bad"]).request_id, str)
    removed = moderation.remove_keywords(sdk_app_id=1, lib_id="l", keywords=["bad"])
    assert [result.keyword for result in removed.results] == ["bad"]
    local = list(moderation.iter_local_keywords(sdk_app_id=1, limit=100))
    assert [type(word) for word in local] == [LocalKeyword]
    word: LocalKeywordParam = {"keyword": "bad", "word_type": 1, "filter_type": 1}
    moderation.add_local_keywords(sdk_app_id=1, keywords=[word])
    moderation.remove_local_keywords(sdk_app_id=1, keywords=[{"id": 7}])


def test_search(either: Client) -> None:
    users = list(either.search.iter_users(keywords=["a"], count=10))
    assert [type(user) for user in users] == [FoundUser]
    groups = list(either.search.iter_groups(keywords=["a"], count=10, group_types=["Public"]))
    assert [type(group) for group in groups] == [FoundGroup]
    assert isinstance(groups[0].owner_tiny_id, int)
    members = list(either.search.iter_group_members(keywords=["a"], count=10))
    assert [type(member) for member in members] == [FoundGroupMember]
    with pytest.raises(InvalidInputError) as raised:
        either.search.users(keywords=["a"], count=101)
    assert (raised.value.path, raised.value.code) == ("count", None)


def test_operations(either: Client) -> None:
    operations = either.operations
    [day] = operations.get_statistics(request_fields=["ActiveUserNum", "Date"]).days
    assert isinstance(day.active_user_num, str)
    [file] = operations.export_history(chat_type="C2C", msg_time="2015120121").files
    assert (type(file.url), type(file.file_size)) == (str, int)
    assert all(isinstance(address, str) for address in operations.list_server_ips().ips)
    assert operations.ban_file(raw_url="https://example.com/a.png") == {}
    assert operations.unban_file(raw_url="https://example.com/a.png") == {}
    files: list[FileToSignParam] = [{"resource_id": 7, "raw_url": "https://example.com/a.png"}]
    signed = operations.sign_files(files=files).raise_for_items()
    assert [(result.resource_id, result.ok) for result in signed.files] == [(7, True)]
