"""The words that the command lines of all languages share: ``tests/data/cli.json``, which Node reads as well."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from cli_support import Cli, environment_of
from conftest import ROOT, SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import sign_user_sig

CASES = json.loads((ROOT / "tests/data/cli.json").read_text(encoding="utf-8"))["cases"]
VARIABLES = {"app": "TENCENT_IM_SDK_APP_ID", "key": "TENCENT_IM_SECRET_KEY", "url": "TENCENT_IM_BASE_URL"}


def holds(whole: Any, part: Any) -> bool:
    """Whether a value has all that a part of it says; items of a list in their order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        rest = iter(whole)
        return isinstance(whole, list) and all(any(holds(item, wanted) for item in rest) for wanted in part)
    return bool(whole == part)


@pytest.fixture
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set")
@pytest.mark.usefixtures("in_shanghai")
@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["args"]))
def test_words(cli: Cli, emulator: Emulator, tmp_path: Path, case: dict[str, Any]) -> None:
    sig = sign_user_sig("alice", sdk_app_id=SDK_APP_ID, secret_key=SECRET_KEY, expire=86_400, now=1_700_000_000)
    key_file = tmp_path / "key"
    key_file.write_text("one\ntwo\n")

    def filled(text: str) -> str:
        return text.replace("$SIG", sig).replace("$KEY_FILE", str(key_file))

    settings = environment_of(emulator)
    cli.env(**{VARIABLES[name]: settings[VARIABLES[name]] for name in case.get("set", VARIABLES)})
    ran = cli(*map(filled, case["args"]), stdin=filled(case.get("stdin", "")), expected=case["exit"])
    for stream, text in (("out", ran.out), ("err", ran.err)):
        for line in case.get(stream, []):
            assert filled(line) in text.splitlines(), f"{stream}: {text}"
    if "json" in case:
        assert holds(ran.json, case["json"]), ran.out
    if "error" in case:
        assert holds(json.loads(ran.err)["error"], case["error"]), ran.err
