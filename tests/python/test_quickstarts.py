"""The Python and Rust quickstarts of the project's README run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT, SDK_APP_ID, SECRET_KEY, Emulator

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^<!-- quickstart: (\w+) -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(emulator: Emulator) -> dict[str, str]:
    return os.environ | {
        "TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID),
        "TENCENT_IM_SECRET_KEY": SECRET_KEY,
        "TENCENT_IM_BASE_URL": emulator.url,
    }


def test_every_language_has_one() -> None:
    assert [language for language, _ in BLOCKS] == ["python", "node", "edge", "rust", "python", "python"]


@pytest.mark.parametrize("code", [code for language, code in BLOCKS if language == "python"])
def test_python(environment: dict[str, str], code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_rust(environment: dict[str, str]) -> None:
    example = (ROOT / "core" / "examples" / "ureq.rs").read_text(encoding="utf-8")
    lines = {line.strip() for line in example.splitlines()}
    for code in [code for language, code in BLOCKS if language == "rust"]:
        assert [line for line in code.splitlines() if line.strip() not in lines] == []
    command = ["cargo", "run", "--quiet", "-p", "tencent-im-core", "--example", "ureq"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (0, "test Imported\nnobody NotImported\n"), done.stderr
