"""Files as they are in the world, through the whole of ``import``: what goes in, what is told, and how it ends."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_support import Cli, environment_of, program
from conftest import Emulator
from support import PATIENCE, unix_only
from test_cli_import import accounts, cli_of, failed_rows, resumed, rows, start, wait_for_requests, write

from tencent_im.cli.files import _LineSet
from tencent_im.cli.source import MAX_LINE

__all__ = ["cli_of"]

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def imported(cli: Cli, content: str | bytes, *arguments: str, name: str = "users.csv", expected: int = 0) -> str:
    """Imports a file, and gives what was said on standard error."""
    write(name, content)
    return cli("import", name, *arguments, expected=expected).err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", ["users.csv is empty"]),
        ("\ufeff", ["users.csv is empty"]),
        ("nick\nA\n", ["no column user_id; its columns are nick", "--map user_id=COLUMN"]),
        ("user_id,nick,nick\na,b,c\n", ["the column nick twice", "remove or rename"]),
        ("user_id,userId\na,b\n", ["user_id and userId are both user_id", "--map user_id=COLUMN"]),
        ("user_id;nick\na;b\n", ["only one column", "--delimiter ';'"]),
        ("user_id,nik\na,b\n", ["unknown columns: nik, did you mean nick?", "--ignore-unknown"]),
        ("user_id,nick\na,b\n".encode("utf-16"), ["users.csv is UTF-16", "iconv -f utf-16 -t utf-8 users.csv"]),
        ("user_id,nick\na,b\n".encode("utf-16-le"), ["is UTF-16, or not text at all", "iconv -f utf-16le"]),
        ("user_id,nick\na,b\n".encode("utf-16-be"), ["is UTF-16, or not text at all", "iconv -f utf-16be"]),
        (b"user_id,\xd0\xd5\xc3\xfb\n", ["line 1", "not UTF-8", "--encoding gb18030"]),
        ('user_id,"nick\na,b\n', ["line 1", "the first line names the columns"]),
        (b"x" * (MAX_LINE + 1), ["line 1", "longer than 1,048,576 bytes", "line break is missing"]),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_told_before_anything_is_sent(
    cli_of: Cli, emulator: Emulator, content: str | bytes, says: list[str]
) -> None:
    told = imported(cli_of, content, expected=2)
    for words in ["cure: ", *says]:
        assert words in told
    assert emulator.requests() == 0
    assert os.listdir() == ["users.csv"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "undefined", "base64", "utf-9"])
def test_encodings_whose_lines_cannot_be_read(cli_of: Cli, encoding: str) -> None:
    told = imported(cli_of, "user_id\na\n", "--encoding", encoding, expected=2)
    assert f"--encoding {encoding}: " in told
    assert "cure: " in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_line_ends_of_windows_quotes_and_newlines(
    cli_of: Cli, emulator: Emulator, encoding: str
) -> None:
    text = '\ufeffuser_id,nick\r\n007,"a ""b"", c\r\nd"\r\nbob,B\r\n'
    imported(cli_of, text, "--encoding", encoding)
    assert {user: account["nick"] for user, account in accounts(emulator).items()} == {
        "007": 'a "b", c\r\nd',
        "bob": "B",
    }


def test_a_file_of_chinese_windows(cli_of: Cli, emulator: Emulator) -> None:
    content = "user_id,nick\na,A\nb,\u5f20\u4e09\nc,C\n".encode("gbk")
    told = imported(cli_of, content, "--failed", "failed.csv", expected=1)
    assert "line 3: byte 3 of the line is not UTF-8; cure: if the file is GBK: --encoding gb18030" in told
    assert set(accounts(emulator)) == {"a", "c"}
    assert [row["failed_line"] for row in failed_rows()] == ["3"]
    imported(cli_of, content, "--encoding", "gb18030")
    assert accounts(emulator)["b"]["nick"] == "\u5f20\u4e09"


def test_every_row_that_is_wrong_is_named_with_its_line_and_cure(cli_of: Cli, emulator: Emulator) -> None:
    lines = ["a,A", "b", "c,C,x", ",nobody", "x" * 33 + ",X", 'd,"D"D', f"e,{'E' * 501}", f"f,{'F' * 200_000}", "g,G"]
    told = imported(cli_of, "user_id,nick\n" + "\n".join(lines) + "\n", "--failed", "failed.csv", expected=1)
    assert set(accounts(emulator)) == {"a", "g"}
    reasons = {row["failed_line"]: row["failed_reason"] for row in failed_rows()}
    assert sorted(reasons) == ["3", "4", "5", "6", "7", "8", "9"]
    for line, words in {
        "3": "1 cell, the header 2",
        "4": "3 cells, the header 2",
        "5": "user_id is empty",
        "6": "33 bytes",
        "7": "a quotation mark within quoted text",
        "8": "nick: ",
        "9": "a cell is longer than 131,072 characters",
    }.items():
        assert words in reasons[line], reasons[line]
        assert "cure: " in reasons[line]
        assert f"line {line}: " in told


def test_a_header_alone_is_told(cli_of: Cli) -> None:
    assert "users.csv has a header and no rows" in imported(cli_of, "user_id,nick\n")


@pytest.mark.parametrize(
    ("name", "failed", "delimiter", "options"),
    [
        ("users.csv", "failed.csv", ";", ["--delimiter", ";"]),
        ("users.tsv", "failed.tsv", "\t", []),
        ("users.tsv", "failed.csv", "\t", []),
        ("users", "failed", "|", ["--delimiter", "|", "--encoding", "gb18030"]),
    ],
)
def test_failed_rows_are_given_again_with_the_same_options(
    cli_of: Cli, emulator: Emulator, name: str, failed: str, delimiter: str, options: list[str]
) -> None:
    lines = ["uid;nick", "a;\u5f20\u4e09", ";\u674e\u56db"]
    encoding = "gb18030" if "gb18030" in options else "utf-8"
    write(name, "\n".join(lines).replace(";", delimiter).encode(encoding))
    options = [*options, "--map", "user_id=uid"]
    cli_of("import", name, "--failed", failed, *options, expected=1)
    given = Path(failed).read_text(encoding=encoding).splitlines()
    own = "," if failed == "failed.csv" and "--delimiter" not in options else delimiter
    write(f"again-{failed}", "\n".join([given[0], given[1].replace(own, f"b{own}", 1)]).encode(encoding))
    cli_of("import", f"again-{failed}", *options)
    assert {user: account["nick"] for user, account in accounts(emulator).items()} == {
        "a": "\u5f20\u4e09",
        "b": "\u674e\u56db",
    }


@pytest.mark.parametrize(
    ("name", "content", "failed", "cure"),
    [
        ("users.jsonl", '{"user_id": 1}\n', "failed.csv", "name the file failed.jsonl"),
        ("users.csv", "user_id\n,\n", "failed.jsonl", "name the file failed.csv"),
        ("users.txt", "a\n", "failed.txt", "name the file failed.jsonl"),
    ],
)
def test_a_name_for_failed_rows_that_would_not_be_read_again(
    cli_of: Cli, name: str, content: str, failed: str, cure: str
) -> None:
    told = imported(cli_of, content, "--failed", failed, name=name, expected=2)
    assert cure in told
    assert os.listdir() == [name]


def test_numbers_as_names_in_json_are_refused_with_the_row_and_the_cure(cli_of: Cli, emulator: Emulator) -> None:
    told = imported(cli_of, '{"user_id": "007"}\n{"user_id": 42}\n', name="users.jsonl", expected=1)
    assert 'line 2: user_id is a number; cure: write it as text: "42"' in told
    assert set(accounts(emulator)) == {"007"}


def test_what_is_put_right_is_told_as_json_too(cli_of: Cli, emulator: Emulator) -> None:
    write("users.csv", "user_id, nick\na, A\n\nb ,B\na,A\n")
    counts = cli_of("import", "users.csv", "--json").json
    assert (counts["done"], counts["duplicates"], counts["blanks"], counts["blank_lines"]) == (2, 1, 3, 1)
    assert accounts(emulator)["a"]["nick"] == "A"
    ran = cli_of("import", "users.csv")
    assert "duplicates: 1 (imported once)" in ran.lines
    assert "line 5: a: came before, and is not sent again" in ran.err
    assert "3 rows had blanks around cells, which were removed" in ran.err


MEASURED = """
import sys
from tencent_im.cli.app import run

exit_code = run(sys.argv[1:])
# Not of getrusage, which knows the process that started this one as well.
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
sys.exit(exit_code)
"""


def measured(emulator: Emulator, path: Path, *arguments: str, expected: int = 0) -> tuple[dict[str, Any], float]:
    """Imports a file in a process of its own, and gives the counts and the peak of its memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "import", str(path), "--json", *arguments],
        env=os.environ | environment_of(emulator),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    counts, peak = done.stdout.splitlines()
    return json.loads(counts), int(peak) / 1024


@linux_only
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_single_line_of_a_gigabyte_is_skipped_in_bounded_memory(
    emulator: Emulator, tmp_path: Path, suffix: str
) -> None:
    size = 1 << 30
    path = tmp_path / f"users.csv{suffix}"
    if suffix:
        # A member of its own for each part, so that packing it takes no time.
        part = gzip.compress(b"x" * (1 << 24), 1)
        path.write_bytes(gzip.compress(b"user_id\na\n") + part * 64 + gzip.compress(b"\nb\n"))
    else:
        path.write_bytes(b"user_id\na\n")
        with path.open("r+b") as file:
            # A hole: it reads as zeros, and takes no room.
            file.truncate(size)
            file.seek(size)
            file.write(b"\nb\n")
    counts, peak = measured(emulator, path, "--no-checkpoint", expected=1)
    assert counts["unreadable"] == 1
    assert set(accounts(emulator)) == {"a", "b"}
    assert peak < 100, f"{peak} MB"


@unix_only
def test_a_file_that_shrinks_while_it_is_read_is_a_failure_that_can_be_continued(
    cli_of: Cli, emulator: Emulator
) -> None:
    whole = f"user_id,nick\n{rows(20_000)}"
    path = write("users.csv", whole)
    # It gets no further than its first batch before the file is shorter.
    emulator.faults({"kind": "http_status", "status": 429, "headers": {"Retry-After": "1"}})
    with start(emulator, "--rate", "20000", "--in-flight", "1", "--max-retries", "20", "--timeout", "600") as process:
        wait_for_requests(emulator, process, 1)
        os.truncate(path, 300_000)
        emulator.faults()
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, out + err
    assert "has become shorter: 300,000 bytes of " in err
    assert "--resume" in err
    there = len(accounts(emulator))
    assert 0 < there < 20_000
    write("users.csv", whole)
    counts = resumed(emulator)
    assert counts["done"] == 20_000
    assert counts["skipped"] >= there - 1
    assert len(accounts(emulator)) == 20_000


def limit_files() -> None:
    """Any file that grows beyond 1,500 bytes is a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, 1_500))


@unix_only
@pytest.mark.parametrize("which", ["checkpoint", "failed"])
def test_a_full_disk_is_told_and_nothing_is_forgotten(cli_of: Cli, emulator: Emulator, which: str) -> None:
    lines = rows(5_000).splitlines()
    for at in range(0, 5_000, 50):
        lines[at] = "ragged"
    write("users.csv", "user_id,nick\n" + "\n".join(lines) + "\n")
    arguments = ["--failed", "failed.csv"] if which == "failed" else []
    command = [sys.executable, "-m", "tencent_im.cli", "import", "users.csv", "--rate", "off", "--in-flight", "1"]
    done = subprocess.run(
        [*command, *arguments],
        env=os.environ | environment_of(emulator),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limit_files,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert "cure: make room for it" in done.stderr
    assert "Traceback" not in done.stderr
    assert ("failed.csv" if which == "failed" else "users.csv.checkpoint") in done.stderr
    there = len(accounts(emulator))
    assert there < 4_900
    again = program(
        *["import", "users.csv", "--resume", "--rate", "off", "--json", *arguments],
        environment=environment_of(emulator),
        expected=1,
    )
    assert (again.json["done"], again.json["unreadable"]) == (4_900, 100)
    assert len(accounts(emulator)) == 4_900


@unix_only
@pytest.mark.parametrize("path", ["/dev/full", "/dev/zero"])
def test_a_checkpoint_is_a_regular_file(cli_of: Cli, emulator: Emulator, path: str) -> None:
    told = imported(cli_of, "user_id\na\n", "--checkpoint", path, "--resume", expected=2)
    assert f"{path}: it is not a regular file" in told
    assert emulator.requests() == 0


def test_a_dry_run_says_the_same_as_the_import(cli_of: Cli, emulator: Emulator) -> None:
    lines = ["a,A", "b", ",nobody", "x" * 33 + ",X", "a,A", f"e,{'E' * 501}"]
    write("users.csv", "user_id,nick\n" + "\n".join(lines) + "\n")
    checked = cli_of("import", "users.csv", "--dry-run", "--failed", "checked.csv", expected=1)
    assert emulator.requests() == 0
    told = cli_of("import", "users.csv", "--failed", "failed.csv", expected=1)
    assert Path("checked.csv").read_text() == Path("failed.csv").read_text()
    assert checked.err == told.err
    assert checked.lines[:2] == ["sound:      1", "failed:     4 (see checked.csv)"]


@linux_only
def test_the_memory_of_a_dry_run_does_not_grow_with_the_file(emulator: Emulator, tmp_path: Path) -> None:
    peaks = []
    for count in (20_000, 400_000):
        path = tmp_path / f"{count}.csv"
        path.write_text(f"user_id,nick\n{rows(count)}")
        counts, peak = measured(emulator, path, "--dry-run")
        assert counts["sound"] == count
        peaks.append(peak)
    # The tables of names seen are bounded: 4.5 MB. A set of all names would take 20 MB.
    assert peaks[1] - peaks[0] < 8, f"{peaks} MB"


def test_lines_of_a_failed_file_take_a_bit_each() -> None:
    lines = _LineSet()
    assert not lines
    for line in (1, 7, 8, 1_000_000, 10**30):
        lines.add(line)
    assert [line for line in (0, 1, 2, 7, 8, 9, 999_999, 1_000_000, 1_000_001, 10**30) if line in lines] == [
        1,
        7,
        8,
        1_000_000,
    ]
    assert len(lines._bits) == 125_001


def test_what_a_file_holds_cannot_write_to_the_terminal(cli_of: Cli) -> None:
    long = "y" * 100_000
    told = imported(cli_of, f'user_id,nick\n"\x1b[2J\nred",N\n{long},Y\n', expected=1)
    assert "line 2: \\x1b[2J\\nred: user_id: " in told
    assert "y" * 64 + "…: user_id: " in told
    assert "\x1b" not in told
    assert len(told) < 1_000
    told = imported(cli_of, "user_id,\x1b[2J\na,b\n", expected=2)
    assert "unknown columns: \\x1b[2J" in told


def test_a_name_that_is_twice_in_an_object(cli_of: Cli, emulator: Emulator) -> None:
    told = imported(cli_of, '{"user_id": "a", "nick": "A", "nick": "B"}\n', name="users.jsonl", expected=1)
    assert "line 1: not JSON: nick is given twice" in told
    assert accounts(emulator) == {}


def test_a_dry_run_does_not_look_at_the_settings(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id\na\n")
    cli.env(TENCENT_IM_ADMIN="x" * 40, TENCENT_IM_REGION="atlantis", TENCENT_IM_BASE_URL="ftp://x")
    assert cli("import", str(path), "--dry-run").lines[0] == "sound:  1"
