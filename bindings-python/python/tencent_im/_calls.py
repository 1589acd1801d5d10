"""How the clients make their calls.

The groups of calls hold these objects instead of their client. Otherwise client and groups would refer to each other,
and a client that is no longer used would keep its connections open until the garbage collector runs.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Mapping
from typing import Any

from . import _loop
from ._bulk import AsyncBulkRun, BulkRun
from ._greenlets import cooperative
from ._loop import queue_of, running_loop
from ._native import LoopQueue, NativeClient


def merged(defaults: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """A call's options over those that `with_options` gave. Raw fields add up."""
    given = {name: value for name, value in options.items() if value is not None}
    before, raw = defaults.get("extra_body"), given.get("extra_body")
    if before is not None and isinstance(raw, Mapping):
        given["extra_body"] = {**before, **raw}
    return {**defaults, **given}


class Calls:
    """How ``Client`` makes its calls."""

    def __init__(self, native: NativeClient, defaults: Mapping[str, Any]) -> None:
        self._native = native
        #: Makes a call with no options but its own.
        self.native_call = cooperative(native.call)
        self._defaults = defaults

    def call(self, op: str, fields: dict[str, Any], options: Mapping[str, Any]) -> Any:
        return self.native_call(op, fields, merged(self._defaults, options))

    def run(self, op: str, items: Any, fields: dict[str, Any], options: Mapping[str, Any]) -> BulkRun[Any, Any]:
        return BulkRun(self._native, op, items, fields, merged(self._defaults, options))


class AsyncCalls:
    """How ``AsyncClient`` makes its calls."""

    def __init__(self, native: NativeClient, defaults: Mapping[str, Any]) -> None:
        self._native = native
        self._defaults = defaults
        self._last: tuple[weakref.ref[asyncio.AbstractEventLoop], LoopQueue, int] | None = None

    async def call(self, op: str, fields: dict[str, Any], options: Mapping[str, Any]) -> Any:
        if self._defaults:
            options = merged(self._defaults, options)
        loop = running_loop()
        queue = self._queue(loop)
        future = loop.create_future()
        call = self._native.start(queue, future, op, fields, options)
        # The native side has read them: a call that waits keeps nothing that it no longer needs.
        del fields, options
        try:
            return await future
        except asyncio.CancelledError as cancelled:
            # Says whether the call may have taken effect.
            cancelled.__cause__ = call.cancel(future)
            raise
        except GeneratorExit:
            # The coroutine is closed, or collected with its loop: nobody waits for the call any more.
            call.cancel(future)
            raise

    def run(self, op: str, items: Any, fields: dict[str, Any], options: Mapping[str, Any]) -> AsyncBulkRun[Any, Any]:
        options = merged(self._defaults, options)
        return AsyncBulkRun(self._native, lambda: self._queue(running_loop()), op, items, fields, options)

    def _queue(self, loop: asyncio.AbstractEventLoop) -> LoopQueue:
        last = self._last
        if last is None or last[0]() is not loop or last[2] != _loop.forks:
            last = self._last = (weakref.ref(loop), queue_of(loop), _loop.forks)
        return last[1]
