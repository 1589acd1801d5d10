"""The lives of clients: start, threads, event loops, forks, interrupts, closing, the end of the interpreter."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import (
    AsyncClient,
    CallCancelledError,
    CallTimeoutError,
    Client,
    ConfigError,
    InvalidInputError,
    TencentImError,
)

T = TypeVar("T")

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


def client(emulator: Emulator, **settings: Any) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, **settings)


def async_client(emulator: Emulator, **settings: Any) -> AsyncClient:
    return AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False, **settings)


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
        assert done.stderr == ""
    return done.stdout


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


# --- the end of the interpreter ---------------------------------------------------------------------------------------

ENDINGS: dict[str, str] = {
    "asyncio without close": """
        import asyncio
        from tencent_im import AsyncClient
        async def main():
            im = AsyncClient(rate_limits=False)
            async def work(n):
                for i in range(20):
                    await im.accounts.import_account(user_id=f"u{n}-{i}")
            await asyncio.gather(*map(work, range(16)))
        asyncio.run(main())
        print("done")
    """,
    "asyncio with calls under way": """
        import asyncio
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        async def main():
            for i in range(200):
                asyncio.ensure_future(im.accounts.import_account(user_id=f"u{i}"))
            await im.accounts.import_account(user_id="last")
        asyncio.run(main())
        print("done")
    """,
    "a loop that is never closed": """
        import asyncio
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(im.accounts.import_account(user_id="a"))
        loop.create_task(im.accounts.import_account(user_id="b"))
        loop.run_until_complete(asyncio.sleep(0))
        print("done", flush=True)
        import os; os._exit(0)
    """,
    "sync without close": """
        from tencent_im import Client
        im = Client(rate_limits=False)
        for i in range(20):
            im.accounts.import_account(user_id=f"u{i}")
        print("done")
    """,
    "daemon threads in the middle of calls": """
        import threading, time
        from tencent_im import Client
        im = Client(rate_limits=False)
        def work(n):
            while True:
                im.accounts.import_account(user_id=f"u{n}")
        for n in range(8):
            threading.Thread(target=work, args=(n,), daemon=True).start()
        time.sleep(0.3)
        print("done")
    """,
    "an exit handler that calls": """
        import atexit
        from tencent_im import Client
        im = Client(rate_limits=False)
        atexit.register(lambda: (im.accounts.import_account(user_id="a"), print("done")))
        im.accounts.import_account(user_id="b")
    """,
    "an error on the way": """
        from tencent_im import AsyncClient, Client, TencentImError
        im = Client()
        im.accounts.import_account(user_id="a")
        try:
            im.accounts.kick(user_id="nobody")
        except TencentImError:
            print("done")
    """,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_exit_is_clean(emulator: Emulator, ending: str) -> None:
    """Many times: the crashes at exit that other ways of doing this have come now and then."""
    times = 20 if "asyncio" in ending else 6
    with ThreadPoolExecutor(2) as pool:
        outputs = list(pool.map(lambda _: program(emulator, ENDINGS[ending]), range(times)))
    assert outputs == ["done\n"] * times


# --- threads ----------------------------------------------------------------------------------------------------------


def test_threads_share_a_client(emulator: Emulator) -> None:
    with client(emulator) as im, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda i: im.accounts.import_account(user_id=f"user{i}"), range(400)))
        statuses = im.accounts.check_accounts(accounts=[f"user{i}" for i in range(100)]).results
    assert {entry.account_status for entry in statuses} == {"Imported"}
    counters = emulator.counters()
    # Connections are kept and shared, and no random came twice.
    assert counters["connections"]["with_calls"] <= 32
    assert counters["random"]["repeated"] == 0


def test_the_gil_is_free_during_a_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "delay", "delay_ms": 300})
    with client(emulator) as im:
        calling = threading.Thread(target=lambda: im.accounts.import_account(user_id="a"))
        calling.start()
        ticks = 0
        while calling.is_alive():
            time.sleep(0.005)
            ticks += 1
        calling.join()
    assert ticks > 10


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
        blocker = pool.submit(lambda: im.accounts.import_account(user_id="a", timeout=1.5))
        time.sleep(0.2)
        with pytest.raises(CallTimeoutError, match="before the call could be sent") as raised:
            im.accounts.import_account(user_id="b", timeout=0.3)
        assert raised.value.maybe_applied is False
        with pytest.raises(TencentImError):
            blocker.result()


def test_input_that_calls_the_client(emulator: Emulator) -> None:
    """Python code that runs while input is read must not find a lock held."""
    im = client(emulator)

    class Calling(dict[str, Any]):
        def keys(self) -> Any:
            im.accounts.import_account(user_id="inner")
            im.prepare("accounts.kick", user_id="inner")
            return super().keys()

    for _ in range(3):
        im.accounts.import_accounts(accounts=[Calling(user_id="outer")])  # type: ignore[list-item]
        im.prepare("accounts.import_accounts", accounts=[Calling(user_id="outer")])
    assert im.accounts.check_accounts(accounts=["inner", "outer"]).results[0].account_status == "Imported"


# --- interrupts -------------------------------------------------------------------------------------------------------


@unix_only
@pytest.mark.parametrize("fault", [{"kind": "never"}, {"kind": "delay", "delay_ms": 20000}])
def test_ctrl_c_is_felt_at_once(emulator: Emulator, fault: dict[str, Any]) -> None:
    emulator.faults(fault)
    with client(emulator) as im:
        sent: list[float] = []

        def interrupt() -> None:
            time.sleep(0.3)
            sent.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt) as raised:
            im.accounts.import_account(user_id="a")
        assert time.monotonic() - sent[0] < 0.25
        # It says whether the call may have taken effect.
        cause = raised.value.__cause__
        assert isinstance(cause, CallCancelledError)
        assert (cause.maybe_applied, cause.operation) == (True, "accounts.import_account")
        emulator.faults()
        assert im.accounts.import_account(user_id="a") == {}


@unix_only
def test_other_signals_do_not_end_a_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "delay", "delay_ms": 400})
    heard: list[int] = []
    previous = signal.signal(signal.SIGUSR1, lambda number, _frame: heard.append(number))
    try:
        with client(emulator) as im:
            threading.Timer(0.1, lambda: os.kill(os.getpid(), signal.SIGUSR1)).start()
            assert im.accounts.import_account(user_id="a") == {}
    finally:
        signal.signal(signal.SIGUSR1, previous)
    assert heard


# --- asyncio ----------------------------------------------------------------------------------------------------------


def test_many_calls_at_once(emulator: Emulator) -> None:
    async def main() -> None:
        async with async_client(emulator) as im:
            await asyncio.gather(*[im.accounts.import_account(user_id=f"user{i}") for i in range(1000)])

    run(main())
    counters = emulator.counters()
    assert counters["calls"]["v4/im_open_login_svc/account_import"]["ok"] == 1000
    # One more is made now and then while another one is on its way back to the pool.
    assert counters["requests"]["max_concurrent"] <= 100
    assert counters["connections"]["with_calls"] <= 200


def test_the_loop_is_free_during_a_call(emulator: Emulator) -> None:
    emulator.faults({"kind": "delay", "delay_ms": 300})

    async def main() -> int:
        async with async_client(emulator) as im:
            calling = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
            ticks = 0
            while not calling.done():
                await asyncio.sleep(0.005)
                ticks += 1
            await calling
            return ticks

    assert run(main()) > 10


def cancelled_call(error: BaseException) -> CallCancelledError:
    """What a cancelled call says of itself. Tasks of Python 3.10 raise a new exception over the call's own."""
    found = error if error.__cause__ else error.__context__
    assert found is not None
    assert isinstance(found.__cause__, CallCancelledError)
    return found.__cause__


def test_cancellation(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        async with async_client(emulator) as im:
            task = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            assert cancelled_call(raised.value).maybe_applied is True
            # The connection of a cancelled call is gone, too.
            for _ in range(100):
                if emulator.counters()["requests"]["now"] == 0:
                    break
                await asyncio.sleep(0.02)
            assert emulator.counters()["requests"]["now"] == 0
            emulator.faults()
            assert await im.accounts.import_account(user_id="a") == {}

    run(main())


def test_cancellation_before_anything_is_sent(emulator: Emulator) -> None:
    async def main() -> None:
        im = AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits={"accounts.kick": 0.001})
        with pytest.raises(TencentImError):
            await im.accounts.kick(user_id="nobody")
        task = asyncio.ensure_future(im.accounts.kick(user_id="nobody", timeout=3000))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as raised:
            await task
        assert cancelled_call(raised.value).maybe_applied is False

    run(main())


def test_wait_for(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        async with async_client(emulator) as im:
            started = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(im.accounts.import_account(user_id="a"), 0.2)
            assert time.monotonic() - started < 1

    run(main())


def test_bad_input_is_raised_where_it_is_awaited(emulator: Emulator) -> None:
    async def main() -> None:
        async with async_client(emulator) as im:
            results = await asyncio.gather(
                im.accounts.kick(user_id=""), im.accounts.import_account(user_id="a"), return_exceptions=True
            )
        assert isinstance(results[0], InvalidInputError)
        assert results[1] == {}

    run(main())


def test_loops_one_after_the_other(emulator: Emulator) -> None:
    from tencent_im import _loop

    others = list(_loop._queues)
    im = async_client(emulator)

    async def main(name: str) -> Any:
        return await im.accounts.import_account(user_id=name)

    for i in range(5):
        assert run(main(f"user{i}")) == {}
    # The queue of a loop lives as long as the loop.
    gc.collect()
    assert len([loop for loop in _loop._queues if loop not in others]) <= 1


def test_loops_at_the_same_time(emulator: Emulator) -> None:
    im = async_client(emulator)

    async def main(name: int) -> None:
        await asyncio.gather(*[im.accounts.import_account(user_id=f"user{name}-{i}") for i in range(50)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: run(main(name)), range(4)))
    assert emulator.counters()["calls"]["v4/im_open_login_svc/account_import"]["ok"] == 200


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """A loop that cannot watch sockets, like the one of Windows."""

    def add_reader(self, *_: Any) -> None:  # type: ignore[override]
        raise NotImplementedError


def test_loops_that_cannot_watch_sockets(emulator: Emulator) -> None:
    im = async_client(emulator)

    async def main() -> None:
        await asyncio.gather(*[im.accounts.import_account(user_id=f"user{i}") for i in range(100)])
        for i in range(20):
            await im.accounts.import_account(user_id=f"user{i}")
        with pytest.raises(TencentImError):
            await im.accounts.kick(user_id="nobody")

    before = threading.active_count()
    loop = LoopWithoutReaders()
    loop.run_until_complete(asyncio.wait_for(main(), 30))
    loop.close()
    del loop
    for _ in range(100):
        gc.collect()
        if threading.active_count() == before:
            break
        time.sleep(0.02)
    assert threading.active_count() == before


# --- closing ----------------------------------------------------------------------------------------------------------


def test_close_ends_calls_of_other_threads(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})
    im = client(emulator)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: im.accounts.import_account(user_id="a"))
        time.sleep(0.2)
        started = time.monotonic()
        im.close()
        with pytest.raises(CallCancelledError, match="closed") as raised:
            waiting.result(timeout=5)
        assert time.monotonic() - started < 1
        assert raised.value.maybe_applied is True


def test_aclose_ends_calls_of_other_tasks(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        im = async_client(emulator)
        waiting = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
        await asyncio.sleep(0.2)
        await im.aclose()
        with pytest.raises(CallCancelledError):
            await waiting
        with pytest.raises(ConfigError, match="closed"):
            await im.accounts.import_account(user_id="a")

    run(main())


def test_close_lets_go_of_the_connections(emulator: Emulator) -> None:
    def open_connections() -> int:
        count: int = emulator.counters()["connections"]["open"]
        return count

    before = open_connections()
    for close in [True, False]:
        im = client(emulator)
        im.accounts.import_account(user_id="a")
        assert open_connections() == before + 1
        if close:
            im.close()
        del im
        for _ in range(100):
            if open_connections() == before:
                break
            time.sleep(0.02)
        assert open_connections() == before


# --- forks ------------------------------------------------------------------------------------------------------------


@unix_only
def test_a_client_works_on_after_a_fork(emulator: Emulator) -> None:
    source = """
        import os, sys, threading, warnings
        warnings.simplefilter("ignore")
        from tencent_im import Client
        im = Client(rate_limits=False)
        im.accounts.import_account(user_id="parent")
        stop = threading.Event()
        def work():
            while not stop.is_set():
                im.accounts.import_account(user_id="busy")
        threads = [threading.Thread(target=work) for _ in range(4)]
        [thread.start() for thread in threads]
        children = []
        for n in range(20):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    im.accounts.import_account(user_id=f"child{n}", timeout=10)
                    im.close()
                    status = 0
                finally:
                    os._exit(status)
            children.append(child)
        failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
        stop.set()
        [thread.join() for thread in threads]
        im.accounts.import_account(user_id="parent")
        print(failed)
    """
    assert program(emulator, source) == "[]\n"
    # Parent and children never wrote into the same connection.
    calls = emulator.counters()["calls"]
    assert list(calls) == ["v4/im_open_login_svc/account_import"]
    assert set(calls["v4/im_open_login_svc/account_import"]["codes"]) <= {"0"}
    assert emulator.counters()["random"]["repeated"] == 0


@unix_only
def test_an_asyncio_client_works_on_after_a_fork(emulator: Emulator) -> None:
    source = """
        import asyncio, os, warnings
        warnings.simplefilter("ignore")
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        async def main(name):
            await asyncio.gather(*[im.accounts.import_account(user_id=f"{name}{i}") for i in range(20)])
        asyncio.run(main("parent"))
        children = []
        for n in range(5):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    asyncio.run(asyncio.wait_for(main(f"child{n}-"), 10))
                    status = 0
                finally:
                    os._exit(status)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children])
        asyncio.run(main("parent"))
    """
    assert program(emulator, source) == "[0, 0, 0, 0, 0]\n"


@unix_only
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_a_child_that_drops_a_client_leaves_the_parents_connections_alone(emulator: Emulator, kind: str) -> None:
    """Sockets and their registration with the system are shared after a fork: who undoes one does so for both."""
    source = f"""
        import asyncio, gc, os, sys, time, warnings
        warnings.simplefilter("ignore")
        from tencent_im import {kind}
        loop = asyncio.new_event_loop()
        im = {kind}(rate_limits=False, max_retries=0, timeout=5)
        def call():
            result = im.accounts.import_account(user_id="a")
            return loop.run_until_complete(result) if {kind == "AsyncClient"} else result
        for how in ["drop", "close", "exit"]:
            call()
            child = os.fork()
            if child == 0:
                if how == "close":
                    im._native.close()
                if how == "exit":
                    sys.exit(0)
                del im
                gc.collect()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            started = time.monotonic()
            call()
            print(how, time.monotonic() - started < 1)
    """
    assert program(emulator, source) == "drop True\nclose True\nexit True\n"
    assert emulator.counters()["connections"]["with_calls"] == 1


def _in_child(im_url: str) -> str:
    with Client(SDK_APP_ID, SECRET_KEY, base_url=im_url) as im:
        return type(im.accounts.import_account(user_id="pooled")).__name__


@unix_only
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_multiprocessing(emulator: Emulator) -> None:
    with client(emulator) as im:
        im.accounts.import_account(user_id="parent")
        for method in ["fork", "spawn"]:
            with multiprocessing.get_context(method).Pool(2) as pool:
                assert pool.map_async(_in_child, [emulator.url] * 4).get(30) == ["Empty"] * 4
