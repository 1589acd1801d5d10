"""What every group of calls is made of: a way to make a call."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._bulk import AsyncBulkRun, BulkRun

    #: Makes a call: its name, its fields, and its options. A name among the options that is none of theirs counts as a
    #: field if the call has it.
    Caller = Callable[[str, dict[str, Any], Any], Any]
    AsyncCaller = Callable[[str, dict[str, Any], Any], Coroutine[Any, Any, Any]]
    #: Begins a run of a call over many items: its name, the items, its other fields, and options.
    Runner = Callable[[str, Any, dict[str, Any], Any], BulkRun[Any, Any]]
    AsyncRunner = Callable[[str, Any, dict[str, Any], Any], AsyncBulkRun[Any, Any]]


class Resource:
    """A group of calls of ``Client``."""

    __slots__ = ("_call", "_run")

    def __init__(self, call: Caller, run: Runner) -> None:
        self._call = call
        self._run = run


class AsyncResource:
    """A group of calls of ``AsyncClient``."""

    __slots__ = ("_call", "_run")

    def __init__(self, call: AsyncCaller, run: AsyncRunner) -> None:
        self._call = call
        self._run = run
