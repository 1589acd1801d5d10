"""Calls of ``Client`` in programs that gevent or eventlet has patched."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def cooperative(call: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a call one that lets other greenlets run, if the program's threads are patched to be greenlets.

    The native part waits on the thread itself, which no patch reaches: without this a call would hold up all greenlets.
    Neither library is imported for it.
    """
    execute = _execute()
    if execute is None:
        return call

    def on_a_thread(*args: Any) -> Any:
        result, error = execute(_outcome, call, args)
        if error is not None:
            raise error
        return result

    return on_a_thread


def _outcome(call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """A call's result or error as a value: gevent prints whatever a thread of its pool raises."""
    try:
        return call(*args), None
    except BaseException as error:
        return None, error


def _execute() -> Callable[..., Any] | None:
    """What runs a function on a real thread while the greenlet waits; None in programs without a patch."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        gevent = sys.modules["gevent"]
        # A pool for each thread that runs greenlets.
        return lambda *work: gevent.get_hub().threadpool.apply(work[0], work[1:])
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.is_monkey_patched("thread"):
        from importlib import import_module

        execute: Callable[..., Any] = import_module("eventlet.tpool").execute
        return execute
    return None
