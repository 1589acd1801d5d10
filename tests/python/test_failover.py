"""The fallback address, used after a connection failure."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from test_faults import closed_port

from tencent_im import AsyncClient, Client, Event, TransportError


def names(events: list[Event]) -> list[str]:
    return [event["event"] for event in events]


def test_calls_go_to_the_stand_by_and_stay(emulator: Emulator) -> None:
    events: list[Event] = []
    main = f"http://127.0.0.1:{closed_port()}"
    settings: dict[str, Any] = {"base_url": main, "fallback_url": emulator.url, "on_event": events.append}
    with Client(SDK_APP_ID, SECRET_KEY, **settings) as im:
        im.accounts.import_account(user_id="a")
        assert names(events) == ["attempt", "failure", "failover", "retry", "attempt", "reply"]
        assert (events[0]["host"], events[2]["to"], events[4]["host"]) == (main, emulator.url, emulator.url)
        # At once: the fallback is another machine.
        assert events[3]["delay_ms"] == 0
        events.clear()
        im.accounts.import_account(user_id="b")
        assert names(events) == ["attempt", "reply"]
        assert events[0]["host"] == emulator.url
    assert emulator.requests() == 2


def test_a_call_that_must_not_be_repeated_goes_there_too(emulator: Emulator) -> None:
    async def main() -> None:
        settings: dict[str, Any] = {"base_url": f"http://127.0.0.1:{closed_port()}", "fallback_url": emulator.url}
        async with AsyncClient(SDK_APP_ID, SECRET_KEY, **settings) as im:
            await asyncio.gather(*(im.groups.create(type="Public", name=f"group {n}") for n in range(20)))

    asyncio.run(main())
    groups = emulator.control("state")["apps"][str(SDK_APP_ID)]["chat"]["groups"]
    assert len(groups) == 20


def test_an_answer_that_was_lost_is_not_looked_for_elsewhere(emulator: Emulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings: dict[str, Any] = {"base_url": url, "fallback_url": emulator.url, "attempt_timeout": 2}
        with Client(SDK_APP_ID, SECRET_KEY, **settings) as im, pytest.raises(TimeoutError) as raised:
            im.groups.create(type="Public", name="group")
    assert getattr(raised.value, "maybe_applied", None) is True
    assert emulator.requests() == 0


def test_neither_can_be_reached() -> None:
    settings: dict[str, Any] = {
        "base_url": f"http://127.0.0.1:{closed_port()}",
        "fallback_url": f"http://localhost:{closed_port()}",
        "backoff": 0.01,
    }
    events: list[Event] = []
    with (
        Client(SDK_APP_ID, SECRET_KEY, **settings, on_event=events.append) as im,
        pytest.raises(TransportError) as raised,
    ):
        im.accounts.import_account(user_id="a")
    assert (raised.value.attempts, raised.value.maybe_applied) == (4, False)
    # To and fro.
    hosts = [event["host"] for event in events if event["event"] == "attempt"]
    assert hosts == [settings["base_url"], settings["fallback_url"]] * 2
