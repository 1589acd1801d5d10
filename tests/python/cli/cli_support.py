"""Runs the command line in this process, and as a program of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im.cli.app import run

#: The settings that lead to the emulator.
APP = {"TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID), "TENCENT_IM_SECRET_KEY": SECRET_KEY}


def environment_of(emulator: Emulator) -> dict[str, str]:
    return {**APP, "TENCENT_IM_BASE_URL": emulator.url}


@dataclass(frozen=True)
class Ran:
    """What a run of the command line gave."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Cli:
    """The command line in this process. No run may write the secret key anywhere but where it is asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def env(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str, stdin: str | bytes = "", expected: int = 0) -> Ran:
        text = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
        self._capsys.readouterr()
        exit_code = run(arguments)
        captured = self._capsys.readouterr()
        ran = Ran(exit_code, captured.out, captured.err)
        assert exit_code == expected, f"exit code {exit_code}\n{ran.out}\n{ran.err}"
        assert SECRET_KEY not in ran.out + ran.err
        return ran


def program(*arguments: str, environment: dict[str, str] | None = None, stdin: str = "", expected: int = 0) -> Ran:
    """Runs the command line as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tencent_im.cli", *arguments],
        env=os.environ | (environment or {}),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == expected, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return Ran(done.returncode, done.stdout, done.stderr)
