"""`check`, `delete`, `kick`, `status`, `export`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from cli_support import Cli, environment_of
from conftest import Emulator
from support import PATIENCE, Program, unix_only
from test_cli_import import accounts, failed_rows, rows, wait_for_requests, write


@pytest.fixture
def cli_of(cli: Cli, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line against the emulator with three hundred accounts, in a directory with a file of them."""
    cli.env(**environment_of(emulator))
    monkeypatch.chdir(tmp_path)
    write("users.csv", f"user_id,nick\n{rows(300)}")
    cli("import", "users.csv", "--rate", "off")
    return cli


def test_check(cli_of: Cli) -> None:
    ran = cli_of("check", "users.csv")
    assert len(ran.lines) == 300
    assert "user000000\tImported" in ran.lines
    assert "300 imported, 0 not imported, 0 failed" in ran.err
    write("more.csv", f"user_id,email\n{rows(301)}")
    ran = cli_of("check", "more.csv", "--missing", expected=1)
    assert ran.lines == ["user000300\tNotImported"]
    ran = cli_of("check", "--user", "user000001", "--user", "nobody", "--json", expected=1)
    found = {row["user_id"]: row["account_status"] for row in map(json.loads, ran.lines)}
    assert found == {"user000001": "Imported", "nobody": "NotImported"}


def test_delete_wants_a_yes(cli_of: Cli, emulator: Emulator) -> None:
    ran = cli_of("delete", "users.csv", expected=2)
    assert "--yes" in ran.err
    assert len(accounts(emulator)) == 300
    ran = cli_of("delete", "--user", "user000001", "--user", "nobody", "--yes", expected=1)
    assert "1 deleted, 1 failed" in ran.err
    assert "nobody: " in ran.err
    ran = cli_of("delete", "users.csv", "--yes", "--failed", "failed.csv", "--json", expected=1)
    assert (ran.json["done"], ran.json["failed"]) == (299, 1)
    assert [row["user_id"] for row in failed_rows()] == ["user000001"]
    assert accounts(emulator) == {}


class Terminal(io.TextIOWrapper):
    """Standard input that a person types."""

    def isatty(self) -> bool:
        return True


def test_delete_asks_on_a_terminal(cli_of: Cli, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    ran = cli_of("delete", "users.csv", stdin="n\n", expected=130)
    assert "Delete 300 users of app 1400000001 with all their data, for good?" in ran.err
    assert len(accounts(emulator)) == 300
    cli_of("delete", "users.csv", stdin="y\n")
    assert accounts(emulator) == {}


@unix_only
def test_users_of_a_pipe_are_not_read_away_by_the_question(
    cli_of: Cli, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*arguments: str) -> str:
        text = Path("users.csv").read_text()

        def write() -> None:
            with contextlib.suppress(BrokenPipeError):
                Path("pipe").write_text(text)

        threading.Thread(target=write, daemon=True).start()
        return cli_of("delete", "pipe", *arguments, expected=0 if arguments else 2).err

    os.mkfifo("pipe")
    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    assert "--yes" in told()
    assert len(accounts(emulator)) == 300
    assert "300 deleted" in told("--yes")


def test_kick(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("online", {"users": [{"user_id": "user000001", "status": "Online"}]})
    assert "1 kicked, 0 failed" in cli_of("kick", "--user", "user000001").err
    assert cli_of("status", "--user", "user000001").lines == ["user000001\tOffline"]
    write("more.csv", "user_id\nnobody\n" + "".join(f"user{n:06}\n" for n in range(40)) + "x" * 33)
    ran = cli_of("kick", "more.csv", "--failed", "failed.csv", "--json", expected=1)
    assert ran.json == {"done": 40, "failed": 2}
    assert {row["user_id"] for row in failed_rows()} == {"nobody", "x" * 33}


def test_kick_ends_at_once_with_a_wrong_key(cli_of: Cli, emulator: Emulator) -> None:
    cli_of.env(TENCENT_IM_SECRET_KEY="0" * 64)
    before = emulator.requests()
    assert "70009" in cli_of("kick", "users.csv", expected=1).err
    assert emulator.requests() - before < 60


def test_status(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("online", {"users": [{"user_id": "user000001", "status": "Online"}]})
    ran = cli_of("status", "users.csv")
    assert len(ran.lines) == 300
    assert "user000001\tOnline" in ran.lines
    assert "user000002\tOffline" in ran.lines
    ran = cli_of("status", "--user", "nobody", "--user", "user000001", "--json", expected=1)
    online, failed = map(json.loads, ran.lines)
    assert online == {"user_id": "user000001", "status": "Online"}
    assert failed["user_id"] == "nobody"
    assert "70107" in failed["error"]


def test_export_writes_what_import_reads(cli_of: Cli, emulator: Emulator) -> None:
    ran = cli_of("export", "users.csv", "-o", "out.csv")
    assert "300 written, 0 not imported" in ran.err
    found = failed_rows("out.csv")
    assert (len(found), found[7]) == (300, {"user_id": "user000007", "nick": "Nick 7", "face_url": ""})
    cli_of("delete", "users.csv", "--yes")
    cli_of("import", "out.csv")
    assert accounts(emulator)["user000007"]["nick"] == "Nick 7"


def test_a_user_whom_the_service_fails_for_is_told_and_the_others_are_written(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("config", {"failing": {"user000007": 70500}})
    ran = cli_of("export", "users.csv", "-o", "out.csv", expected=1)
    assert "299 written, 0 not imported, 1 failed" in ran.err
    assert "line 9: user000007: code 70500: The account service failed" in ran.err
    assert len(failed_rows("out.csv")) == 299
    ran = cli_of("check", "users.csv", expected=1)
    assert len(ran.lines) == 299
    assert "299 imported, 0 not imported, 1 failed" in ran.err


def test_a_profile_that_cannot_be_read_is_told() -> None:
    """The emulator fails a user for all calls alike, so here the answers are made."""
    from types import SimpleNamespace as Namespace

    from tencent_im.cli.exporting import _read
    from tencent_im.cli.files import User
    from tencent_im.types.accounts import CheckAccountResult
    from tencent_im.types.profiles import ProfileField, UserProfile

    there = [CheckAccountResult(user_id=name, result_code=0, account_status="Imported") for name in "ab"]
    nick = [ProfileField(tag="Tag_Profile_IM_Nick", value="B")]
    profiles = [UserProfile(to_account="a", result_code=40006), UserProfile(to_account="b", result_code=0, fields=nick)]
    im = Namespace(
        accounts=Namespace(check=lambda accounts: Namespace(results=there)),
        profiles=Namespace(get=lambda to_accounts, tags: Namespace(profiles=profiles)),
    )
    told: list[tuple[int, str | None, str]] = []
    users = [User({"user_id": name}, at, name) for at, name in enumerate("ab", 2)]
    client: Any = im
    found = list(_read(client, users, ["nick"], lambda *facts: told.append(facts)))
    assert found == [{"user_id": "b", "nick": "B", "account_status": "Imported"}]
    assert [(line, user) for line, user, _ in told] == [(2, "a")]
    assert told[0][2].startswith("code 40006: ")


def test_export_as_json_lines_with_state(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("online", {"users": [{"user_id": "user000001", "status": "Online"}]})
    arguments = ["--user", "user000001", "--user", "nobody", "-o", "out.jsonl"]
    cli_of("export", *arguments, "--fields", "nick,status,account_status", expected=1)
    assert [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()] == [
        {"user_id": "user000001", "nick": "Nick 1", "status": "Online", "account_status": "Imported"},
        {"user_id": "nobody", "account_status": "NotImported"},
    ]
    ran = cli_of("export", "--user", "nobody", expected=1)
    assert ran.lines == ["user_id,nick,face_url"]
    assert "1 not imported" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check"], "Give a file"),
        (["check", "users.csv", "--user", "a"], "Give a file"),
        (["export", "users.csv", "--fields", "nik"], "nik is unknown"),
        (["export", "users.csv", "-o", "users.csv"], "the input itself"),
        (["export", "users.csv", "-o", "/nowhere/x"], "cannot be written"),
    ],
)
def test_wrong_arguments(cli_of: Cli, arguments: list[str], words: str) -> None:
    assert words in cli_of(*arguments, expected=2).err


MIXED = "user_id\nuser000001\n" + "x" * 33 + "\n,\nnobody\nuser000001\nuser000002\n"


def test_a_wrong_name_in_a_file_fails_its_row_alone(cli_of: Cli) -> None:
    write("mixed.csv", MIXED)
    for command in ("check", "status", "export", "kick"):
        ran = cli_of(command, "mixed.csv", expected=1)
        assert "line 3: " in ran.err, command
        assert "33 bytes; cure: " in ran.err, command
        assert "line 4: the row has 2 cells, the header 1; cure: " in ran.err, command
    assert cli_of("export", "mixed.csv", expected=1).lines[1:] == ["user000001,Nick 1,", "user000002,Nick 2,"]
    assert cli_of("status", "mixed.csv", expected=1).lines == ["user000001\tOffline", "user000002\tOffline"]


@pytest.mark.parametrize("command", ["check", "status"])
def test_rows_that_fail_are_json_too(cli_of: Cli, command: str) -> None:
    write("mixed.csv", MIXED)
    ran = cli_of(command, "mixed.csv", "--json", expected=1)
    told = [json.loads(line) for line in ran.lines]
    failed = {row["line"]: row for row in told if "error" in row}
    assert {3, 4} <= set(failed)
    assert failed[3]["user_id"] == "x" * 33
    assert failed[4]["user_id"] is None
    assert ran.err == ""


def test_users_of_the_command_line_have_no_lines(cli_of: Cli) -> None:
    for command in ("check", "status", "export", "kick"):
        told = cli_of(command, "--user", "user000001", "--user", "y" * 33, expected=1).err
        assert "y" * 33 + ": user_id: the user id has 33 bytes" in told
        assert "line" not in told


@unix_only
def test_a_full_disk_is_named(cli_of: Cli, emulator: Emulator) -> None:
    told = cli_of("export", "users.csv", "-o", "/dev/full", expected=1).err
    assert "error: --output /dev/full cannot be written: No space left on device" in told
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tencent_im.cli", "check", "users.csv"],
            env=os.environ | environment_of(emulator),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert "error: standard output: No space left on device" in done.stderr


@unix_only
def test_an_interrupted_kick_says_how_many_were_kicked(cli_of: Cli, emulator: Emulator) -> None:
    before = emulator.requests()
    emulator.faults({"kind": "delay", "delay_ms": 600_000, "skip": 20})
    with Program(
        # Without the signal its calls would go on for minutes.
        [sys.executable, "-m", "tencent_im.cli", "kick", "users.csv", "--timeout", "3600", "--max-retries", "20"],
        env=os.environ | environment_of(emulator),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for_requests(emulator, process, before + 36)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    kicked = int(err.partition(" kicked, 0 failed")[0].splitlines()[-1])
    assert 0 < kicked <= 20
