"""Clients with other options for each call, and the two ways to close a client."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from support import PATIENCE, async_client, client, eventually, eventually_on_loop, holding_server

from tencent_im import AsyncClient, CallCancelledError, CallTimeoutError, Client, ConfigError, Event, ServerError
from tencent_im.types import CallOptions


def test_options_hold_for_every_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "http_status"})
    with client(emulator) as im:
        once = im.with_options(max_retries=0)
        calls: list[Callable[[], object]] = [
            lambda: once.accounts.import_account(user_id="a"),
            lambda: once.call("accounts.import_account", user_id="a"),
        ]
        for call in calls:
            with pytest.raises(ServerError) as raised:
                call()
            assert raised.value.attempts == 1
        with pytest.raises(ServerError) as raised:
            once.accounts.import_account(user_id="a", max_retries=1)
        assert raised.value.attempts == 2
        # The first one is as it was.
        with pytest.raises(ServerError) as raised:
            im.accounts.import_account(user_id="a")
        assert raised.value.attempts == 4


def test_pauses_and_budget_of_client_and_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "http_status"})
    retries: list[int] = []

    def hear(event: Event) -> None:
        if event["event"] == "retry":
            retries.append(event["delay_ms"])

    with client(emulator, backoff=0.001, max_backoff=0.002, retry_budget=4, on_event=hear) as im:

        def attempts(**options: Any) -> int:
            with pytest.raises(ServerError) as raised:
                im.accounts.import_account(user_id="a", **options)
            return raised.value.attempts

        # Three repeats of the four, then the last one; from there on only calls that do not mind.
        assert [attempts(), attempts(), attempts()] == [4, 2, 1]
        assert max(retries) <= 2
        assert attempts(use_retry_budget=False) == 4
        retries.clear()
        with pytest.raises(ServerError):
            im.call("accounts.import_account", user_id="a", use_retry_budget=False, backoff=0.1, max_backoff=0.1)
        assert 2 < max(retries) <= 100, retries


def test_options_of_asyncio(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        async with async_client(emulator) as im:
            quick = im.with_options(timeout=20).with_options(timeout=0.3, max_retries=0)
            started = time.monotonic()
            with pytest.raises(CallTimeoutError):
                await quick.accounts.import_account(user_id="a")
            with pytest.raises(CallTimeoutError):
                await quick.call("accounts.import_account", user_id="a")
            # With the time of the clone in between it would be 16 s.
            assert time.monotonic() - started < 8

    asyncio.run(main())


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_chains(kind: type[Client] | type[AsyncClient]) -> None:
    im = kind(SDK_APP_ID, SECRET_KEY)
    one = im.with_options(extra_body={"A": 1, "B": 1}, attempt_timeout=2.5)
    two = one.with_options(extra_body={"B": 2})
    assert type(two) is kind
    assert repr(two) == repr(im)

    def fields(of: Client | AsyncClient, **options: Any) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(of.prepare("accounts.import_account", user_id="a", **options).body)
        del body["Identifier"]
        return body

    assert (fields(im), fields(one), fields(two)) == ({}, {"A": 1, "B": 1}, {"A": 1, "B": 2})
    assert fields(two, extra_body={"C": 3}) == {"A": 1, "B": 2, "C": 3}
    assert fields(two) == {"A": 1, "B": 2}
    assert two.prepare("accounts.kick", user_id="a").timeout == 2.5
    assert im.prepare("accounts.kick", user_id="a").timeout == 8


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"timeout": 0}, "timeout"),
        ({"timeout": "5"}, "timeout"),
        ({"attempt_timeout": 4000}, "attempt_timeout"),
        ({"max_retries": -1}, "max_retries"),
        ({"timeout": 1, "attempt_timeout": 1.5}, "timeout"),
        ({"attempt_timeout": 31}, "attempt_timeout"),
        ({"backoff": float("nan")}, "backoff"),
        ({"backoff": 6}, "backoff"),
        ({"max_backoff": -1}, "max_backoff"),
        ({"use_retry_budget": 3}, "use_retry_budget"),
        ({"extra_body": [1]}, "extra_body"),
        ({"timeot": 5}, "timeot"),
        ({"region": "china"}, "region"),
    ],
)
def test_bad_options(options: dict[str, Any], path: str) -> None:
    for im in [Client(7, "key"), AsyncClient(7, "key")]:
        with pytest.raises((ConfigError, ValueError)) as raised:
            im.with_options(**options)
        assert getattr(raised.value, "path", None) == path


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"timeout": 1, "attempt_timeout": 1.5},
            "timeout: attempt_timeout is longer than timeout. "
            "Cure: raise timeout, which covers all attempts, or lower attempt_timeout",
        ),
        (
            {"backoff": 6},
            "backoff: backoff is longer than max_backoff. Cure: raise max_backoff, or lower backoff",
        ),
        (
            {"timeout": 3601},
            "timeout: 3601 seconds is out of range. Cure: pass a number of seconds above 0, up to 3600",
        ),
        ({"backoff": 601}, "backoff: 601 seconds is out of range. Cure: pass a number of seconds above 0, up to 600"),
        ({"attempt_timeout": "5"}, "attempt_timeout: expected a number of seconds, got str"),
    ],
)
def test_errors_name_settings_as_python_does(options: dict[str, Any], text: str) -> None:
    """In the path, in the message and in the cure, and in seconds."""
    im = Client(7, "key")
    wrong: list[Callable[[], object]] = [
        lambda: Client(7, "key", **options),
        lambda: im.with_options(**options),
        lambda: im.accounts.kick(user_id="a", **options),
    ]
    for call in wrong:
        with pytest.raises(ConfigError) as raised:
            call()
        assert text in str(raised.value)


def test_a_handler_may_close_and_wait_in_the_middle_of_a_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "http_status", "next": 1})
    im: Client

    def hear(event: Event) -> None:
        # Heard while the call pauses, on the very thread that waits for it.
        if event["event"] == "retry":
            im.close(wait=True)

    with client(emulator, backoff=0.3, max_backoff=0.3, on_event=hear) as im:
        im.accounts.import_account(user_id="a")
    assert emulator.requests() == 2


@pytest.mark.parametrize("option", CallOptions.__annotations__)
def test_an_option_is_told_by_its_own_name(option: str) -> None:
    im = Client(7, "key")
    calls: list[Callable[..., Any]] = [im.accounts.kick, lambda **given: im.call("accounts.kick", **given)]
    for call in calls:
        with pytest.raises((ConfigError, ValueError)) as raised:
            call(user_id="a", **{option: object()})
        assert getattr(raised.value, "path", None) == option


def test_what_is_shared(emulator: Emulator) -> None:
    im = client(emulator)
    other = im.with_options(timeout=5)
    im.accounts.import_account(user_id="a")
    other.accounts.import_account(user_id="b")
    assert emulator.counters()["connections"]["with_calls"] == 1
    other.close()
    with pytest.raises(ConfigError, match="closed"):
        im.accounts.import_account(user_id="a")


def test_subclasses_keep_what_is_theirs() -> None:
    class Mine(Client):
        def __init__(self, tenant: str) -> None:
            super().__init__(7, "key")
            self.tenant = tenant

    clone = Mine("acme").with_options(timeout=5)
    assert (type(clone), clone.tenant) == (Mine, "acme")


# --- closing ----------------------------------------------------------------------------------------------------------


def is_closed(im: Client | AsyncClient) -> bool:
    try:
        im.prepare("accounts.kick", user_id="a")
    except ConfigError:
        return True
    return False


def test_close_can_wait() -> None:
    with holding_server() as server, ThreadPoolExecutor(4) as pool:
        im = client(server, timeout=600, attempt_timeout=600)
        calls = [pool.submit(im.accounts.import_account, user_id=f"user{n}") for n in range(3)]
        eventually(lambda: server.requests == 3)
        closing = pool.submit(im.close, wait=True)
        eventually(lambda: is_closed(im))
        with pytest.raises(ConfigError, match="closed"):
            im.accounts.import_account(user_id="late")
        assert not closing.done()
        server.answers.set()
        closing.result(PATIENCE)
        assert [call.result(PATIENCE) for call in calls] == [{}, {}, {}]
    im.close(wait=True)
    im.close()


def test_aclose_can_wait() -> None:
    async def main() -> None:
        with holding_server() as server:
            im = async_client(server, timeout=600, attempt_timeout=600)
            calls = [asyncio.ensure_future(im.accounts.import_account(user_id=f"user{n}")) for n in range(3)]
            await eventually_on_loop(lambda: server.requests == 3)
            closing = asyncio.ensure_future(im.aclose(wait=True))
            await eventually_on_loop(lambda: is_closed(im))
            with pytest.raises(ConfigError, match="closed"):
                await im.accounts.import_account(user_id="late")
            assert not closing.done()
            server.answers.set()
            await asyncio.wait_for(closing, PATIENCE)
            assert await asyncio.gather(*calls) == [{}, {}, {}]

    asyncio.run(main())


def test_a_close_that_waits_can_be_cut_short(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})
    im = client(emulator, timeout=600, attempt_timeout=600)
    failures: list[BaseException] = []

    def call() -> None:
        try:
            im.accounts.import_account(user_id="a")
        except CallCancelledError as error:
            failures.append(error)

    calling = threading.Thread(target=call)
    calling.start()
    eventually(lambda: emulator.requests() == 1)
    closing = threading.Thread(target=lambda: im.close(wait=True))
    closing.start()
    eventually(lambda: is_closed(im))
    im.close()
    for thread in [calling, closing]:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert len(failures) == 1


def test_waiting_for_nothing(emulator: Emulator) -> None:
    async def main() -> None:
        im = async_client(emulator, timeout=600, attempt_timeout=600)
        task = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait_for(im.aclose(wait=True), PATIENCE)

    emulator.faults({"kind": "never"})
    client(emulator).close(wait=True)
    asyncio.run(main())
