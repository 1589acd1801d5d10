"""The first part of the demo: the command line imports a file, is interrupted once, continues, and checks all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ACCOUNTS = 20_000
#: Calls after which the import is interrupted: two fifths of them.
_CALLS = 80
_IMPORT = "v4/im_open_login_svc/multiaccount_import"


def import_file(url: str, environment: dict[str, str]) -> None:
    """Imports 20,000 accounts at the documented rate."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "users.csv"
        rows = (f"demo_{n:05},Demo {n},https://img.example.com/{n}.png\n" for n in range(ACCOUNTS))
        path.write_text("user_id,nick,face_url\n" + "".join(rows), encoding="utf-8")
        print(f"\n$ tencent-im import users.csv        # {ACCOUNTS:,} accounts, documented limits on", flush=True)
        with _start(["import", "users.csv"], folder, environment) as process:
            while _calls(url) < _CALLS and process.poll() is None:
                time.sleep(0.01)
            # As Ctrl-C does.
            process.send_signal(signal.SIGINT)
        _expect(process, 130)
        _run(["import", "users.csv", "--resume"], folder, environment)
        _run(["check", "users.csv", "--missing"], folder, environment)


def _start(arguments: list[str], folder: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tencent_im.cli", *arguments]
    return subprocess.Popen(command, cwd=folder, env=os.environ | environment, start_new_session=True)


def _run(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    print(f"\n$ tencent-im {' '.join(arguments)}", flush=True)
    with _start(arguments, folder, environment) as process:
        process.wait()
    _expect(process, 0)


def _expect(process: subprocess.Popen[bytes], code: int) -> None:
    if process.returncode != code:
        raise SystemExit(f"{process.args} ended with exit code {process.returncode}, not {code}")


def _calls(url: str) -> int:
    with urllib.request.urlopen(f"{url}/_emulator/counters", timeout=10) as answer:
        counters = json.load(answer)
    return int(counters["calls"].get(_IMPORT, {}).get("requests", 0))
