"""What happens to calls, as `on_event` and `logging` hear it."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from support import PATIENCE, eventually

from tencent_im import AsyncClient, CallCancelledError, Client, ConfigError, Event, TencentImError, _events

#: Makes calls one after the other with a client of each sort.
Caller = Callable[..., list[Any]]


@pytest.fixture(params=["sync", "asyncio"])
def import_users(request: pytest.FixtureRequest, emulator: Emulator) -> Caller:
    def sync_calls(*users: str, **settings: Any) -> list[Any]:
        with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **settings) as im:
            return [im.accounts.import_account(user_id=user) for user in users]

    def async_calls(*users: str, **settings: Any) -> list[Any]:
        async def main() -> list[Any]:
            async with AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, **settings) as im:
                return [await im.accounts.import_account(user_id=user) for user in users]

        return asyncio.run(main())

    return sync_calls if request.param == "sync" else async_calls


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    yield
    _events.logger.setLevel(logging.NOTSET)


def test_a_call_with_a_retry(import_users: Caller, emulator: Emulator) -> None:
    emulator.faults({"kind": "http_status", "next": 1})
    events: list[Event] = []
    threads: set[int] = set()

    def hook(event: Event) -> None:
        events.append(event)
        threads.add(threading.get_ident())

    import_users("alice", on_event=hook)
    assert [event["event"] for event in events] == ["attempt", "reply", "retry", "attempt", "reply"]
    assert all(type(event) is dict and event["operation"] == "accounts.import_account" for event in events)
    first, refused, retry, second, answered = events
    assert (first["attempt"], first["host"]) == (1, emulator.url)
    assert (refused["http_status"], retry["attempt"], retry["delay_ms"] >= 0) == (502, 1, True)
    assert retry["reason"]
    assert second["attempt"] == 2
    assert (answered["http_status"], answered["code"]) == (200, None)
    assert threads == {threading.get_ident()}


def test_levels(import_users: Caller, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "tencent_im")
    emulator.faults({"kind": "error_code", "code": 60007, "next": 1})
    import_users("alice")
    told = [(record.levelname, record.event["event"]) for record in caplog.records]  # type: ignore[attr-defined]
    assert told == [
        ("DEBUG", "attempt"),
        ("DEBUG", "reply"),
        ("WARNING", "slowed_down"),
        ("INFO", "retry"),
        ("DEBUG", "attempt"),
        ("DEBUG", "reply"),
    ]
    assert {record.name for record in caplog.records} == {"tencent_im"}
    assert "accounts.import_account: attempt 2 goes to http://127.0.0.1" in caplog.text


@pytest.mark.parametrize(("level", "expected"), [("INFO", ["retry"]), ("WARNING", []), ("CRITICAL", [])])
def test_less_is_logged(
    import_users: Caller, emulator: Emulator, caplog: pytest.LogCaptureFixture, level: str, expected: list[str]
) -> None:
    caplog.set_level(level, "tencent_im")
    emulator.faults({"kind": "http_status", "next": 1})
    import_users("alice", "bob")
    assert [record.event["event"] for record in caplog.records] == expected  # type: ignore[attr-defined]


def test_a_clock_that_is_off(import_users: Caller, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    emulator.control("clock", {"offset_s": 20 * 3600})
    events: list[Event] = []
    import_users("alice", on_event=events.append)
    learnt = next(event for event in events if event["event"] == "skew_learned")
    assert abs(learnt["seconds"] - 72_000) < 5
    assert [record.levelname for record in caplog.records if "clock" in record.message] == ["WARNING"]


def test_waiting_for_a_turn(import_users: Caller, emulator: Emulator) -> None:
    events: list[Event] = []
    import_users("a", "b", rate_limits={"accounts.import_account": 2}, on_event=events.append)
    import_users("a", "b", "c", "d", rate_limits={"accounts.import_account": 2}, on_event=events.append)
    assert any(event["event"] == "queued" and event["delay_ms"] > 0 for event in events)


def call_once(im: Client | AsyncClient) -> None:
    if isinstance(im, Client):
        im.accounts.import_account(user_id="a")
    else:
        asyncio.run(im.call("accounts.import_account", user_id="a"))


def test_they_come_during_a_pause(emulator: Emulator) -> None:
    """Not only at the end of a call that may wait for long."""
    emulator.faults({"kind": "http_status"})
    settings: dict[str, Any] = {"timeout": 3600, "max_retries": 20, "backoff": 600, "max_backoff": 600}
    for kind in [Client, AsyncClient]:
        heard: list[str] = []

        def hook(event: Event, heard: list[str] = heard) -> None:
            heard.append(event["event"])

        im = kind(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, on_event=hook, **settings)
        with ThreadPoolExecutor(1) as pool:
            calling = pool.submit(call_once, im)
            eventually(lambda heard=heard: "retry" in heard)  # type: ignore[misc]
            assert not calling.done()
            if isinstance(im, Client):
                im.close()
            else:
                asyncio.run(im.aclose())
            with pytest.raises(CallCancelledError):
                calling.result(PATIENCE)


@pytest.mark.parametrize("raised", [ValueError("hook"), RecursionError(), StopIteration()])
def test_a_hook_that_raises(import_users: Caller, caplog: pytest.LogCaptureFixture, raised: Exception) -> None:
    def hook(event: Event) -> None:
        event.clear()  # type: ignore[attr-defined]
        raise raised

    assert import_users("alice", on_event=hook) == [{}]
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "on_event raised at the event attempt" in caplog.text
    assert "Traceback" in caplog.text


def test_a_hook_that_ends_the_program(emulator: Emulator) -> None:
    def hook(event: Event) -> None:
        raise KeyboardInterrupt

    with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, on_event=hook) as im, pytest.raises(KeyboardInterrupt):
        im.accounts.import_account(user_id="a")


def test_what_is_no_hook() -> None:
    async def asynchronous(event: Event) -> None: ...

    for wrong in [5, "print", asynchronous]:
        with pytest.raises(ConfigError) as raised:
            Client(7, "key", on_event=wrong)  # type: ignore[arg-type]
        assert raised.value.path == "on_event"


def test_nobody_listens(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("told of an event")

    monkeypatch.setattr(_events.logger, "log", never)
    _events.logger.setLevel(logging.ERROR)
    emulator.faults({"kind": "error_code", "code": 60007, "next": 1})
    with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url) as im:
        im.accounts.import_account(user_id="a")


def test_loggers_may_be_switched_on_later(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url) as im:
        for level, expected in [("ERROR", 0), ("DEBUG", 2), ("ERROR", 0), ("DEBUG", 2)]:
            caplog.clear()
            caplog.set_level(level, "tencent_im")
            im.accounts.import_account(user_id="a")
            assert len(caplog.records) == expected


def test_importing_adds_no_handler() -> None:
    source = "import logging, tencent_im; print(logging.getLogger('tencent_im').handlers, logging.root.handlers)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"


def test_no_secret_is_told(import_users: Caller, emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "tencent_im")
    events: list[Event] = []
    faults = ["http_status", "reset_before", "reset_after", "cut_body", "not_json", "never"]
    emulator.faults(*[{"kind": kind, "next": 1} for kind in faults])
    import_users("secret-user", on_event=events.append, max_retries=20, attempt_timeout=2)
    dead = "http://127.0.0.1:9"
    with pytest.raises(TencentImError), Client(7, SECRET_KEY, base_url=dead, on_event=events.append, timeout=1) as im:
        im.accounts.import_account(user_id="secret-user")
    assert {"attempt", "reply", "failure", "retry"} <= {event["event"] for event in events}
    text = f"{events}{caplog.text}{[record.__dict__ for record in caplog.records]}".lower()
    for secret in [SECRET_KEY, "usersig", "secret-user", "ej", "sdkappid", "identifier"]:
        assert secret not in text.replace("rejected", ""), secret


def test_many_threads(emulator: Emulator) -> None:
    events: list[Event] = []
    im = Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, on_event=events.append)
    with im, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: im.accounts.import_account(user_id=f"user{n}"), range(200)))
    assert sum(event["event"] == "reply" for event in events) == 200


def test_a_client_that_its_hook_knows_is_collected(emulator: Emulator) -> None:
    class Owner:
        def __init__(self) -> None:
            self.im = Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, on_event=self.hear)

        def hear(self, event: Event) -> None: ...

    owner = Owner()
    owner.im.accounts.import_account(user_id="a")
    known = weakref.ref(owner)
    del owner
    gc.collect()
    assert known() is None


def test_every_event_has_words() -> None:
    names = Event.__annotations__["event"]
    assert all(name in str(names) for name in _events._MESSAGES)
    for name, message in _events._MESSAGES.items():
        event = dict.fromkeys(Event.__annotations__, 1) | {"event": name}
        assert message % event
