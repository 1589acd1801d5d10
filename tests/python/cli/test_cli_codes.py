"""`codes`."""

from __future__ import annotations

import json

import pytest
from cli_support import Cli
from conftest import ROOT


def test_a_code_is_explained(cli: Cli) -> None:
    ran = cli("codes", "70013")
    assert "code:  70013" in ran.lines
    assert "kind:  Signature" in ran.lines
    assert "cause: The UserSig was signed for another UserID" in ran.lines
    assert any(line.startswith("cure:  Sign for exactly this UserID") for line in ran.lines)


def test_several_codes_and_negative_ones(cli: Cli) -> None:
    found = cli("codes", "70013", "-10113", "--json").json
    assert [row["code"] for row in found] == [70013, -10113]
    assert found[1]["wait_ms"] == 1_000


def test_every_documented_code_is_explained_as_the_vectors_say(cli: Cli) -> None:
    rows = json.loads((ROOT / "tests/vectors/errors/codes.json").read_text(encoding="utf-8"))["vectors"]
    general = {row["code"]: row["kind"] for row in rows if "op" not in row}
    found = cli("codes", *map(str, general), "--json").json
    assert {row["code"]: row["kind"] for row in found if not row["calls"]} == general


def test_words_are_searched(cli: Cli) -> None:
    ran = cli("codes", "--search", "USERSIG expired")
    assert any(line.startswith("70001\tSignature\tThe UserSig has expired") for line in ran.lines)
    found = cli("codes", "--search", "usersig", "--json").json
    assert {70001, 70013} <= {row["code"] for row in found}


@pytest.mark.parametrize(
    ("arguments", "expected", "words"),
    [
        (["codes"], 2, "Give codes, or words by --search"),
        (["codes", "70013", "--search", "x"], 2, "Give codes, or words by --search"),
        (["codes", "usersig"], 2, "--search usersig"),
        (["codes", "--nothing"], 2, "--nothing"),
        (["codes", "9" * 30], 2, "too large"),
        (["codes", "1"], 1, "not documented: 1"),
        (["codes", "--search", "no such words"], 1, "no code has all the words"),
        (["codes", "--search", " "], 2, "needs words"),
    ],
)
def test_what_is_not_found(cli: Cli, arguments: list[str], expected: int, words: str) -> None:
    assert words in cli(*arguments, expected=expected).err


def test_a_known_code_is_shown_beside_an_unknown_one(cli: Cli) -> None:
    ran = cli("codes", "70013", "1", expected=1)
    assert "code:  70013" in ran.lines
    assert "not documented: 1" in ran.err
