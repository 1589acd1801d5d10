"""The emulator, and clients of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tencent_im import AsyncClient, Client

ROOT = Path(__file__).resolve().parents[2]
EMULATOR = os.environ.get("TENCENT_IM_EMULATOR", str(ROOT / "target/debug/tencent-im-emulator"))
SDK_APP_ID = 1400000001
SECRET_KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"  # made up

#: A failing test of this package must never reach the real service, whatever the environment says.
VARIABLES = ["SDK_APP_ID", "SECRET_KEY", "ADMIN", "REGION", "BASE_URL", "WEBHOOK_TOKEN"]


@pytest.fixture(autouse=True, scope="session")
def _interruptible() -> None:
    """What a shell runs in its background is deaf to Ctrl-C, and so are the programs that it starts."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(f"TENCENT_IM_{name}", raising=False)
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """The command line in this process, without the user's configuration file and keyring."""
    from cli_support import Cli

    for name in ["PROFILE", "CONFIG"]:
        monkeypatch.delenv(f"TENCENT_IM_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return Cli(monkeypatch, capsys)


class Emulator:
    """The local emulator of the service, by its control plane."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, command: str, body: Any = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{command}", data)
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            result: dict[str, Any] = json.load(answer)
            return result

    def faults(self, *rules: dict[str, Any]) -> None:
        self.control("faults", list(rules))

    def counters(self) -> dict[str, Any]:
        return self.control("counters")

    def requests(self) -> int:
        """How many requests of the service came, over all calls."""
        return sum(call["requests"] for call in self.counters()["calls"].values())


@contextlib.contextmanager
def started_emulator() -> Iterator[Emulator]:
    if not Path(EMULATOR).exists():
        pytest.exit(f"there is no emulator at {EMULATOR}: run `cargo build -p tencent-im-emulator`", returncode=3)
    command = [EMULATOR, "--port", "0", "--sdk-app-id", str(SDK_APP_ID), "--secret-key", SECRET_KEY]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield Emulator(json.loads(process.stdout.readline())["url"])
        process.terminate()


@pytest.fixture(scope="session")
def _emulator() -> Iterator[Emulator]:
    with started_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(_emulator: Emulator) -> Emulator:
    """The emulator as it was at its start."""
    _emulator.control("reset", {})
    return _emulator


#: Makes one call: by name, with the fields and options of the call.
Call = Callable[..., Any]


@pytest.fixture(params=["sync", "asyncio"])
def call(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[Call]:
    """Makes a call of the emulator through the client of each sort, by the methods that users call."""
    if request.param == "sync":
        with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url) as client:

            def sync_call(op: str, **fields: Any) -> Any:
                group, method = op.split(".")
                return getattr(getattr(client, group), method)(**fields)

            yield sync_call
        return

    loop = asyncio.new_event_loop()
    async_client = AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url)

    async def async_call(op: str, fields: dict[str, Any]) -> Any:
        group, method = op.split(".")
        return await getattr(getattr(async_client, group), method)(**fields)

    yield lambda op, **fields: loop.run_until_complete(async_call(op, fields))
    loop.run_until_complete(async_client.aclose())
    loop.close()


@pytest.fixture
def im(emulator: Emulator) -> Iterator[Client]:
    """A client of the emulator without pacing and repeats."""
    with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, max_retries=0) as client:
        yield client


class _Blocking:
    """An `AsyncClient` under the methods of `Client`: each call runs to its end, each iterator is read to its end."""

    def __init__(self, target: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._target, self._loop = target, loop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        return self._call(found) if callable(found) else _Blocking(found, self._loop)

    def _call(self, method: Callable[..., Any]) -> Callable[..., Any]:
        async def read(pages: Any) -> list[Any]:
            return [item async for item in pages]

        def call(**fields: Any) -> Any:
            made = method(**fields)
            result = self._loop.run_until_complete(read(made) if hasattr(made, "__aiter__") else made)
            return iter(result) if hasattr(made, "__aiter__") else result

        return call


@pytest.fixture(params=["sync", "asyncio"])
def either(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[Client]:
    """A client of the emulator of each sort, under the methods of `Client`."""
    if request.param == "sync":
        with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, max_retries=0) as client:
            yield client
        return
    loop = asyncio.new_event_loop()
    target = AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, max_retries=0)
    yield cast(Client, _Blocking(target, loop))
    loop.run_until_complete(target.aclose())
    loop.close()


@pytest.fixture(params=["receive", "areceive"])
def door(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Hands a webhook to a receiver: from a thread, and on an event loop."""
    from webhook_support import LoopDoor, receive

    if request.param == "receive":
        yield receive
        return
    loop_door = LoopDoor()
    yield loop_door
    loop_door.close()


@pytest.fixture(params=["sync", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    """Whether the handlers of a receiver are coroutine functions."""
    return bool(request.param == "async")
