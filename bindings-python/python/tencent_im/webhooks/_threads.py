"""Threads for handlers: a bounded pool, or none at all, and an event loop on a thread of its own.

The pool of ``concurrent.futures`` is joined when the program ends, so that a handler that never returns would keep it
from ending. These threads are daemons; ``Webhooks.close`` waits for what they do.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Full(Exception):
    """No thread is free, and too much waits for one."""


class Threads:
    """A pool of threads, started as they are needed.

    Args:
        name: Prefix of the threads' names.
        most: Most threads.
        most_waiting: Most pieces of work that may wait for a thread.
    """

    def __init__(self, name: str, most: int, most_waiting: int) -> None:
        self._name, self._most, self._most_waiting = name, most, most_waiting
        self._wanted = threading.Condition()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._count = 0
        #: Threads that sleep and that nobody has woken yet.
        self._idle = 0
        self._is_closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Runs something on a thread.

        Raises:
            Full: Too much waits already.
        """
        future: Future[T] = Future()
        with self._wanted:
            if len(self._waiting) >= self._most_waiting:
                # What was given up while it waited makes room.
                self._waiting = deque(waiting for waiting in self._waiting if not waiting[0].cancelled())
            if self._is_closed or len(self._waiting) >= self._most_waiting:
                raise Full
            self._waiting.append((future, work))
            if self._idle:
                self._idle -= 1
                self._wanted.notify()
            elif self._count < self._most:
                self._count += 1
                name = f"{self._name}-{self._count}"
                threading.Thread(target=self._run, name=name, daemon=True).start()
        return future

    def close(self) -> None:
        """Ends the threads once they have done what waits."""
        with self._wanted:
            self._is_closed = True
            self._idle = 0
            self._wanted.notify_all()

    def _run(self) -> None:
        while True:
            with self._wanted:
                while not self._waiting:
                    if self._is_closed:
                        return
                    self._idle += 1
                    # Whoever wakes this thread takes it off the idle ones.
                    self._wanted.wait()
                future, work = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                try:
                    result = work()
                except BaseException as error:
                    future.set_exception(error)
                    del error
                else:
                    future.set_result(result)
                    del result
            # A thread that sleeps keeps nothing alive.
            del future, work


def is_ctrl_c(error: BaseException) -> bool:
    """Whether this is Ctrl-C, which Python raises in whatever the main thread runs."""
    return isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread()


class Inline:
    """Takes the place of a thread pool: runs work immediately, on the calling thread."""

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Runs something to its end."""
        future: Future[T] = Future()
        try:
            future.set_result(work())
        except BaseException as error:
            if is_ctrl_c(error):
                raise
            future.set_exception(error)
        return future

    def close(self) -> None:
        """There is nothing to end."""


class LoopThread:
    """An event loop on a thread of its own, started when it is first needed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop."""
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run_loop, args=(self._loop,), name=self._name, daemon=True).start()
            return self._loop

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Runs a coroutine on the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop())

    def close(self) -> None:
        """Ends the loop."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(loop.stop)


def _run_loop(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
