"""`webhooks`: events as lines, samples as requests."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cli_support import Cli
from conftest import SDK_APP_ID
from support import PATIENCE, Program, unix_only

TOKEN = "a made-up token of the console"
BEFORE = "C2C.CallbackBeforeSendMsg"
ENVIRONMENT = {"TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID), "TENCENT_IM_WEBHOOK_TOKEN": TOKEN}


@contextlib.contextmanager
def listening(*arguments: str, **environment: str) -> Iterator[tuple[Program, str]]:
    """`webhooks listen` as a program, and its address."""
    with Program(
        [sys.executable, "-m", "tencent_im.cli", "webhooks", "listen", "--port", "0", *arguments],
        env=os.environ | ENVIRONMENT | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line + process.stderr.read()
        try:
            yield process, found[0]
        finally:
            if process.poll() is None:
                process.terminate()


def test_every_webhook_is_listed(cli: Cli) -> None:
    rows = cli("webhooks", "list", "--json").json
    assert len(rows) >= 57
    lines = cli("webhooks", "list").lines
    assert len(lines) == len(rows)
    assert f"{BEFORE}\tbefore\tallow, reject, drop, replace\t120001-130000" in lines
    assert "State.StateChange\tafter\t\t" in lines


def test_what_is_fired_is_printed(cli: Cli) -> None:
    cli.env(**ENVIRONMENT)
    with listening("--count", "3", "--json") as (process, url):
        for name in [BEFORE, "State.StateChange", "Push.OfflinePush"]:
            fired = cli("webhooks", "fire", name, "--to", url, "--json").json
            assert fired["status"] == 200
            assert fired["answer"] == {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    printed = [json.loads(line) for line in out.splitlines()]
    assert [event["command"] for event in printed] == [BEFORE, "State.StateChange", "Push.OfflinePush"]
    assert [event["kind"] for event in printed] == ["before", "after", "after"]
    assert printed[1]["body"]["info"]["action"] == "Login"
    assert TOKEN not in out


def test_lines_for_a_person(cli: Cli) -> None:
    cli.env(**ENVIRONMENT)
    with listening("--count", "1") as (process, url):
        ran = cli("webhooks", "fire", BEFORE, "--to", url)
        out, _ = process.communicate(timeout=PATIENCE)
    assert ran.lines[0] == "status: 200"
    assert re.fullmatch(rf"\d\d:\d\d:\d\d  before {re.escape(BEFORE)}  {{.*}}\n", out)


def test_only_genuine_events_are_printed(cli: Cli, tmp_path: Path) -> None:
    forged = tmp_path / "token"
    forged.write_text("another token\n")
    cli.env(**ENVIRONMENT)
    with listening("--count", "1", "--json") as (process, url):
        ran = cli("webhooks", "fire", BEFORE, "--to", url, "--token-file", str(forged), expected=1)
        assert "status: 401" in ran.out
        assert "HTTP status 401" in ran.err
        cli("webhooks", "fire", "State.StateChange", "--to", url)
        out, err = process.communicate(timeout=PATIENCE)
    assert [json.loads(line)["command"] for line in out.splitlines()] == ["State.StateChange"]
    assert "refused a request with HTTP status 401" in err
    assert not any(secret in out + err for secret in [TOKEN, "another token", "Sign="])


def test_without_a_token(cli: Cli) -> None:
    cli.env(TENCENT_IM_SDK_APP_ID=str(SDK_APP_ID))
    assert "there is no token" in cli("webhooks", "listen", "--port", "0", expected=2).err
    with listening("--no-verify", "--count", "1", TENCENT_IM_WEBHOOK_TOKEN="") as (process, url):
        cli("webhooks", "fire", BEFORE, "--to", url)
        out, _ = process.communicate(timeout=PATIENCE)
    assert BEFORE in out


@unix_only
def test_ctrl_c_ends_it() -> None:
    with listening() as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_another_body(cli: Cli, tmp_path: Path) -> None:
    cli.env(**ENVIRONMENT)
    body = json.dumps({"CallbackCommand": BEFORE, "From_Account": "mallory"})
    file = tmp_path / "body.json"
    file.write_text(body)
    with listening("--count", "2", "--json") as (process, url):
        cli("webhooks", "fire", BEFORE, "--to", url, "--body", str(file))
        cli("webhooks", "fire", BEFORE, "--to", url, "--body", "-", stdin=body)
        out, _ = process.communicate(timeout=PATIENCE)
    assert [json.loads(line)["body"]["from_account"] for line in out.splitlines()] == ["mallory"] * 2


class SlowServer(HTTPServer):
    """A server whose slow answers end with the test."""

    def __init__(self) -> None:
        self.has_seen_enough = threading.Event()
        super().__init__(("127.0.0.1", 0), Receiver)


class Receiver(BaseHTTPRequestHandler):
    """Answers what its path says."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, SlowServer)
        if self.path.startswith("/slow"):
            self.server.has_seen_enough.wait(PATIENCE)
        if self.path.startswith("/dribble"):
            self.send_response(200)
            self.end_headers()
            while not self.server.has_seen_enough.wait(0.2):
                with contextlib.suppress(OSError):
                    self.wfile.write(b" ")
            return
        status = {"/moved": 302, "/fails": 500}.get(self.path.partition("?")[0], 200)
        self.send_response(status)
        self.send_header("Location", "/")
        self.end_headers()
        self.wfile.write(b"welcome" if status == 200 else b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("fails", "HTTP status 500"),
        ("moved", "HTTP status 302"),
        ("text", "something that is not a JSON object"),
        ("slow", "no answer within 2 s"),
        ("dribble", "no answer within 2 s"),
    ],
)
def test_answers_that_the_service_takes_for_a_failure(cli: Cli, path: str, words: str) -> None:
    cli.env(**ENVIRONMENT)
    server = SlowServer()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    ran = cli("webhooks", "fire", BEFORE, "--to", f"http://127.0.0.1:{server.server_port}/{path}", expected=1)
    server.has_seen_enough.set()
    assert words in ran.err
    assert "Sign" not in ran.err
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("arguments", "words", "exit_code"),
    [
        (["C2C.CallbackBeforSendMsg", "--to", "http://127.0.0.1:1/"], "did you mean C2C.CallbackBeforeSendMsg", 2),
        ([BEFORE], "--to", 2),
        ([BEFORE, "--to", "localhost:8000"], "is not an address", 2),
        ([BEFORE, "--to", "http://127.0.0.1:99999/"], "is not an address", 2),
        ([BEFORE, "--to", "http://[::1"], "is not an address", 2),
        ([BEFORE, "--to", f"ftp://me:{TOKEN}@127.0.0.1/"], "is not an address", 2),
        ([BEFORE, "--to", "http://127.0.0.1:1/"], "cannot be reached", 1),
    ],
)
def test_wrong_arguments(cli: Cli, arguments: list[str], words: str, exit_code: int) -> None:
    cli.env(**ENVIRONMENT)
    ran = cli("webhooks", "fire", *arguments, expected=exit_code)
    assert words in ran.err
    assert TOKEN not in ran.err


def test_no_text_of_a_user_acts_on_the_terminal(cli: Cli, tmp_path: Path) -> None:
    cli.env(**ENVIRONMENT)
    file = tmp_path / "body.json"
    file.write_text(
        json.dumps({"CallbackCommand": BEFORE, "From_Account": "\u009b31m\u202e\x1b你"}, ensure_ascii=False)
    )
    with listening("--count", "1") as (process, url):
        cli("webhooks", "fire", BEFORE, "--to", url, "--body", str(file))
        out, _ = process.communicate(timeout=PATIENCE)
    assert "你" in out
    assert "31m" in out
    assert out.strip().isprintable()


def test_a_token_file_holds_a_token(cli: Cli, tmp_path: Path) -> None:
    cli.env(**ENVIRONMENT)
    for content, words in [(b"", "holds nothing"), (b"a\nb", "more than one line"), (b"\xff\xfe", "cannot be read")]:
        file = tmp_path / "token"
        file.write_bytes(content)
        fired = cli("webhooks", "fire", BEFORE, "--to", "http://127.0.0.1:1/", "--token-file", str(file), expected=2)
        assert words in fired.err
