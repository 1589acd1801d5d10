"""What a person sees: the bar on a terminal, while results go where they are sent."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cli_support import environment_of
from conftest import SECRET_KEY, Emulator
from support import PATIENCE, Program, eventually, unix_only
from test_cli_import import rows

pty = pytest.importorskip("pty")
pytestmark = unix_only


class Terminal:
    """A terminal of 120 columns; what is written to it is kept."""

    def __init__(self) -> None:
        import fcntl
        import struct
        import termios

        self._master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
        self._chunks: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._master, 65_536)
            except OSError:
                return
            if not chunk:
                return
            self._chunks.append(chunk)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    @property
    def text(self) -> str:
        raw = b"".join(self._chunks).decode(errors="replace")
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw).replace("\r\n", "\n")

    def close(self) -> str:
        os.close(self.slave)
        self._reader.join(PATIENCE)
        return self.text


def start(emulator: Emulator, folder: Path, terminal: Terminal, *arguments: str) -> Program:
    return Program(
        [sys.executable, "-m", "tencent_im.cli", *arguments],
        cwd=folder,
        env={**os.environ, **environment_of(emulator), "TERM": "xterm-256color"},
        stdout=subprocess.PIPE,
        stderr=terminal.slave,
        text=True,
    )


def test_the_bar_of_an_import(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(f"user_id,nick\n{rows(1_000)}ragged\n")
    terminal = Terminal()
    with start(emulator, tmp_path, terminal, "import", "users.csv", "--rate", "5000") as process:
        out, _ = process.communicate(timeout=PATIENCE)
    seen = terminal.close()
    assert process.returncode == 1
    assert "Importing users.csv" in seen
    assert "1,000 imported · 1 failed" in seen
    assert "100%" in seen
    assert "line 1,002: the row has 1 cell" in seen
    assert out.splitlines()[0].split() == ["imported:", "1,000"]


def test_results_go_to_the_file_although_the_bar_is_on_the_terminal(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(f"user_id,nick\n{rows(300)}")
    terminal = Terminal()
    with start(emulator, tmp_path, terminal, "check", "users.csv") as process:
        out, _ = process.communicate(timeout=PATIENCE)
    seen = terminal.close()
    assert len(out.splitlines()) == 300
    assert "NotImported" not in seen
    assert "300 checked" in seen


def test_ctrl_c_shows_that_it_stops(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(f"user_id,nick\n{rows(4_000)}")
    terminal = Terminal()
    # Five batches a second of forty.
    with start(emulator, tmp_path, terminal, "import", "users.csv", "--rate", "500") as process:
        eventually(lambda: emulator.requests() >= 5 or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    seen = terminal.close()
    assert process.returncode == 130
    assert "stopping; Ctrl-C again ends at once" in seen
    assert "--resume" in seen


def test_the_key_is_asked_for_without_showing_it(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal()
    environment = {**os.environ, **environment_of(emulator), "XDG_CONFIG_HOME": str(tmp_path)}
    del environment["TENCENT_IM_SECRET_KEY"]
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    with Program(
        [sys.executable, "-m", "tencent_im.cli", "sign", "alice"],
        env=environment,
        stdin=terminal.slave,
        stdout=subprocess.PIPE,
        stderr=terminal.slave,
        start_new_session=True,
        text=True,
    ) as process:
        eventually(lambda: "Secret key" in terminal.text or process.poll() is not None)
        terminal.type(f"{SECRET_KEY}\n")
        out, _ = process.communicate(timeout=PATIENCE)
    seen = terminal.close()
    assert process.returncode == 0, seen
    assert SECRET_KEY not in seen
    assert len(out.split()) == 1
