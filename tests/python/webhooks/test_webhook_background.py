"""Events that have happened: acknowledged at once, handled in the background."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from support import PATIENCE, eventually
from webhook_support import (
    AFTER,
    ALLOWED,
    APP,
    BEFORE,
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

from tencent_im import TencentImError
from tencent_im.webhooks import Event, MemoryStore, Webhooks, reject

T = TypeVar("T")


def slow_handler(receiver: Webhooks, is_async: bool, until: float | threading.Event) -> list[Event[Any]]:
    """Registers a handler that waits for so many seconds or for a gate, and gives the events that it has handled."""
    handled: list[Event[Any]] = []
    receiver.on("C2C.CallbackAfterSendMsg", slowly(until, handled.append, is_async=is_async))
    return handled


def test_the_answer_does_not_wait_for_the_handler(door: Door, is_async: bool) -> None:
    receiver, gate = hooks(), threading.Event()
    handled = slow_handler(receiver, is_async, gate)
    for _ in range(10):
        assert answered(door(receiver, AFTER)) == ALLOWED
    assert handled == []
    gate.set()
    receiver.close()
    assert [(event.answered, event.is_late, event.time_left) for event in handled] == [(True, False, 0)] * 10


def test_no_more_run_at_once_than_asked_for(door: Door, is_async: bool) -> None:
    receiver = hooks(background=3)
    running, most = [0], [0]
    lock, gate = threading.Lock(), threading.Event()

    def enter() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])

    def leave(event: Any) -> None:
        with lock:
            running[0] -= 1

    wait = slowly(gate, leave, is_async=is_async)

    def slow(event: Any) -> None:
        enter()
        wait(event)

    async def slow_async(event: Any) -> None:
        enter()
        await wait(event)

    receiver.on("C2C.CallbackAfterSendMsg", slow_async if is_async else slow)
    for _ in range(30):
        door(receiver, AFTER)
    eventually(lambda: running == [3])
    gate.set()
    receiver.close()
    assert most == [3]


def test_a_full_queue_lets_the_answer_wait(door: Door, is_async: bool) -> None:
    receiver, gate = hooks(background=1, max_queue=2, budget=1.9), threading.Event()
    handled = slow_handler(receiver, is_async, gate)
    for _ in range(2):
        assert answered(door(receiver, AFTER)) == ALLOWED
    assert handled == []
    # The third waits for its handler.
    threading.Timer(0.1, gate.set).start()
    assert answered(door(receiver, AFTER)) == ALLOWED
    assert gate.is_set()
    receiver.close()
    assert len(handled) == 3


def test_a_full_queue_and_a_late_handler(door: Door, is_async: bool) -> None:
    errors: list[TencentImError] = []
    receiver = hooks(budget=0.1, background=0, on_error=lambda error, event: errors.append(error))
    gate = threading.Event()
    handled = slow_handler(receiver, is_async, gate)
    assert answered(door(receiver, AFTER)) == ALLOWED
    assert handled == []
    gate.set()
    receiver.close()
    assert [event.is_late for event in handled] == [True]
    assert ["took longer" in str(error) for error in errors] == [True]


def test_without_a_background_everything_is_handled_before_the_answer(door: Door, is_async: bool) -> None:
    receiver = hooks(background=0)
    handled = slow_handler(receiver, is_async, 0.05)
    for count in range(1, 4):
        assert answered(door(receiver, AFTER)) == ALLOWED
        assert len(handled) == count
    assert receiver._runner.under_way() == 0


def test_those_that_decide_have_threads_of_their_own() -> None:
    """Slow handlers of what has happened must not let decisions be late."""
    receiver, gate = hooks(threads=1, background=2), threading.Event()
    handled = slow_handler(receiver, False, gate)
    for _ in range(10):
        receive(receiver, AFTER)
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: reject(120001))
    assert answered(receive(receiver, BEFORE))["ErrorCode"] == 120001
    assert handled == []
    gate.set()
    receiver.close()
    assert len(handled) == 10


# --- the end ---------------------------------------------------------------------------------------------------------


def test_close_waits_and_then_refuses(door: Door, is_async: bool) -> None:
    receiver = hooks()
    handled = slow_handler(receiver, is_async, 0.2)
    for _ in range(5):
        door(receiver, AFTER)
    receiver.close()
    assert len(handled) == 5
    assert door(receiver, AFTER).status == 503
    receiver.close()


def test_aclose_waits_on_the_loop(is_async: bool) -> None:
    async def main() -> int:
        receiver = hooks()
        handled = slow_handler(receiver, is_async, 0.2)
        for _ in range(5):
            await receiver.areceive(query(AFTER), body(AFTER))
        await receiver.aclose()
        return len(handled)

    assert asyncio.run(main()) == 5


def test_close_gives_up_after_its_time(door: Door, is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    receiver, gate = hooks(background=2), threading.Event()
    handled = slow_handler(receiver, is_async, gate)
    for _ in range(5):
        door(receiver, AFTER)
    receiver.close(timeout=0.1)
    assert handled == []
    assert "the handlers of 5 events had not ended: they are given up" in caplog.text
    gate.set()


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_program_that_ends_handles_what_it_acknowledged(how: str) -> None:
    source = f"""if True:
        import asyncio, time
        from tencent_im.webhooks import Webhooks
        hooks = Webhooks({APP}, verify=False)
        if "{how}" == "sync":
            @hooks.on("C2C.CallbackAfterSendMsg")
            def note(event):
                time.sleep(0.3)
                print("handled", flush=True)
        else:
            @hooks.on("C2C.CallbackAfterSendMsg")
            async def note(event):
                await asyncio.sleep(0.3)
                print("handled", flush=True)
        print(hooks.receive("SdkAppid={APP}", {{"CallbackCommand": "C2C.CallbackAfterSendMsg"}}).status, flush=True)
    """
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=2 * PATIENCE)
    assert (done.stdout, done.stderr, done.returncode) == ("200\nhandled\n", "", 0)


def test_a_program_ends_although_a_handler_never_does() -> None:
    source = f"""if True:
        import threading
        from tencent_im.webhooks import Webhooks
        hooks = Webhooks({APP}, verify=False, budget=0.05)
        hooks.on("C2C.CallbackBeforeSendMsg", lambda event: threading.Event().wait())
        print(hooks.receive("SdkAppid={APP}", {{"CallbackCommand": "C2C.CallbackBeforeSendMsg"}}).status, flush=True)
        hooks.close(timeout=0.1)
    """
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=2 * PATIENCE)
    assert (done.stdout, done.returncode) == ("200\n", 0)


def test_a_loop_that_ends_loses_nothing_that_has_not_begun() -> None:
    """As with `asyncio.run` for each request, which cancels what runs and runs nothing more."""
    errors: list[str] = []
    receiver = hooks(background=2, on_error=lambda error, event: errors.append(str(error)))
    handled: list[Any] = []

    gate = threading.Event()
    receiver.on(
        "C2C.CallbackAfterSendMsg", slowly(gate, lambda event: handled.append(event.body.msg_key), is_async=True)
    )

    async def send(keys: str) -> None:
        for key in keys:
            await receiver.areceive(query(AFTER), body(AFTER, MsgKey=key))

    asyncio.run(send("abcdef"))
    assert handled == []
    # Those that wait go on with the next event, or at the end.
    asyncio.run(send("g"))
    gate.set()
    receiver.close(PATIENCE)
    assert sorted(handled) == list("cdef")
    assert len(errors) == 3
    assert all("cancelled" in error for error in errors)
    assert receiver._runner.under_way() == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX")
def test_a_process_that_forked_has_threads_of_its_own() -> None:
    """As under gunicorn with preload, and in a parent whose threads are all busy."""
    source = f"""if True:
        import os, threading
        from tencent_im.webhooks import MemoryStore, Webhooks, reject
        hooks = Webhooks({APP}, verify=False, threads=1, store=MemoryStore())
        @hooks.on("C2C.CallbackBeforeSendMsg")
        def check(event):
            return reject(120001, event.body.msg_key)
        @hooks.on("C2C.CallbackAfterSendMsg")
        async def note(event):
            print("handled", flush=True)
        def ask(key):
            body = {{"CallbackCommand": "C2C.CallbackBeforeSendMsg", "MsgKey": key}}
            return hooks.receive("SdkAppid={APP}", body).body.decode()
        assert "p" in ask("p")
        # Another thread of the parent may be in the store at that moment.
        with hooks._make_runner.keywords["store"]._lock:
            child = os.fork()
        if not child:
            assert "c" in ask("c")
            hooks.receive("SdkAppid={APP}", {{"CallbackCommand": "C2C.CallbackAfterSendMsg", "MsgKey": "c"}})
            hooks.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert "q" in ask("q")
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source], capture_output=True, text=True, timeout=2 * PATIENCE
    )
    assert (done.stdout, done.stderr, done.returncode) == ("handled\n", "", 0)


# --- many ------------------------------------------------------------------------------------------------------------


def test_a_thousand_events_at_once_from_threads(is_async: bool) -> None:
    receiver = hooks()
    handled = slow_handler(receiver, is_async, 0)
    threads = [threading.Thread(target=lambda: [receive(receiver, AFTER) for _ in range(20)]) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    receiver.close()
    assert len(handled) == 1_000


def resident() -> int:
    """Bytes of memory that the process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def flood(receiver: Webhooks, way: str, count: int) -> None:
    """Sends so many events, no two of them alike: one by one, or 50 at a time."""
    lines = [query(BEFORE), query(AFTER)]
    contents = [body(BEFORE), body(AFTER)]
    for n in range(0, count, 50):
        at_once = [(lines[at % 2], {**contents[at % 2], "MsgKey": f"{time.time()}{at}"}) for at in range(n, n + 50)]
        if way == "receive":
            statuses = [receiver.receive(*request).status for request in at_once]
        elif way == "areceive":
            statuses = [answer.status for answer in await gathered(receiver.areceive(*request) for request in at_once)]
        else:
            statuses = await gathered(asgi(receiver, *request) for request in at_once)
        assert statuses == [200] * 50


async def gathered(awaitables: Iterable[Awaitable[T]]) -> list[T]:
    return await asyncio.gather(*awaitables)


async def asgi(receiver: Webhooks, line: str, content: dict[str, Any]) -> int:
    """Hands a request to the ASGI application, and gives the status."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": json.dumps(content).encode()}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "query_string": line.encode(), "headers": []}
    await receiver.asgi(scope, receive, send)
    status: int = sent[0]["status"]
    return status


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory from /proc")
@pytest.mark.parametrize(("way", "is_async"), [("receive", False), ("areceive", True), ("asgi", True)])
def test_memory_is_flat_over_a_hundred_thousand_events(way: str, is_async: bool) -> None:
    receiver = hooks(store=MemoryStore(1_000), tolerance=3_600)
    count = [0]

    def note(event: Any) -> None:
        count[0] += 1

    async def note_async(event: Any) -> None:
        count[0] += 1
        if count[0] % 2:
            await asyncio.sleep(0)

    receiver.on("C2C.CallbackBeforeSendMsg", note_async if is_async else note)
    receiver.on("C2C.CallbackAfterSendMsg", note_async if is_async else note)
    asyncio.run(flood(receiver, way, 20_000))
    before = resident()
    asyncio.run(flood(receiver, way, 100_000))
    growth = resident() - before
    receiver.close()
    assert count[0] >= 100_000
    # 40 bytes an event.
    assert growth < 4_000_000, growth


def test_a_receiver_that_is_forgotten_is_collected() -> None:
    import weakref

    receiver = hooks()
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: None)
    receive(receiver, BEFORE)
    receiver.close()
    gone = weakref.ref(receiver)
    del receiver
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("command", [BEFORE, AFTER])
def test_the_threads_of_a_receiver_that_is_forgotten_end(command: Any, is_async: bool) -> None:
    """It was not closed: each receiver of a suite of tests, say, left a thread behind, or a loop with its files."""
    before = set(threading.enumerate())
    handled = threading.Event()
    receiver = hooks()
    receiver.on(command, slowly(0, lambda event: handled.set(), is_async=is_async))
    receive(receiver, command)
    assert handled.wait(PATIENCE)
    started = set(threading.enumerate()) - before
    assert started
    del receiver
    # A thread may still hold what it has just handled.
    eventually(lambda: gc.collect() >= 0 and not any(thread.is_alive() for thread in started))


@pytest.mark.parametrize("command", [BEFORE, AFTER])
def test_a_system_without_a_thread_to_spare_costs_no_answer(
    command: Any, is_async: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python raises so at the system's limit, and from 3.12 on while a program ends."""

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    errors: list[str] = []
    handled: list[Event[Any]] = []
    receiver = hooks(on_error=lambda error, event: errors.append(str(error)))
    receiver.on(command, slowly(0, handled.append, is_async=is_async))
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert answered(receive(receiver, command)) == ALLOWED
    assert handled == []
    assert len(errors) == 1
    assert "no thread is free for the handler" in errors[0]
    # It is no lasting harm.
    assert answered(receive(receiver, command)) == ALLOWED
    eventually(lambda: len(handled) == 1)
    receiver.close()


def test_the_loop_of_the_server_is_used_for_async_handlers() -> None:
    door = LoopDoor()
    loops: list[Any] = []
    receiver = hooks(token=[TOKEN])

    @receiver.on("C2C.CallbackBeforeSendMsg")
    async def decide(event: Any) -> None:
        loops.append(asyncio.get_running_loop())

    @receiver.on("C2C.CallbackAfterSendMsg")
    async def note(event: Any) -> None:
        loops.append(asyncio.get_running_loop())

    door(receiver, BEFORE)
    door(receiver, AFTER)
    receiver.close()
    assert loops == [door.loop, door.loop]
    door.close()
