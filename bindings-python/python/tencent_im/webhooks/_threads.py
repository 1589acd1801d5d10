"""Threads for handlers: a bounded pool, or none at all, and an event loop on a thread of its own.

The pool of ``concurrent.futures`` is joined when the program ends, so that a handler that never returns would keep it
from ending. These threads are daemons; ``Webhooks.close`` waits for what they do.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Full(Exception):
    """No thread is free, and too much waits for one or none can be started."""


class Threads:
    """A pool of threads, started as they are needed. They end when the pool is closed or let go of.

    Args:
        name: Prefix of the threads' names.
        most: Most threads.
        most_waiting: Most pieces of work that may wait for a thread.
    """

    def __init__(self, name: str, most: int, most_waiting: int) -> None:
        self._name, self._most, self._most_waiting = name, most, most_waiting
        self._queue = _Queue()
        self._pid = os.getpid()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Runs something on a thread.

        Raises:
            Full: Too much waits already, or there is no thread and none can be started.
        """
        future: Future[T] = Future()
        queue = self._queue
        with queue.wanted:
            if len(queue.waiting) >= self._most_waiting:
                # What was given up while it waited makes room.
                queue.waiting = deque(waiting for waiting in queue.waiting if not waiting[0].cancelled())
            if queue.is_closed or len(queue.waiting) >= self._most_waiting:
                raise Full
            if queue.idle:
                queue.idle -= 1
                queue.wanted.notify()
            elif queue.count < self._most:
                self._start_thread(queue)
            queue.waiting.append((future, work))
        return future

    def _start_thread(self, queue: _Queue) -> None:
        thread = threading.Thread(target=queue.run, name=f"{self._name}-{queue.count + 1}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The process has as many threads as it may have, or is ending. Those that there are go on.
            if not queue.count:
                raise Full from None
        else:
            queue.count += 1

    def close(self) -> None:
        """Ends the threads once they have done what waits."""
        queue = self._queue
        with queue.wanted:
            queue.is_closed = True
            queue.idle = 0
            queue.wanted.notify_all()

    def __del__(self) -> None:
        # In a forked child the threads are the parent's, and one of them may have held the lock at the fork.
        if self._pid == os.getpid():
            self.close()


class _Queue:
    """What waits for the threads of a pool. They hold this and not the pool, which would never be let go of."""

    def __init__(self) -> None:
        self.wanted = threading.Condition()
        self.waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self.count = 0
        #: Threads that sleep and that nobody has woken yet.
        self.idle = 0
        self.is_closed = False

    def run(self) -> None:
        """Does what waits until the pool is closed. For a thread of its own."""
        while True:
            with self.wanted:
                while not self.waiting:
                    if self.is_closed:
                        return
                    self.idle += 1
                    # Whoever wakes this thread takes it off the idle ones.
                    self.wanted.wait()
                future, work = self.waiting.popleft()
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
    """An event loop on a thread of its own, started when it is first needed. Ends when this is closed or let go of."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = os.getpid()

    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop.

        Raises:
            Full: Its thread cannot be started.
        """
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                loop = asyncio.new_event_loop()
                try:
                    threading.Thread(target=_run_loop, args=(loop,), name=self._name, daemon=True).start()
                except RuntimeError:
                    loop.close()
                    raise Full from None
                self._loop = loop
            return self._loop

    def close(self) -> None:
        """Ends the loop."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # It is closed.
                loop.call_soon_threadsafe(loop.stop)

    def __del__(self) -> None:
        # See `Threads`.
        if self._pid == os.getpid():
            self.close()


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
