"""`call`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cli_support import Cli, environment_of
from conftest import Emulator

import tencent_im
from tencent_im._native import calls
from tencent_im._pages import Pages
from tencent_im.cli.calls import _method


@pytest.fixture
def cli_of(cli: Cli, emulator: Emulator) -> Cli:
    cli.env(**environment_of(emulator))
    return cli


def test_a_call_by_its_name(cli_of: Cli) -> None:
    cli_of("call", "accounts.import_account", '{"user_id": "alice", "nick": "Alice"}')
    answer = cli_of("call", "accounts.check", '{"accounts": ["alice", "nobody"]}').json
    assert [(row["user_id"], row["account_status"]) for row in answer["results"]] == [
        ("alice", "Imported"),
        ("nobody", "NotImported"),
    ]


def test_a_call_by_its_path(cli_of: Cli) -> None:
    cli_of("call", "v4/im_open_login_svc/account_import", '{"Identifier": "alice"}')
    answer = cli_of("call", "v4/im_open_login_svc/account_check", '{"CheckItem": [{"UserID": "alice"}]}').json
    assert "Imported" in json.dumps(answer)


def test_fields_from_standard_input_and_from_a_file(cli_of: Cli, tmp_path: Path) -> None:
    cli_of("call", "accounts.import_account", "-", stdin='{"user_id": "alice"}')
    file = tmp_path / "fields.json"
    file.write_text('{"accounts": ["alice"]}')
    assert cli_of("call", "accounts.check", f"@{file}").json["results"][0]["account_status"] == "Imported"


def test_every_page(cli_of: Cli) -> None:
    cli_of("call", "accounts.import_accounts", json.dumps({"user_ids": [f"u{n}" for n in range(5)]}))
    cli_of("call", "groups.create", '{"type": "Public", "name": "Books", "group_id": "books"}')
    members = json.dumps({"group_id": "books", "members": [{"member_account": f"u{n}"} for n in range(5)]})
    cli_of("call", "groups.add_members", members)
    rows = cli_of("call", "groups.list_members", '{"group_id": "books", "limit": 2}', "--all-pages").lines
    assert sorted(json.loads(row)["member_account"] for row in rows) == [f"u{n}" for n in range(5)]
    ran = cli_of("call", "groups.list_members", '{"group": "books"}', "--all-pages", expected=2)
    assert "group: unknown field" in ran.err
    for name in ("accounts.kick", "groups.get_members"):
        assert "has no pages" in cli_of("call", name, "{}", "--all-pages", expected=2).err
    assert "unknown call groups.lst" in cli_of("call", "groups.lst", "{}", "--all-pages", expected=2).err


def test_every_call_with_an_iterator_has_pages_by_its_name() -> None:
    folder = Path(tencent_im.__file__).parent / "resources"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    paged = {name for text in texts for name in re.findall(r"return Pages\(\s+self._call,\s+\"([a-z_.]+)\"", text)}
    assert len(paged) > 10
    for name in paged:
        Pages(lambda *_: None, name, {}, {}, None)


def test_an_item_that_fails_is_an_exit_code_of_1(cli_of: Cli) -> None:
    ran = cli_of("call", "accounts.delete", '{"accounts": ["nobody"]}', expected=1)
    assert ran.json["results"][0]["user_id"] == "nobody"
    assert "error: " in ran.err


def test_a_refusal_is_an_exit_code_of_1_with_cause_and_cure(cli_of: Cli) -> None:
    ran = cli_of("call", "accounts.kick", '{"user_id": "nobody"}', expected=1)
    assert ran.out == ""
    assert "(code 70107)" in ran.err
    assert "cause: " in ran.err
    assert "cure: " in ran.err
    error = json.loads(cli_of("call", "accounts.kick", '{"user_id": "nobody"}', "--json", expected=1).err)["error"]
    assert (error["kind"], error["code"], error["attempts"]) == ("NotFound", 70107, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["call"], "call --list"),
        (["call", "accounts.kik", "{}"], "did you mean accounts.kick?"),
        (["call", "accounts.kick", "{}"], "user_id"),
        (["call", "accounts.kick", '{"user_id": 42}'], "user_id"),
        (["call", "accounts.kick", '{"user": "a"}'], "did you mean"),
        (["call", "accounts.kick", "{user_id: 1}"], "FIELDS is not JSON"),
        (["call", "accounts.kick", "[1]"], "FIELDS is not a JSON object"),
        (["call", "accounts.kick", "@/nowhere"], "/nowhere cannot be read"),
        (["call", "nothing", "--describe"], "unknown call nothing"),
        (["call", "--list", "nothing"], "no call has nothing in its name"),
    ],
)
def test_bad_arguments_are_an_exit_code_of_2(cli_of: Cli, emulator: Emulator, arguments: list[str], words: str) -> None:
    before = emulator.requests()
    assert words in cli_of(*arguments, expected=2).err
    assert emulator.requests() == before


def test_the_calls_are_listed_and_described_without_an_app(cli: Cli) -> None:
    rows = cli("call", "--list").lines
    assert len(rows) == len(calls())
    assert any(row.startswith("groups.create\tCreates a group") for row in rows)
    assert all(row.split("\t")[0].startswith("robots.") for row in cli("call", "--list", "robots.").lines)
    text = cli("call", "accounts.import_account", "--describe").out
    assert text.startswith("accounts.import_account   required: user_id\n")
    assert "Rate limit: 200 calls per second" in text
    assert "nick: Nickname" in text
    assert "CallOptions" not in text


def test_every_call_has_a_method_that_describes_it() -> None:
    for name in calls():
        assert (_method(name).__doc__ or "").strip(), name
