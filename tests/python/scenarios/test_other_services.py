"""Moderation, search and operations: every call, with typed results.

The emulator has no state for them: it answers with every documented field.
"""

from __future__ import annotations

import pytest

from tencent_im import Client, InvalidInputError
from tencent_im.types import (
    CloudKeyword,
    FileToSignParam,
    FoundGroup,
    FoundGroupMember,
    FoundUser,
    KeywordLibrary,
    LocalKeyword,
    LocalKeywordParam,
)


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
