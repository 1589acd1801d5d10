"""Async handlers begin at once, and are tasks of their own all the same."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from webhook_support import ALLOWED, APP, BEFORE, answered, body, hooks, query

from tencent_im.webhooks import Event, Webhooks, reject

REJECTED = ALLOWED | {"ErrorCode": 120001}


async def ask(receiver: Webhooks) -> dict[str, Any]:
    return answered(await receiver.areceive(query(), body()))


def run(handler: Callable[[Event[Any]], Awaitable[Any]], *, times: int = 3, **settings: Any) -> list[Any]:
    """Hands some events to a handler, one after the other on one loop. The first ones prepare the later ones."""
    errors: list[Exception] = []
    receiver = hooks(on_error=lambda error, event: errors.append(error), **settings)
    receiver.on(BEFORE, handler)

    async def main() -> list[Any]:
        answers = []
        for _ in range(times):
            answers.append(await asyncio.wait_for(ask(receiver), 10))
            await asyncio.sleep(0)
        # Nothing is left that a program would wait for.
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return answers

    answers = asyncio.run(main(), debug=True)
    receiver.close()
    assert errors == []
    return answers


def test_a_handler_that_waits_for_nothing_has_ended_before_the_loop_turns() -> None:
    receiver = hooks()
    turns: list[str] = []

    @receiver.on(BEFORE)
    async def decide(event: Event[Any]) -> Any:
        turns.append("handler")
        return reject(120001)

    async def main() -> None:
        for _ in range(2):
            await ask(receiver)
            await asyncio.sleep(0)
        turns.clear()
        asyncio.get_running_loop().call_soon(turns.append, "turn")
        assert await ask(receiver) == REJECTED
        assert turns == ["handler"]

    asyncio.run(main())


def test_a_handler_is_one_task_from_its_beginning_to_its_end() -> None:
    seen: list[tuple[Any, Any]] = []

    async def decide(event: Event[Any]) -> Any:
        before = asyncio.current_task()
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        seen.append((before, asyncio.current_task()))
        return reject(120001)

    assert run(decide) == [REJECTED] * 3
    assert all(before is after is not None for before, after in seen)
    assert len({id(before) for before, _ in seen}) == 3


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout")
def test_timeouts_and_task_groups_hit_the_handler_alone() -> None:
    timeout: Any = getattr(asyncio, "timeout", None)
    group: Any = getattr(asyncio, "TaskGroup", None)

    async def fail() -> None:
        raise ValueError

    async def decide(event: Event[Any]) -> Any:
        caught = []
        try:
            async with timeout(0.01):
                await asyncio.sleep(10)
        except TimeoutError:
            caught.append("timeout")
        try:
            async with timeout(0):
                await asyncio.sleep(10)
        except TimeoutError:
            caught.append("timeout at once")
        try:
            async with group() as tasks:
                tasks.create_task(fail())
                await asyncio.sleep(10)
        except BaseException as error:
            caught.append(type(error).__name__)
        return reject(120001, " ".join(caught))

    assert run(decide) == [REJECTED | {"ErrorInfo": "timeout timeout at once ExceptionGroup"}] * 3


def test_a_timeout_that_is_over_before_the_first_wait() -> None:
    async def decide(event: Event[Any]) -> Any:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_soon(task.cancel)
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            getattr(task, "uncancel", int)()
            await asyncio.sleep(0.001)
            return reject(120001, "cancelled")
        return None

    assert run(decide) == [REJECTED | {"ErrorInfo": "cancelled"}] * 3


def test_what_a_cancelled_handler_waits_for_is_cancelled() -> None:
    async def decide(event: Event[Any]) -> Any:
        task = asyncio.current_task()
        assert task is not None
        waits_for: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task.cancel()
        try:
            await waits_for
        except asyncio.CancelledError:
            return reject(120001, str(waits_for.cancelled()))
        return None

    # A task that cancels itself feels it where it waits next.
    assert run(decide) == [REJECTED | {"ErrorInfo": "True"}] * 3


def test_a_handler_sees_the_context_of_its_request() -> None:
    request: contextvars.ContextVar[str] = contextvars.ContextVar("request")
    receiver = hooks()

    @receiver.on(BEFORE)
    async def decide(event: Event[Any]) -> Any:
        before = request.get()
        request.set(f"{before}'")
        await asyncio.sleep(0.001)
        return reject(120001, request.get())

    async def main() -> None:
        for name in ["a", "b", "c", "d"]:
            request.set(name)
            assert (await ask(receiver))["ErrorInfo"] == f"{name}'"
            assert request.get() == name
            await asyncio.sleep(0)

    asyncio.run(main())


def test_many_handlers_may_wait_for_one_thing() -> None:
    receiver = hooks()
    shared: list[asyncio.Future[str]] = []

    @receiver.on(BEFORE)
    async def decide(event: Event[Any]) -> Any:
        return reject(120001, await shared[0])

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            shared[:] = [loop.create_future()]
            asks = [asyncio.ensure_future(ask(receiver)) for _ in range(5)]
            await asyncio.sleep(0)
            # Awaits the same, after the first step of a handler and before its second.
            asks.append(asyncio.ensure_future(ask(receiver)))
            waits = asyncio.ensure_future(asyncio.wait_for(shared[0], 10))
            loop.call_later(0.01, shared[0].set_result, "done")
            answers = await asyncio.gather(*asks)
            assert [answer["ErrorInfo"] for answer in answers] == ["done"] * 6
            assert await waits == "done"

    asyncio.run(main())


def test_whoever_asks_for_the_end_of_the_task_is_told() -> None:
    ended: list[Any] = []
    tasks: list[Any] = []

    async def decide(event: Event[Any]) -> Any:
        task = asyncio.current_task()
        assert task is not None
        tasks.append(task)
        task.add_done_callback(lambda task: ended.append(task))
        return reject(120001)

    assert run(decide, times=5) == [REJECTED] * 5
    assert [id(task) for task in ended] == [id(task) for task in tasks]
    # None was used twice.
    assert len({id(task) for task in tasks}) == 5
    assert all(task.done() for task in tasks)


def test_a_program_with_tasks_of_its_own_keeps_them() -> None:
    made: list[Any] = []
    receiver = hooks()

    class Own(asyncio.Task[Any]):
        pass

    def factory(loop: Any, coroutine: Any, **options: Any) -> Any:
        return Own(coroutine, loop=loop, **options)

    @receiver.on(BEFORE)
    async def decide(event: Event[Any]) -> Any:
        made.append(asyncio.current_task())
        return reject(120001)

    async def main() -> None:
        asyncio.get_running_loop().set_task_factory(factory)
        for _ in range(3):
            assert await ask(receiver) == REJECTED

    asyncio.run(main())
    assert [type(task) for task in made] == [Own] * 3


def test_loops_that_come_and_go_end_without_a_word() -> None:
    source = f"""if True:
        import asyncio, gc
        from tencent_im.webhooks import Webhooks
        hooks = Webhooks({APP}, verify=False)
        @hooks.on("{BEFORE}")
        async def decide(event):
            if event.body.from_account == "slow":
                await asyncio.sleep(0.001)
        async def main():
            for n in range(4):
                content = {{"CallbackCommand": "{BEFORE}", "From_Account": ["quick", "slow"][n % 2]}}
                assert (await hooks.areceive("SdkAppid={APP}", content)).status == 200
                await asyncio.sleep(0)
        asyncio.run(main())
        for _ in range(3):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(main())
            loop.close()
            del loop
            gc.collect()
        print("ended")
    """
    done = subprocess.run([sys.executable, "-X", "dev", "-c", source], capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("ended\n", "", 0)
