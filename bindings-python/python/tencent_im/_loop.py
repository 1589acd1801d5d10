"""Which queue of finished calls belongs to which event loop."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref

from ._faults import fault
from ._native import LoopQueue, package

_queues: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, LoopQueue] = weakref.WeakKeyDictionary()
_lock = threading.Lock()

#: How many forks this process is away from the one that loaded the module. Cheaper to look at than the process id.
forks = 0


def running_loop() -> asyncio.AbstractEventLoop:
    """The asyncio loop that runs on this thread."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        cure = "await the call in a coroutine under asyncio.run, or use Client instead of AsyncClient"
        raise fault("Config", "no asyncio event loop is running on this thread", cure=cure) from None


def queue_of(loop: asyncio.AbstractEventLoop) -> LoopQueue:
    """The queue of a loop, made when the loop first makes a call; it lives as long as the loop."""
    with _lock:
        queue = _queues.get(loop)
        if queue is None or queue.pid != os.getpid():
            queue = _queues[loop] = LoopQueue(package)
            _watch(loop, queue)
        return queue


def _watch(loop: asyncio.AbstractEventLoop, queue: LoopQueue) -> None:
    socket = queue.fileno()
    if socket is not None:
        try:
            loop.add_reader(socket, queue.drain)
            return
        except NotImplementedError:
            pass
    # Loops that cannot watch a socket, such as the one of Windows, are told by a thread of their own. It is a daemon:
    # it sleeps in the native part and must not keep the program from ending.
    weakref.finalize(loop, queue.close)
    threading.Thread(target=_tell, args=(weakref.ref(loop), queue), name="tencent-im-loop", daemon=True).start()


def _tell(loop_of: weakref.ref[asyncio.AbstractEventLoop], queue: LoopQueue) -> None:
    while queue.wait():
        loop = loop_of()
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(queue.drain)
        except RuntimeError:  # The loop is closed.
            return
        del loop


def _after_fork() -> None:
    # Another thread of the parent may have held it.
    global _lock, forks
    _lock = threading.Lock()
    forks += 1


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
