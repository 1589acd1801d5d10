"""Clients of the emulator, and programs that use one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import (
    AsyncClient,
    Client,
)
from tencent_im.types import C2cMessage, MsgElement, TextElement

T = TypeVar("T")

#: Seconds after which a test no longer waits for what it expects: many times what a busy machine needs.
PATIENCE = 60

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


class Program(subprocess.Popen[str]):
    """A program that does not outlive a test that fails while it runs."""

    def __exit__(self, kind: Any, *exception: Any) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, *exception)


class HoldingServer:
    """A service that takes requests and answers none of them before it is told to."""

    def __init__(self) -> None:
        self.requests = 0
        #: Set by the test: from then on all are answered.
        self.answers = threading.Event()
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler) -> None:
                handler.rfile.read(int(handler.headers["Content-Length"]))
                with lock:
                    self.requests += 1
                self.answers.wait(PATIENCE)
                body = b'{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}'
                handler.send_response(200)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.answers.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def holding_server() -> Iterator[HoldingServer]:
    server = HoldingServer()
    try:
        yield server
    finally:
        server.close()


def eventually(condition: Callable[[], object]) -> None:
    """Waits for something to come true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


async def eventually_on_loop(condition: Callable[[], object]) -> None:
    """Waits for something to come true while the loop goes on."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


def client(emulator: Emulator | HoldingServer, **settings: Any) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **{"rate_limits": False, **settings})


def async_client(emulator: Emulator | HoldingServer, **settings: Any) -> AsyncClient:
    return AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **{"rate_limits": False, **settings})


def history(im: Client, operator: str, peer: str, page: int = 2) -> list[C2cMessage]:
    """All one-to-one messages of the last hours, newest page first."""
    now = int(time.time())
    pages = im.messages.iter(
        operator_account=operator, peer_account=peer, max_count=page, min_time=now - 7200, max_time=now + 7200
    )
    return list(pages)


def text_of(msg_body: Sequence[MsgElement]) -> str:
    element = msg_body[0]
    assert isinstance(element, TextElement)
    return element.msg_content.text


def texts(messages: Sequence[C2cMessage]) -> list[str]:
    return [text_of(message.msg_body) for message in messages]


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(coroutine, 2 * PATIENCE))


def program(emulator: Emulator, source: str, *, expected: int = 0) -> str:
    """Runs a program of its own that calls the emulator, and gives what it printed."""
    environment = os.environ | {
        "TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID),
        "TENCENT_IM_SECRET_KEY": SECRET_KEY,
        "TENCENT_IM_BASE_URL": emulator.url,
        # A crash tells where.
        "PYTHONFAULTHANDLER": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == expected, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    if expected == 0:
        assert done.stderr == "", done.stderr
    return done.stdout
