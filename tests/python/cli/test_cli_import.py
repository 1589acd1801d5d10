"""`import`: what goes in, what fails, and continuing after an interruption."""

from __future__ import annotations

import csv
import gc
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cli_support import Cli, environment_of, program
from conftest import SDK_APP_ID, Emulator
from support import PATIENCE, Program, eventually, unix_only


@pytest.fixture
def cli_of(cli: Cli, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line against the emulator, in an empty directory."""
    cli.env(**environment_of(emulator))
    monkeypatch.chdir(tmp_path)
    return cli


def accounts(emulator: Emulator) -> dict[str, Any]:
    found = emulator.control("state")["apps"][str(SDK_APP_ID)]["accounts"]
    return {user: account for user, account in found.items() if not account["is_admin"]}


def failed_rows(path: str = "failed.csv") -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(count: int, start: int = 0) -> str:
    return "".join(f"user{n:06},Nick {n}\n" for n in range(start, start + count))


def test_a_csv_file(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", f"user_id,nick\n{rows(250)}")
    ran = cli_of("import", "users.csv")
    assert ran.lines[:2] == ["imported: 250", "failed:   0"]
    assert set(accounts(emulator)) == {f"user{n:06}" for n in range(250)}
    assert accounts(emulator)["user000007"]["nick"] == "Nick 7"
    assert os.listdir() == ["users.csv"]
    assert emulator.requests() == 3


def test_json_lines_gzip_and_standard_input(cli_of: Cli, emulator: Emulator) -> None:
    write("users.jsonl.gz", gzip.compress(b'{"userId": "alice", "nick": "A"}\n{"user_id": "bob"}\n'))
    cli_of("import", "users.jsonl.gz")
    cli_of("import", "-", stdin="user_id\ncarol\n")
    assert set(accounts(emulator)) == {"alice", "bob", "carol"}
    assert os.listdir() == ["users.jsonl.gz"]


def test_rows_in_flight_are_not_looked_through_as_garbage(cli_of: Cli) -> None:
    write("users.csv", f"user_id,nick\n{rows(10_000)}")
    threshold, phases = gc.get_threshold(), []

    def on_collection(phase: str, facts: dict[str, Any]) -> None:
        phases.append(phase)

    gc.callbacks.append(on_collection)
    try:
        cli_of("import", "users.csv", "--rate", "off")
    finally:
        gc.callbacks.remove(on_collection)
    # Python's own threshold makes 30 of them.
    assert phases.count("stop") < 10
    assert gc.get_threshold() == threshold


def test_counts_as_json(cli_of: Cli) -> None:
    write("users.csv", "user_id,nick\na,A\nb,B\nb,B\nc\n" + "x" * 33 + ",\n")
    counts = cli_of("import", "users.csv", "--json", expected=1).json
    del counts["seconds"]
    assert counts == {
        "done": 2,
        "failed": 0,
        "refused": 1,
        "unknown": 0,
        "unreadable": 1,
        "failed_before": 0,
        "duplicates": 1,
        "skipped": 0,
        "resent": 0,
        "interrupted": False,
        "checkpoint": None,
        "blanks": 0,
        "blank_lines": 0,
    }


def test_every_failed_row_has_its_line_and_reason_and_can_be_given_again(cli_of: Cli, emulator: Emulator) -> None:
    emulator.control("config", {"failing": {"bad": 70500}})
    long = "x" * 33
    write("users.csv", f'user_id,nick\ngood,G\nbad,"B, b"\n{long},L\nragged\n,nobody\n')
    ran = cli_of("import", "users.csv", "--failed", "failed.csv", "--max-retries", "0", expected=1)
    assert "failed:     4 (see failed.csv)" in ran.lines
    assert "line 3: bad: " in ran.err
    failed = failed_rows()
    by_line = {row["failed_line"]: row for row in failed}
    assert sorted(by_line) == ["3", "4", "5", "6"]
    assert (by_line["3"]["user_id"], by_line["3"]["nick"]) == ("bad", "B, b")
    assert "70500" in by_line["3"]["failed_reason"]
    assert "33 bytes" in by_line["4"]["failed_reason"]
    assert "cells" in by_line["5"]["failed_reason"]
    assert "empty" in by_line["6"]["failed_reason"]
    assert all("cure: " in row["failed_reason"] for row in failed)
    # Mended and given again, though it has columns of its own.
    emulator.control("config", {"failing": {}})
    text = (
        Path("failed.csv")
        .read_text()
        .replace(long, "fixed")
        .replace("ragged,", "whole,")
        .replace(",nobody", "n,nobody")
    )
    write("again.csv", text)
    cli_of("import", "again.csv")
    assert set(accounts(emulator)) == {"good", "bad", "fixed", "whole", "n"}


def test_failed_rows_of_json_lines(cli_of: Cli) -> None:
    write("users.jsonl", '{"user_id": 42, "nick": "N"}\n{broken\n{"user_id": "a"}\n')
    cli_of("import", "users.jsonl", "--failed", "failed.jsonl", expected=1)
    first, second = [json.loads(line) for line in Path("failed.jsonl").read_text().splitlines()]
    assert (first["user_id"], first["nick"], first["failed_line"]) == (42, "N", 1)
    assert 'write it as text: "42"' in first["failed_reason"]
    assert (second["failed_text"], second["failed_line"]) == ("{broken\n", 2)
    first["user_id"] = "42"
    write("again.jsonl", json.dumps(first))
    cli_of("import", "again.jsonl")


def test_a_dry_run_checks_everything_and_sends_nothing(cli: Cli, emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    wrong = {5: "x" * 33 + ",N", 150: "a,b,c", 151: f"long,{'N' * 501}"}
    lines = [wrong.get(n, f"user{n},N") for n in range(300)]
    path.write_text("user_id,nick\n" + "\n".join([*lines, "user1,N"]))
    failed = tmp_path / "failed.csv"
    ran = cli("import", str(path), "--dry-run", "--failed", str(failed), expected=1)
    assert ran.lines == ["sound:      297", f"failed:     3 (see {failed})", "duplicates: 1 (would be imported once)"]
    found = {row["failed_line"]: row["failed_reason"] for row in failed_rows(str(failed))}
    assert set(found) == {"7", "152", "153"}
    assert found["7"].startswith("user_id: ")
    assert found["153"].startswith("nick: ")
    assert emulator.requests() == 0
    assert cli("import", str(path), "--dry-run", "--json", expected=1).json == {
        "sound": 297,
        "failed": 3,
        "duplicates": 1,
        "interrupted": False,
        "blanks": 0,
        "blank_lines": 0,
    }


def test_a_wrong_key_ends_the_import_at_once(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", f"user_id,nick\n{rows(5_000)}")
    cli_of.env(TENCENT_IM_SECRET_KEY="0" * 64)
    ran = cli_of("import", "users.csv", expected=1)
    assert "70009" in ran.err
    assert emulator.requests() < 40
    assert accounts(emulator) == {}
    assert "--resume" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import"], "FILE"),
        (["import", "nowhere.csv"], "cannot be read"),
        (["import", "empty.csv"], "is empty"),
        (["import", "users.csv", "--resume"], "no interrupted import"),
        (["import", "-", "--resume"], "--checkpoint"),
        (["import", "users.csv", "--rate", "0"], "accounts a second"),
        (["import", "users.csv", "--rate", "fast"], "accounts a second"),
        (["import", "users.csv", "--in-flight", "0"], "--in-flight"),
        (["import", "users.csv", "--format", "xml"], "xml"),
        (["import", "users.csv", "--delimiter", ";;"], "one character"),
        (["import", "users.csv", "--failed", "users.csv"], "the input itself"),
        (["import", "users.csv", "--failed", "/nowhere/x"], "cannot be written"),
        (["import", "users.csv", "--checkpoint", "/nowhere/x"], "/nowhere/x"),
        (["import", "users.csv", "--checkpoint", "users.csv", "--resume"], "the input itself"),
        (["import", "users.csv", "--checkpoint", "users.csv"], "the input itself"),
        (["import", "users.csv", "--checkpoint", "empty.csv"], "else name another file"),
        (["import", "users.csv", "--checkpoint", "other.csv", "--resume"], "is not a checkpoint"),
    ],
)
def test_wrong_arguments_are_an_exit_code_of_2(
    cli_of: Cli, emulator: Emulator, arguments: list[str], words: str
) -> None:
    write("users.csv", "user_id\na\n")
    write("empty.csv", "")
    write("other.csv", "user_id\nb\n")
    assert words in cli_of(*arguments, expected=2).err
    assert emulator.requests() == 0
    assert Path("users.csv").read_text() == "user_id\na\n"


def test_a_header_alone_imports_nothing(cli_of: Cli) -> None:
    write("users.csv", "user_id\n")
    assert cli_of("import", "users.csv").lines[0] == "imported: 0"


def test_the_rate_is_kept(cli_of: Cli, emulator: Emulator) -> None:
    """2,000 accounts a second are 20 calls a second; a bucket of some calls is full at the start."""
    write("users.csv", f"user_id,nick\n{rows(3_000)}")
    started = time.monotonic()
    cli_of("import", "users.csv", "--rate", "2000")
    # The rate counts calls, not accounts.
    assert 0.9 < time.monotonic() - started < 60
    cli_of("import", "users.csv", "--rate", "off")


def test_notes_are_told(cli_of: Cli) -> None:
    write("users.csv", "user_id, nick\n\na, A\n")
    ran = cli_of("import", "users.csv")
    assert "2 rows had blanks around cells" in ran.err
    assert "1 blank line was skipped" in ran.err


def test_a_file_that_breaks_off_is_a_failure_although_its_rows_are_in(cli_of: Cli, emulator: Emulator) -> None:
    import random

    draw = random.Random(2)
    content = "user_id\n" + "".join(f"user{draw.getrandbits(50)}\n" for _ in range(60_000))
    packed = gzip.compress(content.encode())
    write("users.csv.gz", packed[: len(packed) // 8])
    ran = cli_of("import", "users.csv.gz", "--rate", "off", expected=1)
    assert "compressed data" in ran.err
    assert len(accounts(emulator)) == int(ran.lines[0].split()[1].replace(",", ""))
    assert Path("users.csv.gz.checkpoint").exists()


# --- interruptions ---

RUN = 'import runpy; runpy.run_module("tencent_im.cli", run_name="__main__")'
#: Says on standard output when it has taken a signal.
TELLING = f"""
import signal
set_handler = signal.signal
def signal_(number, handler):
    def telling(*facts):
        handler(*facts)
        print("taken", flush=True)
    return set_handler(number, telling if callable(handler) else handler)
signal.signal = signal_
{RUN}
"""


def start(emulator: Emulator, *arguments: str, source: str = RUN) -> Program:
    """Starts an import of ten batches a second, so that some thousand rows are far from done when it is interrupted."""
    return Program(
        [sys.executable, "-c", source, "import", "users.csv", "--rate", "1000", *arguments],
        env=os.environ | environment_of(emulator),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_requests(emulator: Emulator, process: Program, count: int) -> None:
    eventually(lambda: emulator.requests() >= count or process.poll() is not None)


def resumed(emulator: Emulator, *arguments: str) -> dict[str, Any]:
    ran = program(
        "import", "users.csv", "--resume", "--rate", "off", "--json", *arguments, environment=environment_of(emulator)
    )
    result: dict[str, Any] = ran.json
    return result


@unix_only
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_an_interrupted_import_is_continued_without_a_gap(cli_of: Cli, emulator: Emulator, number: str) -> None:
    total = 6_000
    write("users.csv", f"user_id,nick\n{rows(total)}")
    with start(emulator) as process:
        wait_for_requests(emulator, process, 15)
        process.send_signal(getattr(signal, number))
        out, err = process.communicate(timeout=PATIENCE)
    before = len(accounts(emulator))
    assert 0 < before < total
    if number == "SIGKILL":
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 130, err
        assert "interrupted: yes" in out
        assert "--resume" in err
        assert "Traceback" not in err
    # Beginning anew by mistake is refused.
    assert "--resume" in cli_of("import", "users.csv", expected=2).err
    counts = resumed(emulator)
    assert counts["done"] == total
    assert counts["skipped"] > 0
    assert len(accounts(emulator)) == total
    if number != "SIGKILL":
        assert (counts["resent"], counts["skipped"]) == (0, before)
    assert os.listdir() == ["users.csv"]


@unix_only
def test_ctrl_c_twice_ends_at_once(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", f"user_id,nick\n{rows(3_000)}")
    emulator.faults({"kind": "delay", "delay_ms": 600_000, "skip": 5})
    # Without the second signal its calls would go on for minutes.
    with start(emulator, "--timeout", "3600", "--max-retries", "20", source=TELLING) as process:
        wait_for_requests(emulator, process, 8)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "--resume" in err
    emulator.faults()
    assert resumed(emulator)["done"] == 3_000


@unix_only
def test_failed_rows_of_both_parts_are_in_the_file_once(cli_of: Cli, emulator: Emulator) -> None:
    lines = rows(6_000).splitlines()
    lines[3], lines[5_900] = "ragged", "x" * 33 + ","
    write("users.csv", "user_id,nick\n" + "\n".join(lines))
    with start(emulator, "--failed", "failed.csv") as process:
        wait_for_requests(emulator, process, 15)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    ran = cli_of("import", "users.csv", "--resume", "--rate", "off", "--failed", "failed.csv", "--json", expected=1)
    assert (ran.json["done"], ran.json["refused"], ran.json["unreadable"]) == (5_998, 1, 1)
    found = failed_rows()
    assert [row["failed_line"] for row in found] == ["5", "5902"]


@unix_only
def test_a_checkpoint_of_something_else_is_refused(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", f"user_id,nick\n{rows(6_000)}")
    with start(emulator) as process:
        wait_for_requests(emulator, process, 15)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    before = emulator.requests()
    ran = cli_of("import", "users.csv", "--resume", "--app", "1400000002", expected=2)
    assert "app" in ran.err
    ran = cli_of("import", "users.csv", "--resume", "--map", "face_url=nick", expected=2)
    assert "error: " in ran.err
    write("users.csv", f"user_id,nick\n{rows(6_000, start=1)}")
    ran = cli_of("import", "users.csv", "--resume", expected=2)
    assert "not those" in ran.err
    assert "continue with the same file" in ran.err
    assert ran.out == ""
    write("users.csv", f"user_id,nick\n{rows(10)}")
    ran = cli_of("import", "users.csv", "--resume", expected=2)
    assert "there are fewer items" in ran.err
    assert ran.out == ""
    assert emulator.requests() == before


@unix_only
@pytest.mark.parametrize("name", ["users.csv", "users.jsonl"])
def test_a_full_disk_is_a_plain_error(cli_of: Cli, name: str) -> None:
    """A CSV file begins with its header, a JSON Lines file with its first row."""
    write("users.csv", "user_id,nick\na\n")
    write("users.jsonl", '{"user_id": 1}\n')
    ran = cli_of("import", name, "--failed", "/dev/full", expected=1 if name == "users.jsonl" else 2)
    assert "No space left" in ran.err
    assert "Traceback" not in ran.err


@unix_only
def test_a_named_pipe_is_read_without_a_checkpoint_of_its_own(cli_of: Cli, emulator: Emulator) -> None:
    import threading

    os.mkfifo("users.csv")
    text = f"user_id,nick\n{rows(250)}"
    threading.Thread(target=lambda: Path("users.csv").write_text(text), daemon=True).start()
    cli_of("import", "users.csv")
    assert len(accounts(emulator)) == 250
    assert os.listdir() == ["users.csv"]
    assert "--checkpoint" in cli_of("import", "users.csv", "--resume", expected=2).err


@unix_only
def test_a_closed_pipe_does_not_stop_the_import(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", f"user_id,nick\n{rows(500)}")
    process = start(emulator)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    process.wait(PATIENCE)
    assert len(accounts(emulator)) == 500
