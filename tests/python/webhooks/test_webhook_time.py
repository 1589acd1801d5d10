"""Handlers that are late, never return or fail: the answer goes out in time all the same."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import threading
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from support import PATIENCE, eventually
from webhook_support import (
    AFTER,
    ALLOWED,
    BEFORE,
    FRIENDS,
    TOKEN,
    Door,
    LoopDoor,
    answered,
    body,
    hooks,
    query,
    receive,
    slowly,
)

from tencent_im import CallTimeoutError, TencentImError, WebhookError
from tencent_im.webhooks import Event, allow, drop, reject

REJECTED = ALLOWED | {"ErrorCode": 1}

#: Makes a handler that waits for the gate, or for so many seconds, then returns a value.
Sleeper = Callable[[Any, Any], Any]


@pytest.fixture
def sleeper(is_async: bool) -> Sleeper:
    """Makes a handler that takes its time."""

    return lambda until, returned: slowly(until, lambda event: returned, is_async=is_async)


@pytest.mark.parametrize(
    ("on_late", "expected"),
    [
        ("allow", ALLOWED),
        ("reject", REJECTED),
        (drop(), ALLOWED | {"ErrorCode": 2}),
        ({BEFORE: reject(120009, "later")}, ALLOWED | {"ErrorCode": 120009, "ErrorInfo": "later"}),
        ({FRIENDS: "reject"}, ALLOWED),
        ({BEFORE: allow()}, ALLOWED),
    ],
)
def test_a_late_handler_is_answered_for_and_goes_on(
    door: Door, sleeper: Sleeper, on_late: Any, expected: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if on_late == drop():
        on_late = {BEFORE: on_late}
    errors: list[tuple[Any, Any]] = []
    events: list[Event[Any]] = []
    receiver = hooks(budget=0.1, on_late=on_late, on_error=lambda *given: errors.append(given))
    gate = threading.Event()
    slow = sleeper(gate, reject(120001))

    def note(event: Any) -> Any:
        events.append(event)
        return slow(event)

    receiver.on("C2C.CallbackBeforeSendMsg", note)
    # It comes although the handler cannot end.
    assert answered(door(receiver, BEFORE)) == expected
    [event] = events
    assert (event.answered, event.is_late, event.time_left) == (True, True, 0)
    [(error, of)] = errors
    assert of is event
    assert isinstance(error, CallTimeoutError)
    assert "took longer than 0.1 s" in str(error)
    gate.set()
    receiver.close()
    assert re.search(r"the late handler ended \d+\.\d s after the answer", caplog.text)
    assert "had no effect: Reject" in caplog.text


def test_a_handler_that_is_in_time_is_not_late(door: Door, sleeper: Sleeper) -> None:
    errors: list[Any] = []
    receiver = hooks(budget=1.9, on_error=lambda *given: errors.append(given))
    receiver.on("C2C.CallbackBeforeSendMsg", sleeper(0.05, reject(120001)))
    assert answered(door(receiver, BEFORE))["ErrorCode"] == 120001
    assert errors == []


class Bad(BaseException):
    """Not an Exception."""


@pytest.mark.parametrize("raised", [ValueError("secret plan"), TimeoutError(), StopIteration(), Bad(), SystemExit(3)])
def test_an_exception_never_reaches_http(door: Door, is_async: bool, raised: BaseException) -> None:
    errors: list[tuple[Any, Any]] = []
    receiver = hooks(on_late="reject", on_error=lambda *given: errors.append(given))

    def fail(event: Any) -> None:
        raise raised

    async def fail_async(event: Any) -> None:
        raise raised

    receiver.on("C2C.CallbackBeforeSendMsg", fail_async if is_async else fail)
    assert answered(door(receiver, BEFORE)) == REJECTED
    # What raises now can raise again: neither a thread nor a loop has ended by it.
    assert answered(door(receiver, BEFORE)) == REJECTED
    [_, (error, event)] = errors
    receiver.close()
    if isinstance(raised, StopIteration):
        assert isinstance(error, RuntimeError if is_async else StopIteration)
    elif isinstance(raised, Exception):
        # Between threads, concurrent.futures makes a TimeoutError anew.
        assert (type(error), error.args) == (type(raised), raised.args)
    else:
        assert isinstance(error, WebhookError)
        assert error.__cause__ is raised
    assert event.command == BEFORE


@pytest.mark.parametrize("raised", [ValueError("x"), Bad(), SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
@pytest.mark.parametrize("background", [0, 8])
def test_nothing_that_is_raised_in_the_background_is_lost(
    door: Door, is_async: bool, background: int, raised: BaseException
) -> None:
    errors: list[Any] = []
    receiver = hooks(background=background, on_error=lambda error, event: errors.append((error, event.command)))

    def fail(event: Any) -> None:
        raise raised

    async def fail_async(event: Any) -> None:
        raise raised

    seen: list[str] = []
    receiver.on("C2C.CallbackAfterSendMsg", fail_async if is_async else fail)
    receiver.on("C2C.CallbackAfterSendMsg", lambda event: seen.append(event.id))
    for _ in range(2):
        assert answered(door(receiver, AFTER)) == ALLOWED
    receiver.close()
    assert [command for _, command in errors] == [AFTER] * 2
    error = errors[0][0]
    assert (error if isinstance(raised, Exception) else error.__cause__) is raised
    if not isinstance(raised, GeneratorExit):
        # That one ends a coroutine, and with it the handlers that follow.
        assert len(seen) == 2


def test_a_plain_function_may_give_a_coroutine_that_exits(door: Door) -> None:
    errors: list[Any] = []
    receiver = hooks(on_late="reject", on_error=lambda error, event: errors.append(error))

    async def leave() -> None:
        raise SystemExit(3)

    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: leave())
    for _ in range(2):
        assert answered(door(receiver, BEFORE)) == REJECTED
    assert [type(error.__cause__) for error in errors] == [SystemExit] * 2
    receiver.close()


def test_a_late_handler_may_fail(door: Door, is_async: bool) -> None:
    errors: list[Any] = []
    receiver = hooks(budget=0.05, on_error=lambda error, event: errors.append(error))

    def fail(event: Any) -> None:
        raise ValueError("late")

    gate = threading.Event()
    receiver.on("C2C.CallbackBeforeSendMsg", slowly(gate, fail, is_async=is_async))
    assert answered(door(receiver, BEFORE)) == ALLOWED
    gate.set()
    receiver.close()
    assert [type(error) for error in errors] == [CallTimeoutError, ValueError]


def test_a_handler_that_is_cancelled_is_answered_for(door: Door) -> None:
    errors: list[Any] = []
    receiver = hooks(on_late="reject", on_error=lambda error, event: errors.append(error))

    @receiver.on("C2C.CallbackBeforeSendMsg")
    async def cancelled(event: Any) -> None:
        raise asyncio.CancelledError

    @receiver.on("C2C.CallbackAfterSendMsg")
    async def cancelled_too(event: Any) -> None:
        raise asyncio.CancelledError

    assert answered(door(receiver, BEFORE)) == REJECTED
    assert "was cancelled" in str(errors[0])
    for _ in range(3):
        assert answered(door(receiver, AFTER)) == ALLOWED
    receiver.close(timeout=PATIENCE)
    assert receiver._runner.under_way() == 0


def test_without_on_error_the_log_has_it(door: Door, is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    receiver = hooks()

    def fail(event: Any) -> None:
        raise ValueError("what went wrong")

    receiver.on("C2C.CallbackBeforeSendMsg", fail)
    assert answered(door(receiver, BEFORE)) == ALLOWED
    [record] = caplog.records
    assert (record.levelno, record.name) == (logging.ERROR, "tencent_im.webhooks")
    assert f"{BEFORE}: a handler failed" in caplog.text
    assert "ValueError: what went wrong" in caplog.text
    assert TOKEN not in caplog.text


def test_an_on_error_that_fails_is_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    def on_error(error: Exception, event: Any) -> None:
        raise KeyError("oh")

    receiver = hooks(on_error=on_error)
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: 1 / 0)  # type: ignore[call-overload]
    assert answered(door(receiver, BEFORE)) == ALLOWED
    assert "on_error raised" in caplog.text
    assert "ZeroDivisionError" in caplog.text


# --- handlers that never return --------------------------------------------------------------------------------------


def test_sync_handlers_that_never_return(door: Door) -> None:
    """They take every thread: later events are answered by default, in time, and nothing piles up."""
    errors: list[TencentImError] = []
    release = threading.Event()
    receiver = hooks(
        budget=0.05, threads=3, max_queue=5, on_late="reject", on_error=lambda error, event: errors.append(error)
    )

    @receiver.on("C2C.CallbackBeforeSendMsg")
    def never(event: Any) -> None:
        release.wait(60)

    for _ in range(20):
        assert answered(door(receiver, BEFORE)) == REJECTED
    assert receiver._runner.under_way() == 3
    texts = [str(error) for error in errors]
    assert sum("given up" in text for text in texts) == 17
    release.set()
    receiver.close(timeout=PATIENCE)
    assert receiver._runner.under_way() == 0


def test_threads_that_are_all_busy_do_not_let_events_pile_up() -> None:
    """All at once, so that they fill the queue for a thread."""
    door = LoopDoor()
    errors: list[TencentImError] = []
    release = threading.Event()
    receiver = hooks(budget=0.3, threads=2, max_queue=5, on_error=lambda error, event: errors.append(error))

    @receiver.on("C2C.CallbackBeforeSendMsg")
    def never(event: Any) -> None:
        release.wait(60)

    async def flood() -> list[Any]:
        line, content = query(), body()
        return await asyncio.gather(*[receiver.areceive(line, content) for _ in range(20)])

    asyncio.run_coroutine_threadsafe(flood(), door.loop).result(PATIENCE)
    assert sum("no thread is free" in str(error) for error in errors) >= 13
    release.set()
    receiver.close(timeout=PATIENCE)
    door.close()


def test_async_handlers_that_never_return(door: Door) -> None:
    errors: list[TencentImError] = []
    receiver = hooks(budget=0.02, max_queue=5, on_error=lambda error, event: errors.append(error))
    events: list[weakref.ref[Event[Any]]] = []

    class Kept(list[int]):
        pass

    @receiver.on("C2C.CallbackBeforeSendMsg")
    async def never(event: Event[Any]) -> None:
        kept = Kept([1])
        events.append(weakref.ref(kept))  # type: ignore[arg-type]
        await asyncio.Event().wait()

    for _ in range(30):
        assert answered(door(receiver, BEFORE)) == ALLOWED
    eventually(lambda: sum("given up" in str(error) for error in errors) == 25)
    # Those that were given up are gone.
    eventually(lambda: gc.collect() * 0 == 0 and sum(event() is not None for event in events) <= 6)
    receiver.close(timeout=0.1)
    eventually(lambda: receiver._runner.under_way() == 0)
    gc.collect()
    eventually(lambda: gc.collect() * 0 == 0 and sum(event() is not None for event in events) <= 1)


def test_a_thousand_late_handlers_at_once() -> None:
    door = LoopDoor()
    gate = threading.Event()
    receiver = hooks(budget=0.5, on_error=lambda error, event: None)

    @receiver.on("C2C.CallbackBeforeSendMsg")
    async def slow(event: Any) -> Any:
        # The test opens the gate from another thread.
        while not gate.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return reject(120001)

    async def flood() -> list[Any]:
        line, content = query(), body()
        return await asyncio.gather(*[receiver.areceive(line, content) for _ in range(1_000)])

    answers = asyncio.run_coroutine_threadsafe(flood(), door.loop).result(PATIENCE)
    assert all(answered(answer) == ALLOWED for answer in answers)
    assert receiver._runner.under_way() == 1_000
    gate.set()
    receiver.close()
    assert receiver._runner.under_way() == 0
    door.close()


def test_a_server_that_gives_a_request_up_leaves_the_handler_alone() -> None:
    door = LoopDoor()
    seen: list[Event[Any]] = []
    receiver, gate = hooks(budget=1.9), threading.Event()
    receiver.on("C2C.CallbackBeforeSendMsg", slowly(gate, seen.append, is_async=True))

    async def give_up() -> None:
        task = asyncio.ensure_future(receiver.areceive(query(), body()))
        # An async handler begins at once.
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run_coroutine_threadsafe(give_up(), door.loop).result(PATIENCE)
    gate.set()
    receiver.close()
    assert [event.is_late for event in seen] == [True]
    door.close()


def test_sync_handlers_see_the_context_of_the_request() -> None:
    import contextvars

    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")
    receiver = hooks()
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: reject(120001, variable.get()))
    variable.set("request 7")
    assert answered(receive(receiver, BEFORE))["ErrorInfo"] == "request 7"
