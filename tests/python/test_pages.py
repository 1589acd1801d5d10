"""Iterators over paged calls, sync and asyncio, against the emulator."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import AsyncClient, Client, InvalidInputError, ProtocolError


def client(emulator: Emulator, **settings: Any) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, **settings)


def group_with_messages(im: Client, count: int) -> None:
    im.accounts.import_account(user_id="a")
    im.groups.create(type="Public", name="group", group_id="g", owner_account="a")
    for n in range(count):
        body: Any = [{"msg_type": "TIMTextElem", "msg_content": {"text": str(n)}}]
        im.group_messages.send(group_id="g", from_account="a", msg_body=body)


def groups(im: Client, count: int) -> list[str]:
    im.accounts.import_account(user_id="a")
    ids = [f"g{n:03}" for n in range(count)]
    for group_id in ids:
        im.groups.create(type="Public", name="group", group_id=group_id, owner_account="a")
    return ids


def test_all_items_come_once_whatever_the_page_size(emulator: Emulator) -> None:
    with client(emulator) as im:
        ids = groups(im, 7)
        for limit in [1, 2, 3, 7, 100, None]:
            assert sorted(g.group_id for g in im.groups.iter(limit=limit)) == ids
            assert sorted(g.group_id for g in im.groups.iter_joined(member_account="a", limit=limit)) == ids


def test_pages_are_fetched_as_they_are_asked_for(emulator: Emulator) -> None:
    with client(emulator) as im:
        groups(im, 5)
        before = emulator.requests()
        pages = im.groups.iter(limit=2)
        assert emulator.requests() == before
        next(pages), next(pages)
        assert emulator.requests() == before + 1
        next(pages)
        assert emulator.requests() == before + 2
        assert [len(page.groups) for page in im.groups.iter(limit=2).by_page()] == [2, 2, 1]


def test_history_is_read_backwards_to_its_beginning(emulator: Emulator) -> None:
    with client(emulator) as im:
        group_with_messages(im, 45)
        seqs = [message.msg_seq for message in im.group_messages.iter(group_id="g")]
        assert seqs == sorted(seqs, reverse=True)
        assert len(seqs) == len(set(seqs)) == 45


def test_an_iteration_continues_from_its_cursor_at_every_item(emulator: Emulator) -> None:
    with client(emulator) as im:
        groups(im, 7)
        whole = [g.group_id for g in im.groups.iter(limit=3)]
        for taken in range(7):
            pages = im.groups.iter(limit=3)
            first = [next(pages).group_id for _ in range(taken)]
            rest = [g.group_id for g in im.groups.iter(resume=pages.cursor)]
            assert first + rest == whole, taken
        ended = im.groups.iter(limit=3)
        assert len(list(ended)) == 7
        assert ended.cursor is None


def test_members_of_a_community_page_by_a_cursor_of_its_own(emulator: Emulator) -> None:
    of: dict[str, Any] = {"group_id": "@TGS#_club"}
    with client(emulator) as im:
        im.accounts.import_accounts(user_ids=["ann", "bob", "eve"]).raise_for_items()
        im.groups.create(type="Community", name="club", owner_account="ann", members=["bob", "eve"], **of)
        for taken in range(3):
            members = im.groups.iter_members(limit=2, **of)
            first = [next(members).member_account for _ in range(taken)]
            rest = [member.member_account for member in im.groups.iter_members(resume=members.cursor, **of)]
            assert first + rest == ["ann", "bob", "eve"], taken


def test_asyncio_gives_the_same(emulator: Emulator) -> None:
    with client(emulator) as im:
        ids = groups(im, 7)

    async def main() -> None:
        async with AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False) as im:
            pages = im.groups.iter(limit=3)
            first = [(await anext(pages)).group_id for _ in range(4)]
            rest = [g.group_id async for g in im.groups.iter(resume=pages.cursor)]
            assert sorted(first + rest) == ids
            assert [len(page.groups) async for page in im.groups.iter(limit=3).by_page()] == [3, 3, 1]

    asyncio.run(main())


def test_a_service_that_goes_in_circles_is_an_error(emulator: Emulator) -> None:
    body = '{"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","TotalCount":9,"GroupIdList":[{"GroupId":"g"}],"Next":5}'
    emulator.faults({"kind": "http_status", "status": 200, "body": body, "call": "get_appid_group_list"})
    with client(emulator) as im, pytest.raises(ProtocolError, match="repeated a cursor"):
        list(im.groups.iter())


def test_bad_input_and_foreign_cursors_are_refused(emulator: Emulator) -> None:
    with client(emulator) as im:
        groups(im, 3)
        with pytest.raises(InvalidInputError) as raised:
            next(im.groups.iter(limit="many"))  # type: ignore[arg-type]
        assert raised.value.path == "limit"
        cursor = im.groups.iter(limit=1).cursor
        for foreign in ["", "x", cursor]:
            with pytest.raises(InvalidInputError) as raised:
                im.groups.iter_joined(member_account="a", resume=foreign)
            assert raised.value.path == "resume"
        with pytest.raises(InvalidInputError, match="did you mean"):
            next(im.groups.iter(limitt=1))  # type: ignore[call-arg]
