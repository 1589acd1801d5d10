"""Tasks that begin at once.

Most handlers wait for nothing. A task's first turn of the loop, and the timer of whoever waits for it, would cost more
than all the rest of an event: the rows ``Python areceive`` and ``Python uvicorn`` of ``make bench-webhooks``.

Python has such tasks from 3.12. Before that, a task in reserve is the current one during the first step, so that
``asyncio.timeout``, task groups and the like find a task of the handler's own. What is left after the first step, that
task goes on with; if nothing is left, it stays in reserve.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Generator
from typing import Any


class Ended:
    """What a coroutine returned that waited for nothing."""

    __slots__ = ("result",)

    def __init__(self, result: Any) -> None:
        self.result = result


def start(coroutine: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> Ended | asyncio.Future[Any]:
    """Runs a coroutine on the running loop up to where it first waits for something.

    Returns:
        Ended | asyncio.Future: What it returned; or the task that goes on with it, which may have ended, too.
    """
    if loop.get_task_factory() is not None:
        # The program has tasks of its own sort.
        return loop.create_task(coroutine)
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, eager_start=True)
    reserve: _Reserve | None = getattr(_thread, "reserve", None)
    if reserve is None or reserve.loop is not loop or reserve.is_used():
        # The new one has to take a step of its own before it can be used.
        _thread.reserve = _Reserve(loop)
    elif reserve.called is not None:
        return reserve.run(coroutine, reserve.called)
    return loop.create_task(coroutine)


_thread = threading.local()
"""Has the reserve of the loop that runs on a thread."""


class _Reserve:
    """A task that waits for something to do."""

    __slots__ = ("_rest", "_task", "called", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        #: What it waits for, from its first step on.
        self.called: asyncio.Future[None] | None = None
        self._rest: Rest | asyncio.Future[Any] | None = None
        # In no context: each handler has its own.
        self._task: asyncio.Task[Any] = contextvars.Context().run(loop.create_task, self._wait())
        self._show(False)

    def is_used(self) -> bool:
        """Whether it has something to do, or has ended."""
        return self._task.done() if self.called is None else self.called.done()

    def _show(self, is_shown: bool) -> None:
        # A program that waits for all tasks to end would wait for this one forever; and it is not missed if the loop
        # ends before it.
        (asyncio._register_task if is_shown else asyncio._unregister_task)(self._task)
        self._task._log_destroy_pending = is_shown  # type: ignore[attr-defined]

    async def _wait(self) -> Any:
        self.called = self.loop.create_future()
        try:
            await self.called
        except asyncio.CancelledError:
            if isinstance(self._rest, Rest):
                self._rest.cancel()
            elif self._rest is None or self._rest.cancelled() or self._rest.exception() is None:
                raise
        assert self._rest is not None
        return await self._rest

    def run(self, coroutine: Coroutine[Any, Any, Any], called: asyncio.Future[None]) -> Ended | asyncio.Future[Any]:
        """Runs a coroutine as this task up to where it first waits for something."""
        task, loop = self._task, self.loop
        context = contextvars.copy_context()
        references = sys.getrefcount(task)
        # As `_leave_task` and `_enter_task` do, in one step.
        outer = _current_tasks.get(loop)
        _current_tasks[loop] = task
        try:
            waits_for = context.run(coroutine.send, None)
        except StopIteration as done:
            ended: Ended | asyncio.Future[Any] = Ended(done.value)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            ended = _failed(loop, error)
        else:
            return self._go_on(Rest(coroutine, waits_for, context), called)
        finally:
            if outer is None:
                del _current_tasks[loop]
            else:
                _current_tasks[loop] = outer
        if called.done() or sys.getrefcount(task) != references or weakref.getweakrefcount(task) or task._callbacks:
            # The handler cancelled this task, keeps it, or wants to know of its end.
            return self._go_on(_as_future(loop, ended), called)
        return ended

    def _go_on(self, rest: Rest | asyncio.Future[Any], called: asyncio.Future[None]) -> asyncio.Task[Any]:
        self._rest = rest
        self._show(True)
        if not called.done():
            called.set_result(None)
        return self._task


#: Used before Python 3.12 only; later versions may lack it.
_current_tasks: dict[asyncio.AbstractEventLoop, Any] = getattr(asyncio.tasks, "_current_tasks", {})


def _failed(loop: asyncio.AbstractEventLoop, error: BaseException) -> asyncio.Future[Any]:
    failed = loop.create_future()
    if isinstance(error, asyncio.CancelledError):
        failed.cancel()
    else:
        failed.set_exception(error)
    return failed


def _as_future(loop: asyncio.AbstractEventLoop, ended: Ended | asyncio.Future[Any]) -> asyncio.Future[Any]:
    if not isinstance(ended, Ended):
        return ended
    future = loop.create_future()
    future.set_result(ended.result)
    return future


class Rest:
    """Awaits what has taken its first step.

    Args:
        steps: The coroutine, or the iterator of an awaitable.
        waits_for: What the first step gave.
        context: Where its further steps run. Defaults to the context of whoever awaits.
    """

    def __init__(self, steps: Any, waits_for: Any, context: contextvars.Context | None = None) -> None:
        self._steps, self._waits_for = steps, waits_for
        self._run: Callable[..., Any] = _run if context is None else context.run
        self._is_cancelled = False

    def cancel(self) -> None:
        """Cancels what it waits for, as a task that is cancelled does."""
        cancel = getattr(self._waits_for, "cancel", None)
        self._is_cancelled = cancel is None or not cancel()

    def __await__(self) -> Generator[Any, Any, Any]:
        steps, waits_for, run = self._steps, self._waits_for, self._run
        if hasattr(waits_for, "_asyncio_future_blocking"):
            # The mark by which a task knows that a future was awaited. Another task that awaits it has taken it off.
            waits_for._asyncio_future_blocking = True
        try:
            if self._is_cancelled:
                waits_for = run(steps.throw, asyncio.CancelledError())
            while True:
                try:
                    yield waits_for
                except BaseException as error:
                    waits_for = run(steps.throw, error)
                else:
                    waits_for = run(steps.send, None)
        except StopIteration as done:
            return done.value


def _run(step: Callable[..., Any], *args: Any) -> Any:
    return step(*args)
