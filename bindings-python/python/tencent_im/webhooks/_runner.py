"""How handlers run: on threads or on an event loop, before the answer or in the background.

Nothing here knows what is decided. A `Work` is started, and whoever started it waits for it as long as the event's time
allows. What goes on after that, and what waits in the background, is counted here, so that both are bounded and `close`
can wait for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, TimeoutError
from functools import partial
from typing import Any, NamedTuple, Union

from .._faults import fault
from ._eager import Ended, start
from ._event import Event, clock
from ._faults import as_exception, cancelled, logger
from ._store import MemoryStore, Store
from ._threads import Full, Inline, LoopThread, Threads, is_ctrl_c

#: Seconds for which a store is asked to remember an event, at least.
_REMEMBER = 600

#: Seconds until a queue goes on after one of its works was cancelled.
_BREATH = 0.01

Running = Union["Future[Any]", "asyncio.Future[Any]"]
"""A work that was started."""


class Registered(NamedTuple):
    """A function of the program, and how to call it."""

    call: Callable[..., Any]
    is_async: bool

    @classmethod
    def of(cls, call: Callable[..., Any]) -> Registered:
        """Looks at a function, a method, a partial or an object with ``__call__``."""
        is_async = inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(
            getattr(type(call), "__call__", None)  # noqa: B004
        )
        return cls(call, is_async)


class Work(NamedTuple):
    """Handlers to run for an event."""

    event: Event[Any]
    handlers: tuple[Registered, ...]
    is_async: bool
    """Whether an event loop is needed."""
    decides: bool
    """Whether there is one handler, whose result and error are the work's. Those of observers are looked at here."""
    in_background: bool = False
    """Whether it must leave threads to those that decide."""


class Runner:
    """Runs works.

    Args:
        threads: Most threads for handlers that decide; with 0 they run where they are started.
        background: Works of the background that run at the same time.
        max_queue: Works that may wait in the background, and works that may go on after the answer.
        store: Remembers what has happened.
        prefix: Begins the store's keys.
        tolerance: Seconds by which requests may be old.
        report: Told of errors.
        check: Looks at what an observer returned.
    """

    def __init__(
        self,
        *,
        threads: int,
        background: int,
        max_queue: int,
        store: Store | None,
        prefix: str,
        tolerance: int,
        report: Callable[[Exception, Event[Any]], None],
        check: Callable[[Event[Any], Registered, Any], None],
    ) -> None:
        self._background, self._max_queue = background, max_queue
        self._store = None if store is None else Registered.of(store.add)
        self._store_is_quick = isinstance(store, MemoryStore)
        self._prefix, self._ttl = prefix, max(_REMEMBER, 2 * tolerance)
        self._report, self._check = report, check
        self._threads = Threads("tencent-im-webhook", threads, max_queue) if threads else Inline()
        self._is_inline = not threads
        # The queue is counted here.
        self._background_threads = Threads("tencent-im-webhook-background", background, max_queue + 1)
        self._loop_thread = LoopThread("tencent-im-webhook-loop")
        #: Guards what follows, and wakes whoever waits for the end of it all.
        self._changed = threading.Condition()
        self._queues: dict[asyncio.AbstractEventLoop, _LoopQueue] = {}
        self._queued = 0
        self._late: set[Running] = set()
        self.is_closed = False

    def work(self, event: Event[Any], handlers: tuple[Registered, ...], *, decides: bool) -> Work:
        """Puts a work together."""
        is_async = not decides and self._store is not None and self._store.is_async
        for handler in handlers:
            is_async = is_async or handler.is_async
        return Work(event, handlers, is_async, decides)

    # --- starting ----------------------------------------------------------------------------------------------------

    def start(self, work: Work) -> Future[Any]:
        """Starts a work from a thread without an event loop."""
        if work.is_async:
            try:
                loop = self._loop_thread.loop()
            except Full:
                return self._no_thread(work)
            return asyncio.run_coroutine_threadsafe(self.run_async(work), loop)
        return self._on_thread(work, partial(self._run, work, None))

    def start_on_loop(self, work: Work) -> Ended | Running:
        """Starts a work on the running loop. It may have ended when this returns."""
        loop = asyncio.get_running_loop()
        if work.is_async or self._is_inline:
            return start(self.run_async(work), loop)
        return self._on_thread(work, partial(self._run, work, loop))

    def _on_thread(self, work: Work, call: Callable[[], Any]) -> Future[Any]:
        try:
            return self._submit(work, call)
        except Full:
            return self._no_thread(work)

    @staticmethod
    def _no_thread(work: Work) -> Future[Any]:
        failed: Future[Any] = Future()
        cure = "raise `threads` or the system's limit of threads, make the handler quicker, or make it async"
        failed.set_exception(
            fault("Webhook", "no thread is free for the handler", operation=work.event.command, cure=cure)
        )
        return failed

    def _submit(self, work: Work, call: Callable[[], Any]) -> Future[Any]:
        threads = self._background_threads if work.in_background else self._threads
        return threads.submit(partial(contextvars.copy_context().run, call))

    # --- running -----------------------------------------------------------------------------------------------------

    def _run(self, work: Work, loop: asyncio.AbstractEventLoop | None) -> Any:
        """Runs a work on this thread. What it gives to await is awaited on the loop."""
        call = partial(self._call, loop)
        if work.decides:
            return call(work.handlers[0].call, work.event)
        if self._store is not None:
            try:
                is_new = call(self._store.call, self._prefix + work.event.id, self._ttl)
            except Exception as error:
                self._report(error, work.event)
                is_new = True
            if not is_new:
                return None
        for handler in work.handlers:
            try:
                self._check(work.event, handler, call(handler.call, work.event))
            except BaseException as error:
                self._report(as_exception(error, work.event), work.event)
        return None

    def _call(self, loop: asyncio.AbstractEventLoop | None, function: Callable[..., Any], *args: Any) -> Any:
        result = function(*args)
        if inspect.isawaitable(result):
            return asyncio.run_coroutine_threadsafe(_awaited(result), loop or self._loop_thread.loop()).result()
        return result

    async def run_async(self, work: Work) -> Any:
        """Runs a work on the running loop."""
        if work.decides:
            handler = work.handlers[0]
            try:
                if handler.is_async:
                    # As `_call_async` does, without one more coroutine: `areceive` in `make bench-webhooks`.
                    return await handler.call(work.event)
                return await self._call_async(work, handler, work.event)
            except (SystemExit, KeyboardInterrupt) as error:
                raise _kept_in(error, work.event) from error
        if self._store is not None:
            key = self._prefix + work.event.id
            try:
                if self._store_is_quick:
                    is_new = self._store.call(key, self._ttl)
                else:
                    is_new = await self._call_async(work, self._store, key, self._ttl)
            except Exception as error:
                self._report(error, work.event)
                is_new = True
            if not is_new:
                return None
        for handler in work.handlers:
            try:
                self._check(work.event, handler, await self._call_async(work, handler, work.event))
            except (asyncio.CancelledError, GeneratorExit):
                raise
            except BaseException as error:
                self._report(_kept_in(error, work.event), work.event)
        return None

    async def _call_async(self, work: Work, function: Registered, *args: Any) -> Any:
        if function.is_async:
            return await function.call(*args)
        if self._is_inline and not work.in_background:
            result = function.call(*args)
            return await result if inspect.isawaitable(result) else result
        call = partial(self._call, asyncio.get_running_loop(), function.call, *args)
        return await asyncio.wrap_future(self._on_thread(work, call))

    # --- in the background -------------------------------------------------------------------------------------------

    def queue(self, work: Work, loop: asyncio.AbstractEventLoop | None) -> bool:
        """Runs a work in the background: on the loop, which is the running one, or on threads of the runner's own.

        Returns:
            bool: False if the queue is full.
        """
        with self._changed:
            if not self._background or self._queued >= self._max_queue or self.is_closed:
                return False
            self._queued += 1
        work = work._replace(in_background=True)
        try:
            if not work.is_async:
                future = self._submit(work, partial(self._run, work, loop))
                future.add_done_callback(partial(self._handled, work))
            elif loop is not None:
                self._queue_of(loop).put(work)
            else:
                self._put_on_own_loop(work)
        except Full:
            # Closed a moment ago, or no thread can be started.
            self._dequeued()
            return False
        return True

    def _put_on_own_loop(self, work: Work) -> None:
        loop = self._loop_thread.loop()
        loop.call_soon_threadsafe(lambda: self._queue_of(loop).put(work))

    def _queue_of(self, loop: asyncio.AbstractEventLoop) -> _LoopQueue:
        with self._changed:
            known = self._queues.get(loop)
            if known is not None:
                return known
            queue = self._queues[loop] = _LoopQueue(self.run_async, self._background, self._handled)
        self._sweep()
        return queue

    def _sweep(self) -> None:
        """Moves works whose loop has closed, such as that of ``asyncio.run``, to the runner's own loop."""
        with self._changed:
            ended = [self._queues.pop(loop) for loop in list(self._queues) if loop.is_closed()]
        for work in [work for queue in ended for work in queue.left()]:
            try:
                self._put_on_own_loop(work)
            except Full:
                self._handled(work, self._no_thread(work))

    def _handled(self, work: Work, running: Running) -> None:
        self._dequeued()
        if running.cancelled():
            self._report(cancelled(work.event), work.event)
        elif error := running.exception():
            self._report(as_exception(error, work.event), work.event)

    def _dequeued(self) -> None:
        with self._changed:
            self._queued -= 1
            self._changed.notify_all()

    # --- after the answer --------------------------------------------------------------------------------------------

    def go_on(self, work: Work, running: Running, ended: Callable[[Running], None]) -> None:
        """Lets a work go on whose event was answered without it, and says when it has ended. One that no thread has
        begun yet is given up, and so is one on a loop if too many go on already."""
        with self._changed:
            has_room = len(self._late) < self._max_queue
            if has_room:
                self._late.add(running)
        if not has_room or not work.is_async:
            # A thread cannot be stopped: this ends what still waits for one.
            running.cancel()
        running.add_done_callback(partial(self._ended, ended))

    def _ended(self, ended: Callable[[Running], None], running: Running) -> None:
        try:
            ended(running)
        finally:
            with self._changed:
                self._late.discard(running)
                self._changed.notify_all()

    # --- the end -----------------------------------------------------------------------------------------------------

    def under_way(self) -> int:
        """How many works wait in the background, run there, or go on after their answer."""
        return self._queued + len(self._late)

    def wait(self, timeout: float | None) -> None:
        """Takes nothing new, and waits for what is under way. What is not done in time is given up."""
        deadline = None if timeout is None else clock() + timeout
        self.is_closed = True
        self._sweep()
        with self._changed:
            self._changed.wait_for(
                lambda: not self.under_way(), None if deadline is None else max(0.0, deadline - clock())
            )
            left, late = self.under_way(), list(self._late)
        if left:
            logger.error("closed while the handlers of %s events had not ended: they are given up", left)
        for running in late:
            _cancel(running)
        with self._changed:
            queues = list(self._queues.items())
        for loop, queue in queues:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.cancel)
        self._threads.close()
        self._background_threads.close()
        self._loop_thread.close()


class _LoopQueue:
    """Works that run in the background of one loop. Used on its thread alone."""

    def __init__(
        self, run: Callable[[Work], Coroutine[Any, Any, Any]], most: int, handled: Callable[[Work, Running], None]
    ) -> None:
        self._run, self._most, self._handled = run, most, handled
        self._waiting: deque[Work] = deque()
        self._tasks: dict[asyncio.Task[Any], Work] = {}

    def put(self, work: Work) -> None:
        self._waiting.append(work)
        self._start()

    def cancel(self) -> None:
        while self._waiting:
            self._give_up(self._waiting.popleft())
        for task in self._tasks:
            task.cancel()

    def left(self) -> list[Work]:
        """Returns the works that the loop, now closed, never started. Gives up those it had started."""
        for task, work in self._tasks.items():
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                self._give_up(work)
        self._tasks.clear()
        left = list(self._waiting)
        self._waiting.clear()
        return left

    def _give_up(self, work: Work) -> None:
        given_up: Future[Any] = Future()
        given_up.cancel()
        self._handled(work, given_up)

    def _start(self) -> None:
        while self._waiting and len(self._tasks) < self._most:
            work = self._waiting.popleft()
            task = asyncio.get_running_loop().create_task(self._run(work))
            self._tasks[task] = work
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        work = self._tasks.pop(task, None)
        if work is not None:
            self._handled(work, task)
        if task.cancelled():
            # The loop may be ending; then this never runs.
            task.get_loop().call_later(_BREATH, self._start)
        else:
            self._start()


def settle(running: Future[Any], seconds: float) -> None:
    """Waits until a work has ended, at most so long."""
    with contextlib.suppress(CancelledError, TimeoutError):
        running.exception(seconds)


async def settle_async(running: Running, seconds: float) -> None:
    """Waits on the loop until a work has ended, at most so long."""
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()

    def release(_: object = None) -> None:
        if not waiter.done():
            waiter.set_result(None)

    def release_from_thread(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # The loop is closed.
            loop.call_soon_threadsafe(release)

    timer = loop.call_later(seconds, release)
    # Not `wrap_future`, whose future complains about an exception that nobody asks it for.
    running.add_done_callback(release if isinstance(running, asyncio.Future) else release_from_thread)
    try:
        await waiter
    finally:
        timer.cancel()


def _cancel(running: Running) -> None:
    if isinstance(running, asyncio.Future):
        loop = running.get_loop()
        if not loop.is_closed():
            loop.call_soon_threadsafe(running.cancel)
    else:
        running.cancel()


def _kept_in(error: BaseException, event: Event[Any] | None) -> Exception:
    """Turns what would end a loop into an error to report. Ctrl-C is raised again."""
    if is_ctrl_c(error):
        raise error
    return as_exception(error, event)


async def _awaited(awaitable: Any) -> Any:
    try:
        return await awaitable
    except (SystemExit, KeyboardInterrupt) as error:
        raise _kept_in(error, None) from error
