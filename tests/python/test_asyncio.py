"""Calls under asyncio: many at once, cancellation, event loops of all sorts."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from support import PATIENCE, async_client, eventually, eventually_on_loop, holding_server, run

from tencent_im import (
    AsyncClient,
    CallCancelledError,
    InvalidInputError,
    NotFoundError,
    TencentImError,
    _loop,
)


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


def test_the_loop_is_free_during_a_call() -> None:
    async def main() -> None:
        with holding_server() as server:
            async with async_client(server, timeout=600, attempt_timeout=600) as im:
                calling = asyncio.ensure_future(im.accounts.import_account(user_id="a"))
                # The loop turns, again and again, while the call waits for its answer.
                await eventually_on_loop(lambda: server.requests == 1)
                assert not calling.done()
                server.answers.set()
                assert await calling == {}

    run(main())


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
            await eventually_on_loop(lambda: emulator.requests() == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            assert cancelled_call(raised.value).maybe_applied is True
            # The connection of a cancelled call is gone, too.
            await eventually_on_loop(lambda: emulator.counters()["requests"]["now"] == 0)
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


def test_when_many_are_cancelled_the_others_move_up(emulator: Emulator) -> None:
    async def main() -> None:
        settings: dict[str, Any] = {"rate_limits": {"accounts.import_account": 20}, "timeout": 600}
        async with async_client(emulator, **settings) as im:
            calls = [asyncio.create_task(im.accounts.import_account(user_id=f"user{n}")) for n in range(2_000)]
            await calls[0]
            for call in calls[1:-20]:
                call.cancel()
            # The last of them were told to wait for 99 seconds.
            await asyncio.wait_for(asyncio.gather(*calls[-20:]), 30)

    run(main())
    assert 21 <= emulator.requests() < 1_000


def test_cancellation_when_the_answer_has_just_come(emulator: Emulator) -> None:
    async def main() -> BaseException:
        async with async_client(emulator) as im:
            task = asyncio.create_task(im.accounts.import_account(user_id="a"))
            waits_for: Any = None
            while waits_for is None or not waits_for.done():
                await asyncio.sleep(0)
                waits_for = getattr(task, "_fut_waiter", None) or waits_for
            # The outcome is there, and the task has not heard of it yet.
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            return raised.value

    error = cancelled_call(run(main()))
    assert (error.maybe_applied, error.operation, error.attempts) == (True, "accounts.import_account", 1)
    assert emulator.requests() == 1


def drained_after_the_cancellation(emulator: Emulator, op: str, **fields: Any) -> BaseException:
    """Cancels a call whose answer is drained before its task has its turn."""

    async def main() -> BaseException:
        async with async_client(emulator, max_retries=0) as im:
            task = asyncio.create_task(im.call(op, **fields))
            await asyncio.sleep(0)
            [queue] = [queue for loop, queue in _loop._queues.items() if loop is asyncio.get_running_loop()]
            # Keeps the loop from looking until the answer is there; a thread of the test waits for that instead.
            assert queue.wait()
            task.cancel()
            queue.drain()
            with pytest.raises(asyncio.CancelledError) as raised:
                await task
            return raised.value

    return run(main())


def test_an_answer_that_is_drained_after_the_cancellation_is_told(emulator: Emulator) -> None:
    for _ in range(20):
        error = cancelled_call(drained_after_the_cancellation(emulator, "groups.create", type="Public", name="group"))
        assert (error.maybe_applied, error.operation, error.attempts) == (True, "groups.create", 1)
        assert "succeeded" in error.message


def test_an_error_that_is_drained_after_the_cancellation_is_told(emulator: Emulator) -> None:
    cancelled = drained_after_the_cancellation(emulator, "accounts.kick", user_id="nobody")
    found = cancelled if cancelled.__cause__ else cancelled.__context__
    assert found is not None
    error = found.__cause__
    assert isinstance(error, NotFoundError)
    assert (error.maybe_applied, error.attempts, error.operation) == (False, 1, "accounts.kick")


def test_a_coroutine_that_is_closed_gives_its_call_up(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        im = async_client(emulator)
        coroutine = im.accounts.import_account(user_id="a")
        coroutine.send(None)
        assert im._native.under_way() == 1
        coroutine.close()
        # Waits for those under way.
        await im.aclose(wait=True)

    run(main())


def test_closing_reaches_calls_that_have_just_begun_to_wait(emulator: Emulator) -> None:
    async def main(pause: float) -> None:
        settings: dict[str, Any] = {"rate_limits": {"accounts.import_account": 1}, "timeout": 600}
        im = async_client(emulator, **settings)
        calls = [asyncio.create_task(im.accounts.import_account(user_id="a")) for _ in range(3)]
        await asyncio.sleep(pause)
        await im.aclose()
        ended = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), PATIENCE)
        assert all(isinstance(end, CallCancelledError) for end in ended if isinstance(end, BaseException))

    async def often() -> None:
        for number in range(300):
            await main(number % 30 / 20_000)

    run(often())


def test_wait_for(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        async with async_client(emulator, timeout=600, attempt_timeout=600) as im:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(im.accounts.import_account(user_id="a"), 0.2)

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
    loop.run_until_complete(asyncio.wait_for(main(), PATIENCE))
    loop.close()
    del loop
    gc.collect()
    eventually(lambda: threading.active_count() <= before)
