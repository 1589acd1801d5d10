"""The program as a whole: help, exit codes, completion, pipes, and what it is made of."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from cli_support import APP, Cli, environment_of, program
from conftest import EMULATOR, SECRET_KEY, Emulator
from support import PATIENCE, Program, eventually, unix_only

import tencent_im
from tencent_im.cli.app import _MODULES


def test_help_names_every_command(cli: Cli) -> None:
    text = cli("--help").out
    for name in _MODULES:
        assert f"\n  {name} " in text, name
    assert "Exit codes: 0 done, 1 something failed, 2 wrong arguments or settings, 130" in " ".join(text.split())
    assert cli("--version").out == f"tencent-im {tencent_im.__version__}\n"


@pytest.mark.parametrize("name", _MODULES)
def test_every_command_has_help_with_an_example(cli: Cli, name: str) -> None:
    text = cli(name, "--help").out
    assert text.startswith(f"Usage: tencent-im {name} ")
    if name not in {"key", "doctor", "completion"}:
        assert f"tencent-im {name}" in text.partition("\n")[2]


def test_a_misspelt_command_is_told(cli: Cli) -> None:
    assert "Did you mean 'sign'?" in cli("sing", expected=2).err
    assert "sing" in cli("sing", "--json", expected=2).err


def test_errors_of_arguments_are_json_too(cli: Cli) -> None:
    assert json.loads(cli("sign", "--json", expected=2).err)["error"]["kind"] == "Usage"


def test_the_module_and_the_script_are_the_same() -> None:
    assert program("--version").out == f"tencent-im {tencent_im.__version__}\n"
    script = Path(sys.executable).parent / ("tencent-im.exe" if os.name == "nt" else "tencent-im")
    assert subprocess.run([script, "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        "tencent-im"
    )


def python(source: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", source, *arguments], capture_output=True, text=True)


def test_import_loads_none_of_it() -> None:
    source = """
import sys, tencent_im
print([name for name in sys.modules if name.startswith(("click", "rich", "keyring", "tencent_im.cli"))])
"""
    assert python(source).stdout == "[]\n"


@pytest.mark.parametrize("name", ["click", "rich"])
def test_without_the_extras_it_says_how_to_get_them(name: str) -> None:
    source = f"""
import runpy, sys
sys.modules["{name}"] = None
sys.stdout.isatty = lambda: True
runpy.run_module("tencent_im.cli", run_name="__main__")
"""
    done = python(source, "codes", "--search", "expired")
    assert done.returncode == 2
    assert done.stderr == f"tencent-im: {name} is not installed\ncure: pip install 'tencent-im[cli]'\n"


@unix_only
def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = [sys.executable, "-m", "tencent_im.cli", "call", "--list"]
    with Program(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(PATIENCE) == 1


@unix_only
def test_ctrl_c_is_130(emulator: Emulator) -> None:
    emulator.faults({"kind": "delay", "delay_ms": 600_000})
    command = [sys.executable, "-m", "tencent_im.cli", "call", "accounts.check", '{"accounts": ["a"]}']
    # Without the signal it would go on for minutes.
    command += ["--timeout", "3600", "--max-retries", "20"]
    environment = os.environ | environment_of(emulator)
    with Program(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        eventually(lambda: emulator.requests() > 0 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert err.split() == ["interrupted"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(cli: Cli, shell: str) -> None:
    assert "_TENCENT_IM_COMPLETE" in cli("completion", shell).out


def test_completion_knows_commands_calls_and_regions() -> None:
    def complete(*words: str) -> str:
        environment = {
            "_TENCENT_IM_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(["tencent-im", *words]),
            "COMP_CWORD": str(len(words)),
        }
        return program(environment=environment).out

    assert "plain,sign" in complete("si")
    for words in (["import", "us"], ["import", "users.csv", "--failed", "f"], ["export", "us"], ["check", "us"]):
        assert complete(*words).startswith("file,")
    assert "plain,accounts.import_account\n" in complete("call", "accounts.imp")
    assert "plain,singapore" in complete("doctor", "--region", "sing")


def test_emulator_starts_and_stops(emulator: Emulator) -> None:
    command = [sys.executable, "-m", "tencent_im.cli", "emulator", "--json", "--webhook-url", "http://127.0.0.1:1/im"]
    environment = os.environ | {"TENCENT_IM_EMULATOR": EMULATOR, "TENCENT_IM_WEBHOOK_TOKEN": "a made-up token"}
    with Program(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        made_up = ready["environment"]
        assert made_up["TENCENT_IM_BASE_URL"] == ready["url"]
        program("call", "accounts.import_account", '{"user_id": "a"}', environment=made_up)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        webhooks = json.load(opener.open(f"{ready['url']}/_emulator/webhooks", timeout=PATIENCE))["apps"]["1400000001"]
        assert (webhooks["address"], webhooks["is_signed"]) == ("http://127.0.0.1:1", True)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 130)


def test_emulator_shows_no_key_that_it_was_given(cli: Cli, tmp_path: Path) -> None:
    """With a program in its place that ends at once."""
    fake = tmp_path / "emulator"
    fake.write_text('#!/bin/sh\necho "$@" > "$0.args"\necho \'{"url": "http://127.0.0.1:1"}\'\n')
    fake.chmod(0o755)
    cli.env(**APP, TENCENT_IM_EMULATOR=str(fake))
    ran = cli("emulator", "--rate-limits")
    assert "export TENCENT_IM_BASE_URL=http://127.0.0.1:1" in ran.lines
    assert "SECRET_KEY" not in ran.out
    arguments = Path(f"{fake}.args").read_text()
    assert "--rate-limits" in arguments
    assert SECRET_KEY not in arguments


def test_without_an_emulator_it_says_how_to_get_one(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TENCENT_IM_EMULATOR", raising=False)
    cli.env(PATH="/nowhere")
    assert "cargo install" in cli("emulator", expected=1).err
