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


def start(coroutine: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> asyncio.Future[Any]:
    """Runs a coroutine on the running loop up to where it first waits for something.

    Returns:
        asyncio.Future: Done if the coroutine has ended; else the task that goes on with it.
    """
    if loop.get_task_factory() is not None:
        # The program has tasks of its own sort.
        return loop.create_task(coroutine)
    if sys.version_info >= (3, 12):
        return asyncio.Task(coroutine, loop=loop, eager_start=True)
    reserve: _Reserve | None = getattr(_thread, "reserve", None)
    if reserve is None or reserve.loop is not loop or reserve.is_used:
        # The new one has to take a step of its own before it can be used.
        _thread.reserve = _Reserve(loop)
    elif reserve.is_ready:
        return reserve.run(coroutine)
    return loop.create_task(coroutine)


_thread = threading.local()
"""Has the reserve of the loop that runs on a thread."""


class _Reserve:
    """A task that waits for something to do."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._called: asyncio.Future[None] | None = None
        self._rest: Rest | asyncio.Future[Any] | None = None
        # In no context: each handler has its own.
        self._task: asyncio.Task[Any] = contextvars.Context().run(loop.create_task, self._wait())
        self._show(False)

    @property
    def is_ready(self) -> bool:
        """Whether it waits, which is all that it may do."""
        return self._called is not None and not self._called.done()

    @property
    def is_used(self) -> bool:
        """Whether it waits no longer."""
        return self._task.done() or (self._called is not None and self._called.done())

    def _show(self, is_shown: bool) -> None:
        # A program that waits for all tasks to end would wait for this one forever; and it is not missed if the loop
        # ends before it.
        (asyncio._register_task if is_shown else asyncio._unregister_task)(self._task)
        self._task._log_destroy_pending = is_shown  # type: ignore[attr-defined]

    async def _wait(self) -> Any:
        self._called = self.loop.create_future()
        try:
            await self._called
        except asyncio.CancelledError:
            if isinstance(self._rest, Rest):
                self._rest.cancel()
            elif self._rest is None or self._rest.cancelled() or self._rest.exception() is None:
                raise
        assert self._rest is not None
        return await self._rest

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
        """Runs a coroutine as this task up to where it first waits for something."""
        loop, task = self.loop, self._task
        context = contextvars.copy_context()
        references = sys.getrefcount(task)
        outer = asyncio.current_task(loop)
        if outer is not None:
            asyncio._leave_task(loop, outer)
        asyncio._enter_task(loop, task)
        ended = loop.create_future()
        try:
            waits_for = context.run(coroutine.send, None)
        except StopIteration as done:
            ended.set_result(done.value)
        except asyncio.CancelledError:
            ended.cancel()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            ended.set_exception(error)
        else:
            return self._go_on(Rest(coroutine, waits_for, context))
        finally:
            asyncio._leave_task(loop, task)
            if outer is not None:
                asyncio._enter_task(loop, outer)
        is_as_before = (
            self.is_ready
            and sys.getrefcount(task) == references
            and not weakref.getweakrefcount(task)
            and not task._callbacks
        )
        # The handler cancelled this task, keeps it, or wants to know of its end.
        return ended if is_as_before else self._go_on(ended)

    def _go_on(self, rest: Rest | asyncio.Future[Any]) -> asyncio.Task[Any]:
        self._rest = rest
        self._show(True)
        assert self._called is not None
        if not self._called.done():
            self._called.set_result(None)
        return self._task


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
