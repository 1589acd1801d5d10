"""Handlers that run where the request is handled, and those that hold its answer up."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from webhook_support import AFTER, ALLOWED, BEFORE, Door, answered, hooks, receive

from tencent_im import CallTimeoutError, WebhookError
from tencent_im.webhooks import MemoryStore, reject

REJECTED = ALLOWED | {"ErrorCode": 120001}


def threads_of_handlers() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("tencent-im-webhook-")}


@pytest.mark.parametrize("make_store", [lambda: None, MemoryStore])
def test_without_threads_a_handler_runs_where_the_request_is_handled(door: Door, make_store: Any) -> None:
    receiver = hooks(threads=0, store=make_store())
    seen: list[tuple[bool, bool]] = []

    @receiver.on("C2C.CallbackBeforeSendMsg")
    def decide(event: Any) -> Any:
        try:
            is_on_loop = asyncio.get_running_loop() is not None
        except RuntimeError:
            is_on_loop = False
        seen.append((threading.current_thread() is threading.main_thread(), is_on_loop))
        return reject(120001)

    before = threads_of_handlers()
    for n in range(3):
        assert answered(door(receiver, BEFORE, MsgKey=str(n))) == REJECTED
    is_receive = door is receive
    assert seen == [(is_receive, not is_receive)] * 3
    assert threads_of_handlers() == before
    receiver.close()


def test_without_threads_what_has_happened_still_has_some(door: Door) -> None:
    receiver = hooks(threads=0)
    names: list[str] = []
    receiver.on("C2C.CallbackAfterSendMsg", lambda event: names.append(threading.current_thread().name))
    assert answered(door(receiver, AFTER)) == ALLOWED
    receiver.close()
    assert [name.startswith("tencent-im-webhook-background") for name in names] == [True]


def test_without_threads_a_function_may_return_what_is_to_be_awaited(door: Door) -> None:
    receiver = hooks(threads=0)

    async def later() -> Any:
        await asyncio.sleep(0.001)
        return reject(120001)

    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: later())
    assert answered(door(receiver, BEFORE)) == REJECTED
    receiver.close()


@pytest.mark.parametrize("raised", [ValueError("x"), StopIteration(), SystemExit(3)])
def test_without_threads_an_exception_never_reaches_http(door: Door, raised: BaseException) -> None:
    errors: list[Exception] = []
    receiver = hooks(threads=0, on_late={BEFORE: reject(120001)}, on_error=lambda error, event: errors.append(error))

    def fail(event: Any) -> None:
        raise raised

    receiver.on("C2C.CallbackBeforeSendMsg", fail)
    assert answered(door(receiver, BEFORE)) == REJECTED
    [error] = errors
    assert raised in (error, error.__cause__) or isinstance(error, RuntimeError)
    assert isinstance(raised, Exception) or isinstance(error, WebhookError)


def test_ctrl_c_ends_the_program_whose_thread_it_is() -> None:
    receiver = hooks(threads=0)

    def interrupt(event: Any) -> None:
        raise KeyboardInterrupt

    receiver.on("C2C.CallbackBeforeSendMsg", interrupt)
    with pytest.raises(KeyboardInterrupt):
        receive(receiver, BEFORE)


def test_a_handler_that_holds_its_answer_up_is_told(door: Door, is_async: bool) -> None:
    """A sync one without threads, and an async one that blocks the loop."""
    if is_async and door is receive:
        pytest.skip("its loop runs on another thread, so that the answer need not wait")
    errors: list[Exception] = []
    receiver = hooks(threads=0, budget=0.05, on_error=lambda error, event: errors.append(error))

    def slow(event: Any) -> Any:
        time.sleep(0.4)
        return reject(120001)

    async def slow_async(event: Any) -> Any:
        return slow(event)

    receiver.on("C2C.CallbackBeforeSendMsg", slow_async if is_async else slow)
    for _ in range(3):
        # It is late, and says what the handler decided.
        assert answered(door(receiver, BEFORE)) == REJECTED
    assert [type(error) for error in errors] == [CallTimeoutError] * 3
    assert all("longer than 0.05 s, and its answer had to wait" in str(error) for error in errors)
