"""Reading files of users: formats, compression, and everything that can be wrong with a file."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tencent_im.cli.columns import Columns, read_map
from tencent_im.cli.failures import Failure
from tencent_im.cli.rows import BadRow, Row, Rows
from tencent_im.cli.source import MAX_LINE, Source

FIELDS = ["user_id", "nick", "face_url"]


class Reading:
    """A file that was read to its end."""

    def __init__(
        self, path: Path | str, *, mapped: list[str] | None = None, ignore: bool = False, **options: Any
    ) -> None:
        self.source = Source(str(path))
        columns = Columns(FIELDS, read_map(mapped or [], FIELDS), ignore_unknown=ignore)
        self.rows = Rows(self.source, columns, **options)
        self.all: list[Row | BadRow] = list(self.rows)
        self.notes = self.rows.notes
        self.position = self.source.position
        self.source.close()

    @property
    def good(self) -> list[tuple[int, dict[str, Any]]]:
        return [(row.line, row.values) for row in self.all if isinstance(row, Row)]

    @property
    def bad(self) -> list[tuple[int, str]]:
        return [(row.line, row.reason) for row in self.all if isinstance(row, BadRow)]

    @property
    def users(self) -> list[Any]:
        return [values["user_id"] for _, values in self.good]


def read(tmp_path: Path, content: str | bytes, name: str = "users.csv", **options: Any) -> Reading:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Reading(path, **options)


def refusal(tmp_path: Path, content: str | bytes, name: str = "users.csv", **options: Any) -> Failure:
    with pytest.raises(Failure) as caught:
        read(tmp_path, content, name, **options)
    assert caught.value.cure
    return caught.value


# --- formats ---


def test_csv(tmp_path: Path) -> None:
    reading = read(tmp_path, "user_id,nick,face_url\nalice,Alice,http://x\nbob,,\n")
    assert reading.good == [(2, {"user_id": "alice", "nick": "Alice", "face_url": "http://x"}), (3, {"user_id": "bob"})]
    assert reading.bad == []


@pytest.mark.parametrize("header", ["user_id", "userId", "UserID", "USER_ID", " user id ", "user-id", "Identifier"])
def test_spellings_of_a_column(tmp_path: Path, header: str) -> None:
    assert read(tmp_path, f"{header},Nick\nalice,A\n").good == [(2, {"user_id": "alice", "nick": "A"})]


def test_json_lines(tmp_path: Path) -> None:
    text = '{"userId": "alice", "nick": "A"}\n\n{"UserID": "bob", "nick": null}\n"carol"\n'
    reading = read(tmp_path, text, "users.jsonl")
    assert reading.good == [
        (1, {"user_id": "alice", "nick": "A"}),
        (3, {"user_id": "bob"}),
        (4, {"user_id": "carol"}),
    ]
    assert reading.notes.blank_lines == 1


def test_a_user_a_line(tmp_path: Path) -> None:
    assert read(tmp_path, "alice\n bob \n\ncarol", "users.txt").users == ["alice", "bob", "carol"]


def test_a_column_of_another_name(tmp_path: Path) -> None:
    reading = read(tmp_path, "uid,name\nalice,A\n", mapped=["userId=uid", "nick=name"])
    assert reading.good == [(2, {"user_id": "alice", "nick": "A"})]
    # What is mapped is not found under its own name as well.
    assert read(tmp_path, "uid,user_id\na,b\n", mapped=["user_id=uid"], ignore=True).users == ["a"]
    assert read(tmp_path, '{"uid": "a"}\n', "u.jsonl", mapped=["user_id=uid"]).users == ["a"]


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zstd"])
def test_compressed_files(tmp_path: Path, suffix: str) -> None:
    content = b"user_id\n" + b"".join(b"user%d\n" % n for n in range(50_000))
    # Two members, as `cat` of two files makes them.
    half = len(content) // 2
    pack = gzip.compress if suffix == ".gz" else zstandard.ZstdCompressor().compress
    packed = pack(content[:half]) + pack(content[half:])
    reading = read(tmp_path, packed, f"users.csv{suffix}")
    assert len(reading.users) == 50_000
    assert reading.rows.form == "csv"
    assert reading.source.fault is None
    assert reading.position == reading.source.size == len(packed)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def given(content: bytes) -> Reading:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return Reading("-")

    assert given(b"user_id\nalice\n").users == ["alice"]
    assert given(b'\n{"user_id": "alice"}\n').users == ["alice"]


def test_other_delimiters(tmp_path: Path) -> None:
    assert read(tmp_path, "user_id;nick\na;b\n", delimiter=";").good == [(2, {"user_id": "a", "nick": "b"})]
    assert read(tmp_path, "user_id\tnick\na\tb\n", "u.tsv").good == [(2, {"user_id": "a", "nick": "b"})]
    assert "--delimiter ';'" in (refusal(tmp_path, "user_id;nick\na;b\n").cure or "")


# --- what is kept as it is, or put right and told ---


def test_leading_zeros_are_kept(tmp_path: Path) -> None:
    assert read(tmp_path, "user_id\n007\n0\n").users == ["007", "0"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark(tmp_path: Path, end: str) -> None:
    content = f"\ufeffuser_id,nick{end}alice,A{end}bob,B"
    assert read(tmp_path, content).good == [
        (2, {"user_id": "alice", "nick": "A"}),
        (3, {"user_id": "bob", "nick": "B"}),
    ]
    assert read(tmp_path, '\ufeff{"user_id": "alice"}' + end, "u.jsonl").users == ["alice"]


def test_quotes_and_newlines_within_cells(tmp_path: Path) -> None:
    text = 'user_id,nick\nalice,"a ""b"", c\nd"\nbob,"x\r\ny"\ncarol,C\n'
    assert read(tmp_path, text).good == [
        (2, {"user_id": "alice", "nick": 'a "b", c\nd'}),
        (4, {"user_id": "bob", "nick": "x\r\ny"}),
        (6, {"user_id": "carol", "nick": "C"}),
    ]


def test_characters_that_others_take_for_line_ends(tmp_path: Path) -> None:
    text = "user_id,nick\na,x\u2028y\x0bz\x1c\x85\nb,\n"
    assert read(tmp_path, text).good[0] == (2, {"user_id": "a", "nick": "x\u2028y\x0bz\x1c\x85"})


def test_blanks_around_cells_are_removed_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, 'user_id, nick\nalice , A\nbob ,"b, c"\ncarol, "c, d"\n')
    assert [values for _, values in reading.good] == [
        {"user_id": "alice", "nick": "A"},
        {"user_id": "bob", "nick": "b, c"},
        {"user_id": "carol", "nick": "c, d"},
    ]
    # The header and every row; each once.
    assert reading.notes.blanks == 4
    assert read(tmp_path, 'user_id,nick\nbob,"b, c"\n').notes.blanks == 0


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, "\nuser_id\n\nalice\n\n")
    assert reading.good == [(4, {"user_id": "alice"})]
    assert reading.notes.blank_lines == 3


# --- headers ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("nick\nA\n", "no column user_id; its columns are nick"),
        ("user_id,user_id\na,b\n", "the column user_id twice"),
        ("user_id,UserID\na,b\n", "user_id and UserID are both user_id"),
        ("user_id,nik\na,b\n", "unknown columns: nik, did you mean nick?"),
        ("user_id,email,phone\na,b,c\n", "unknown columns: email, phone"),
        ("user_id,\na,b\n", "column 2 of the header has no name"),
        ('user_id,"nick\na,b\n', "unexpected end"),
        (b"\xff\xfeu\x00", "UTF-16"),
        (b"user_id,\xc3\xfb\xd7\xd6\n", "not UTF-8"),
    ],
)
def test_a_wrong_header_is_refused_before_anything_else(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refusal(tmp_path, content).message


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "user_id,nick\n").all == []


def test_unknown_columns_may_be_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "user_id,email\na,b\n", ignore=True).good == [(2, {"user_id": "a"})]
    assert read(tmp_path, '{"user_id": "a", "email": 1}', "u.jsonl", ignore=True).users == ["a"]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["user_id"], "no column is named"),
        (["user_id="], "no column is named"),
        (["nik=x"], "did you mean nick?"),
        (["nick=x", "nick=y"], "mapped twice"),
        (["nick=x", "user_id=x"], "mapped twice"),
        (["nick=x"], "no column x, which --map names"),
    ],
)
def test_wrong_maps(tmp_path: Path, texts: list[str], words: str) -> None:
    assert words in refusal(tmp_path, "user_id,nick\na,b\n", mapped=texts).message


# --- rows ---


def test_ragged_rows(tmp_path: Path) -> None:
    reading = read(tmp_path, "user_id,nick\na\nb,B\nc,C,x\n")
    assert reading.users == ["b"]
    assert reading.bad == [(2, "the row has 1 cell, the header 2"), (4, "the row has 3 cells, the header 2")]


def test_a_row_without_a_user(tmp_path: Path) -> None:
    assert read(tmp_path, "user_id,nick\n,A\n  ,B\n").bad == [(2, "user_id is empty"), (3, "user_id is empty")]


@pytest.mark.parametrize("form", ["csv", "jsonl", "lines"])
def test_a_line_of_another_encoding(tmp_path: Path, form: str) -> None:
    good, broken = {
        "csv": ("a,A", "b,\u5f20\u4e09"),
        "jsonl": ('{"user_id": "a", "nick": "A"}', '{"user_id": "b", "nick": "\u5f20\u4e09"}'),
        "lines": ("a", "\u5f20\u4e09"),
    }[form]
    head = ["user_id,nick"] if form == "csv" else []
    content = "\n".join([*head, good, broken, good, ""]).encode("gbk")
    reading = read(tmp_path, content, form=form)
    assert reading.users == ["a", "a"]
    ((line, reason),) = reading.bad
    assert line == len(head) + 2
    assert "is not UTF-8" in reason
    (bad,) = [row for row in reading.all if isinstance(row, BadRow)]
    assert bad.cure == "if the file is GBK: --encoding gb18030"
    assert len(read(tmp_path, content, form=form, encoding="gb18030").users) == 3


def test_broken_bytes_within_a_row_of_several_lines(tmp_path: Path) -> None:
    reading = read(tmp_path, b'user_id,nick\na,"x\n\xff\ny"\nb,B\n')
    assert reading.users == ["b"]
    assert [line for line, _ in reading.bad] == [3]


def test_an_unknown_encoding(tmp_path: Path) -> None:
    assert "unknown" in refusal(tmp_path, "user_id\n", encoding="utf-9").message


def test_a_quotation_mark_that_is_not_closed(tmp_path: Path) -> None:
    reading = read(tmp_path, 'user_id,nick\na,A\nb,"B\nc,C\nd,D\n')
    assert reading.users == ["a"]
    assert reading.bad == [(3, "a quotation mark is opened and not closed; lines 3 to 5 were not read")]
    # Its end is given up after 128 kB.
    rows = "".join(f"user{n},N\n" for n in range(20_000))
    reading = read(tmp_path, f'user_id,nick\na,A\nb,"B\n{rows}')
    ((line, reason),) = reading.bad
    assert (line, reason.startswith("a quotation mark is opened and not closed; lines 3 to ")) == (3, True)
    last = int(reason.split(" to ")[1].split(" ")[0].replace(",", ""))
    # Every row is either read or among those that are named.
    assert len(reading.users) == 1 + (20_003 - last)


def test_a_quotation_mark_within_quoted_text(tmp_path: Path) -> None:
    reading = read(tmp_path, 'user_id,nick\na,"A"B\nb,B\n')
    assert reading.users == ["b"]
    assert reading.bad[0][0] == 2
    assert reading.bad[0][1].startswith("not CSV: ")


@pytest.mark.parametrize("size", [MAX_LINE, 5 * MAX_LINE])
def test_a_long_line_is_skipped(tmp_path: Path, size: int) -> None:
    long = b"x" * size
    reading = read(tmp_path, b"user_id,nick\na,A\nb," + long + b"\nc,C\n")
    assert reading.users == ["a", "c"]
    assert reading.bad == [(3, f"the line is longer than {MAX_LINE:,} bytes")]
    assert reading.position == reading.source.size
    reading = read(tmp_path, b'"a"\n{"user_id": "' + long + b'"}\n"c"', "u.jsonl")
    assert reading.users == ["a", "c"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"user_id": 42}', "user_id is a number"),
        ('{"user_id": true}', "user_id is not text"),
        ('{"user_id": ["a"]}', "user_id is not text"),
        ('{"user_id": ""}', "user_id is missing"),
        ('{"user_id": null}', "user_id is missing"),
        ('{"nick": "A"}', "user_id is missing"),
        ('{"user_id": "a", "userId": "b"}', "user_id is given twice"),
        ('{"user_id": "a", "nik": "b"}', "nik: unknown field, did you mean nick?"),
        ("{user_id: 1}", "not JSON: "),
        ('{"user_id": "a", "nick": NaN}', "NaN is not a JSON value"),
        ("[1]", "the line is not a JSON object"),
        ("42", "the line is not a JSON object"),
        ("[" * 100_000, "not JSON: "),
    ],
)
def test_wrong_json(tmp_path: Path, line: str, reason: str) -> None:
    reading = read(tmp_path, f'"first"\n{line}\n"last"\n', "u.jsonl")
    assert reading.users == ["first", "last"]
    ((number, said),) = reading.bad
    assert number == 2
    assert reason in said
    (bad,) = [row for row in reading.all if isinstance(row, BadRow)]
    assert bad.cure


def test_the_cure_of_a_number_is_the_number_as_text(tmp_path: Path) -> None:
    (bad,) = read(tmp_path, '{"user_id": 42}', "u.jsonl").all
    assert isinstance(bad, BadRow)
    assert bad.cure == 'write it as text: "42"'


def test_a_json_list_is_told_how_to_become_lines(tmp_path: Path) -> None:
    (bad,) = read(tmp_path, '[{"user_id": "a"}]', "u.json").all
    assert isinstance(bad, BadRow)
    assert "jq -c" in (bad.cure or "")


# --- files ---


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot be read"):
        Source(str(tmp_path / "nowhere.csv"))
    with pytest.raises(Failure, match="cannot be read"):
        Source(str(tmp_path))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("harm", ["cut", "broken"])
def test_broken_compression_keeps_what_came_before(tmp_path: Path, suffix: str, harm: str) -> None:
    import random

    draw = random.Random(1)
    content = b"user_id\n" + b"".join(b"user%d\n" % draw.getrandbits(60) for _ in range(100_000))
    packed = (
        gzip.compress(content) if suffix == ".gz" else zstandard.ZstdCompressor(write_checksum=True).compress(content)
    )
    middle = len(packed) // 2
    harmed = packed[:middle] if harm == "cut" else packed[:middle] + b"\x00" * 64 + packed[middle + 64 :]
    reading = read(tmp_path, harmed, f"u.csv{suffix}")
    fault = reading.source.fault
    assert fault is not None
    assert fault.exit_code == 1
    assert "compressed data" in fault.message
    assert len(reading.users) < 100_000


def test_what_is_not_compressed_at_all(tmp_path: Path) -> None:
    assert "compressed data" in refusal(tmp_path, "user_id\n", "u.csv.gz").message
    assert "compressed data" in refusal(tmp_path, "user_id\n", "u.csv.zst").message


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id\n" + "".join(f"user{n:08}\n" for n in range(100_000)))
    source = Source(str(path))
    rows = iter(Rows(source, Columns(FIELDS, {}, ignore_unknown=False)))
    next(rows)
    with path.open("r+b") as file:
        file.truncate(600_000)
    read_rows = 1 + sum(1 for _ in rows)
    source.close()
    assert 0 < read_rows < 100_000
    assert source.fault is not None
    assert "has become shorter" in source.fault.message
