"""`sign`, `inspect`, `explain`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_support import APP, Cli
from conftest import SDK_APP_ID, SECRET_KEY

import tencent_im


def test_sign_writes_the_usersig_alone(cli: Cli) -> None:
    cli.env(**APP)
    sig = cli("sign", "alice", "--expire", "2h").lines
    assert len(sig) == 1
    stated = tencent_im.verify_user_sig(sig[0], secret_key=SECRET_KEY, user_id="alice", sdk_app_id=SDK_APP_ID)
    assert stated.expire == 7_200


def test_sign_many(cli: Cli) -> None:
    cli.env(**APP)
    rows = [line.split("\t") for line in cli("sign", "alice", "bob").lines]
    assert [user for user, _ in rows] == ["alice", "bob"]
    for user, sig in rows:
        tencent_im.verify_user_sig(sig, secret_key=SECRET_KEY, user_id=user)
    as_json = cli("sign", "alice", "--json").json
    assert [row["user_id"] for row in as_json] == ["alice"]
    assert tencent_im.inspect_user_sig(as_json[0]["user_sig"]).user_id == "alice"


@pytest.mark.parametrize(
    ("expire", "seconds"), [("60", 60), ("60s", 60), ("90m", 5_400), ("12h", 43_200), ("7d", 604_800)]
)
def test_lifetimes(cli: Cli, expire: str, seconds: int) -> None:
    cli.env(**APP)
    assert tencent_im.inspect_user_sig(cli("sign", "a", "--expire", expire).lines[0]).expire == seconds


@pytest.mark.parametrize("expire", ["", "soon", "-1", "1.5h", "1w"])
def test_what_is_no_lifetime_is_refused(cli: Cli, expire: str) -> None:
    cli.env(**APP)
    assert "--expire" in cli("sign", "a", f"--expire={expire}", expected=2).err


def test_bad_users_are_refused_with_a_cure(cli: Cli) -> None:
    cli.env(**APP)
    ran = cli("sign", "alice", "x" * 33, expected=2)
    assert ran.out == ""
    assert "user_ids[1]" in ran.err
    assert "cure: " in ran.err


def test_inspect_reads_an_argument_or_standard_input(cli: Cli) -> None:
    cli.env(**APP)
    sig = cli("sign", "alice").out
    for ran in [cli("inspect", sig.strip()), cli("inspect", "-", stdin=sig), cli("inspect", stdin=sig)]:
        assert "user:    alice" in ran.lines
        assert f"app:     {SDK_APP_ID}" in ran.lines
        assert "left)" in ran.out
    stated = cli("inspect", "--json", stdin=sig).json
    assert (stated["user_id"], stated["expire"]) == ("alice", 15_552_000)


def test_inspect_needs_no_app(cli: Cli) -> None:
    sig = tencent_im.sign_user_sig("bob", sdk_app_id=SDK_APP_ID, secret_key=SECRET_KEY, expire=60, now=1_300_000_000)
    assert "ago)" in cli("inspect", sig).out


def test_inspect_refuses_what_is_no_usersig(cli: Cli) -> None:
    assert "error: " in cli("inspect", "nonsense", expected=1).err
    assert "standard input has no UserSig" in cli("inspect", expected=2).err


def test_explain_finds_the_mistake(cli: Cli) -> None:
    cli.env(**APP)
    sig = cli("sign", "alice").out
    good = cli("explain", "--user", "alice", stdin=sig)
    assert good.lines[0] == "verdict: good"
    wrong_user = cli("explain", "--user", "bob", stdin=sig, expected=1)
    assert "verdict: bad" in wrong_user.lines
    assert "70013" in wrong_user.out
    report = cli("explain", "--user", "bob", "--json", stdin=sig, expected=1).json
    assert (report["code"], report["ok"], report["key_checked"]) == (70013, False, True)
    cli.env(TENCENT_IM_SECRET_KEY="0" * 64)
    assert "70009" in cli("explain", stdin=sig, expected=1).out


def test_explain_without_a_key_says_so_and_does_not_call_it_good(cli: Cli) -> None:
    sig = tencent_im.sign_user_sig("alice", sdk_app_id=SDK_APP_ID, secret_key=SECRET_KEY)
    ran = cli("explain", sig)
    assert ran.lines[0] == "verdict: nothing wrong is seen"
    assert cli("explain", sig, "--json").json["key_checked"] is False


def test_the_key_may_be_in_a_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET_KEY + "\n")
    sig = cli("sign", "alice", "--app", str(SDK_APP_ID), "--secret-key-file", str(file)).lines[0]
    tencent_im.verify_user_sig(sig, secret_key=SECRET_KEY)
    file.write_text(f"{SECRET_KEY}\n{SECRET_KEY}\n")
    ran = cli("sign", "alice", "--app", str(SDK_APP_ID), "--secret-key-file", str(file), expected=2)
    assert "more than one line" in ran.err
    file.write_text("")
    assert "nothing" in cli("sign", "a", "--app", "1", "--secret-key-file", str(file), expected=2).err


def test_there_is_no_option_for_the_key_itself(cli: Cli) -> None:
    ran = cli("sign", "alice", "--secret-key", "0" * 64, expected=2)
    assert "--secret-key-file" in ran.err
