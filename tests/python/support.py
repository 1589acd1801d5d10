"""Clients of the emulator, and programs that use one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import (
    AsyncClient,
    Client,
)
from tencent_im.types import C2cMessage, MsgElement, TextElement

T = TypeVar("T")

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def client(emulator: Emulator, **settings: Any) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **{"rate_limits": False, **settings})


def async_client(emulator: Emulator, **settings: Any) -> AsyncClient:
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
    return asyncio.run(asyncio.wait_for(coroutine, 30))


def program(emulator: Emulator, source: str, *, expected: int = 0, timeout: float = 30) -> str:
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
        timeout=timeout,
    )
    assert done.returncode == expected, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    if expected == 0:
        assert done.stderr == "", done.stderr
    return done.stdout
