"""The lives of clients: start, threads, interrupts, closing."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import weakref
from collections import UserDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import Emulator, started_emulator
from support import (
    PATIENCE,
    async_client,
    client,
    eventually,
    eventually_on_loop,
    history,
    holding_server,
    program,
    run,
    unix_only,
)

from tencent_im import (
    AsyncClient,
    CallCancelledError,
    CallTimeoutError,
    Client,
    ConfigError,
    TencentImError,
)


@unix_only
def test_nothing_starts_before_the_first_call(emulator: Emulator) -> None:
    source = """
        import os, threading
        def busy():
            return len(os.listdir("/proc/self/task")), sorted(os.listdir("/proc/self/fd"))
        before = busy()
        from tencent_im import AsyncClient, Client
        im, other = Client(), AsyncClient()
        im.sign_user_sig("a"), im.prepare("accounts.kick", user_id="a"), repr(im)
        assert busy() == before, (before, busy())
        im.accounts.import_account(user_id="a")
        assert busy()[0] == before[0] + 1, busy()
        assert threading.active_count() == 1
    """
    if not os.path.isdir("/proc/self/task"):
        pytest.skip("needs /proc")
    program(emulator, source)


# --- threads ----------------------------------------------------------------------------------------------------------


def test_threads_share_a_client(emulator: Emulator) -> None:
    with client(emulator) as im, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: im.accounts.import_account(user_id=f"user{i}"), range(400)))
        statuses = im.accounts.check(accounts=[f"user{i}" for i in range(100)]).results
    assert {entry.account_status for entry in statuses} == {"Imported"}
    counters = emulator.counters()
    # Connections are kept and shared, and no random came twice.
    assert counters["connections"]["with_calls"] <= 32
    assert counters["random"]["repeated"] == 0


def test_the_gil_is_free_during_a_call(emulator: Emulator) -> None:
    with holding_server() as server, client(server, timeout=600, attempt_timeout=600) as im:
        calling = threading.Thread(target=lambda: im.accounts.import_account(user_id="a"))
        calling.start()
        # This thread runs, again and again, while that one waits for its answer.
        eventually(lambda: server.requests == 1)
        assert calling.is_alive()
        server.answers.set()
        calling.join(PATIENCE)
        assert not calling.is_alive()


def test_connections_are_limited(emulator: Emulator) -> None:
    emulator.faults({"kind": "delay", "delay_ms": 20})
    with client(emulator, max_connections=3) as im, ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda i: im.accounts.import_account(user_id=f"user{i}"), range(36)))
    counters = emulator.counters()
    assert counters["requests"]["max_concurrent"] == 3
    # One more may be on its way while another one becomes free.
    assert counters["connections"]["with_calls"] <= 6


def test_waiting_for_a_connection_ends_in_time(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})
    with client(emulator, max_connections=1, max_retries=0) as im, ThreadPoolExecutor(1) as pool:
        blocker = pool.submit(lambda: im.accounts.import_account(user_id="a", timeout=600, attempt_timeout=600))
        eventually(lambda: emulator.requests() == 1)
        with pytest.raises(CallTimeoutError, match="before the call could be sent") as raised:
            im.accounts.import_account(user_id="b", timeout=0.3)
        assert raised.value.maybe_applied is False
        im.close()
        with pytest.raises(CallCancelledError):
            blocker.result(PATIENCE)


def test_input_that_calls_the_client(emulator: Emulator) -> None:
    """Python code that runs while input is read must not find a lock held."""
    im = client(emulator)

    class Calling(UserDict[str, Any]):
        def __iter__(self) -> Any:
            im.accounts.import_account(user_id="inner")
            im.prepare("accounts.kick", user_id="inner")
            return super().__iter__()

    for _ in range(3):
        im.accounts.import_accounts(accounts=[Calling(user_id="outer")])  # type: ignore[list-item]
        im.prepare("accounts.import_accounts", accounts=[Calling(user_id="outer")])
    assert im.accounts.check(accounts=["inner", "outer"]).results[0].account_status == "Imported"


# --- interrupts -------------------------------------------------------------------------------------------------------


@unix_only
@pytest.mark.parametrize("fault", [{"kind": "never"}, {"kind": "delay", "delay_ms": 600_000}])
def test_ctrl_c_is_felt_at_once(emulator: Emulator, fault: dict[str, Any]) -> None:
    emulator.faults(fault)
    # Far longer than the test may take: what ends the call is the interrupt.
    with client(emulator, timeout=3600, attempt_timeout=3600) as im:

        def interrupt() -> None:
            eventually(lambda: emulator.requests() == 1)
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt) as raised:
            im.accounts.import_account(user_id="a")
        # It says whether the call may have taken effect.
        cause = raised.value.__cause__
        assert isinstance(cause, CallCancelledError)
        assert (cause.maybe_applied, cause.operation) == (True, "accounts.import_account")
        emulator.faults()
        assert im.accounts.import_account(user_id="a") == {}


@unix_only
def test_other_signals_do_not_end_a_call() -> None:
    with holding_server() as server, client(server) as im:
        # The answer comes when the handler has run, which must not wait for the answer.
        previous = signal.signal(signal.SIGUSR1, lambda _number, _frame: server.answers.set())

        def send() -> None:
            eventually(lambda: server.requests == 1)
            os.kill(os.getpid(), signal.SIGUSR1)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            assert im.accounts.import_account(user_id="a") == {}
        finally:
            sending.join(PATIENCE)
            signal.signal(signal.SIGUSR1, previous)
        assert server.requests == 1


# --- closing ----------------------------------------------------------------------------------------------------------


def test_close_ends_calls_of_other_threads(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})
    im = client(emulator, timeout=600, attempt_timeout=600)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: im.accounts.import_account(user_id="a"))
        eventually(lambda: emulator.requests() == 1)
        im.close()
        with pytest.raises(CallCancelledError, match="closed") as raised:
            waiting.result(PATIENCE)
        assert raised.value.maybe_applied is True


def test_aclose_ends_calls_of_other_tasks(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        im = async_client(emulator, timeout=600, attempt_timeout=600)
        waiting = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
        await eventually_on_loop(lambda: emulator.requests() == 1)
        await im.aclose()
        with pytest.raises(CallCancelledError):
            await waiting
        with pytest.raises(ConfigError, match="closed"):
            await im.accounts.import_account(user_id="a")

    run(main())


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What nobody refers to must end at once, not when the garbage collector comes by."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def own_emulator() -> Iterator[Emulator]:
    """One that no other test has connections to."""
    with started_emulator() as emulator:
        yield emulator


def has_connections(emulator: Emulator, count: int) -> bool:
    """Whether so many are open, besides the one that asks."""
    return bool(emulator.counters()["connections"]["open"] == count + 1)


def test_close_lets_go_of_the_connections(own_emulator: Emulator) -> None:
    im = client(own_emulator)
    im.accounts.import_account(user_id="a")
    eventually(lambda: has_connections(own_emulator, 1))
    im.close()
    eventually(lambda: has_connections(own_emulator, 0))


def fail(im: Client) -> None:
    with pytest.raises(TencentImError):
        im.messages.send(to_account="a", msg_body=[])


USES: dict[str, Callable[[Client], Any]] = {
    "a call": lambda im: im.accounts.import_account(user_id="a"),
    "a call with options": lambda im: im.with_options(timeout=9).accounts.import_account(user_id="a"),
    "a call by its name": lambda im: im.call("accounts.import_account", user_id="a"),
    "a call that fails": fail,
    "pages": lambda im: history(im, "a", "a"),
    "a run": lambda im: list(im.accounts.import_many([{"user_id": "a"}])),
    "half a run": lambda im: next(iter(im.accounts.import_many([{"user_id": f"u{n}"} for n in range(300)]))),
}


@pytest.mark.parametrize("use", USES)
def test_a_client_that_nobody_refers_to_lets_go_of_its_connections(
    own_emulator: Emulator, no_collector: None, use: str
) -> None:
    im = client(own_emulator)
    im.accounts.import_account(user_id="a")
    USES[use](im)
    # The connection is kept for the next call.
    eventually(lambda: own_emulator.counters()["connections"]["open"] > 1)
    gone = weakref.ref(im)
    del im
    assert gone() is None
    eventually(lambda: has_connections(own_emulator, 0))


def test_an_asyncio_client_that_nobody_refers_to_lets_go_of_its_connections(
    own_emulator: Emulator, no_collector: None
) -> None:
    async def main() -> weakref.ref[AsyncClient]:
        im = async_client(own_emulator)
        await im.accounts.import_account(user_id="a")
        await im.with_options(timeout=9).accounts.import_account(user_id="a")
        assert [result.outcome async for result in im.accounts.import_many([{"user_id": "a"}])] == ["done"]
        eventually(lambda: own_emulator.counters()["connections"]["open"] > 1)
        return weakref.ref(im)

    assert run(main())() is None
    eventually(lambda: has_connections(own_emulator, 0))
