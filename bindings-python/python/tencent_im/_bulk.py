"""Runs over many items: batches of them as calls, one result for each item."""

from __future__ import annotations

import asyncio
import os
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ._faults import fault
from ._greenlets import cooperative
from ._native import NativeBulk

if TYPE_CHECKING:
    from ._native import ItemResult, LoopQueue, NativeClient
    from .types.options import CallOptions

Item = TypeVar("Item")
Reply = TypeVar("Reply")

#: Seconds between two calls of ``on_progress``.
_TELL = 0.1
#: Seconds over which ``rate`` is taken.
_WINDOW = 5.0
#: The options that are the run's own; the others are those of its calls.
_SETTINGS = ("in_flight", "on_progress", "checkpoint", "source", "resume", "dry_run")
#: Seconds after which items of an async source are sent although their batch is not full.
_LINGER = 0.2


class Progress(NamedTuple):
    """How far a run has come, in items."""

    done: int
    """Done by the service."""
    failed: int
    """Refused by the service."""
    refused: int
    """Refused before anything was sent."""
    unknown: int
    """May have taken effect: the answer was lost, and the call is not safe to retry."""
    duplicates: int
    """Came before in this run, and were not sent again."""
    skipped: int
    """Passed over, since an earlier run of this checkpoint has their results."""
    skipped_failed: int
    """Of the items of the earlier runs, those that failed, were refused or are unknown."""
    resent: int
    """May have been sent by the earlier run, which was stopped before it had their results. They are sent again, or are
    ``unknown`` if the call is not safe to retry."""
    in_flight: int
    """Taken from the source, without a result yet."""
    rate: float
    """Results a second, over the last five seconds."""
    elapsed: float
    """Seconds since the run began."""


if TYPE_CHECKING:
    # For type checkers alone: importing the package loads no types.
    class RunOptions(CallOptions, total=False):
        """Options of a run over many items, beside those of its calls."""

        in_flight: int
        """Most batches in flight. Defaults to 16."""
        on_progress: Callable[[Progress], object]
        """Called with the progress about ten times a second, and at the end."""
        checkpoint: str | os.PathLike[str]
        """File in which the run notes what is done. A run that was stopped or killed continues where it stood if given
        the same file and the same items. Holds numbers and hashes only."""
        source: str
        """Names where the items come from: a checkpoint of another source is refused at once, not when its items
        differ."""
        resume: str
        """The ``checkpoint`` property of an earlier run, to continue that without a file."""
        dry_run: bool
        """Checks all items and sends none. Sound items end as ``done``; those that a real run would refuse as
        ``refused``. Not with ``checkpoint`` or ``resume``. Defaults to false."""


#: What Python iterates over although it is one item: the letters of a name, the keys of an object.
_ONE = (str, bytes, bytearray, memoryview, Mapping)


def _check_items(op: str, items: Any) -> None:
    """Refuses what is not many items: a run that deletes would take the letters of a name for users."""
    name = type(items).__name__
    # One of pandas iterates over the names of its columns. Told by its name, since pandas may not be installed.
    is_frame = name == "DataFrame"
    can_iterate = any(hasattr(items, method) for method in ("__iter__", "__aiter__", "__getitem__"))
    if is_frame or isinstance(items, _ONE) or not can_iterate:
        cure = "pass its records: df.to_dict('records')" if is_frame else "pass a list, a generator or another iterable"
        raise fault("InvalidInput", f"expected many items, got {name}", operation=op, cure=cure)


class _Run(ABC, Generic[Item, Reply]):
    """What both kinds of run have."""

    def __init__(self, client: NativeClient, op: str, fields: dict[str, Any], options: Mapping[str, Any]) -> None:
        settings = {name: options[name] for name in _SETTINGS if name in options}
        of_calls = {name: value for name, value in options.items() if name not in _SETTINGS}
        self._on_progress: Callable[[Progress], object] | None = settings.get("on_progress")
        self._op = op
        self._native = NativeBulk(client, op, fields, of_calls, settings)
        self._chunk: list[ItemResult[Item, Reply]] = []
        self._at = 0
        self._told = 0.0
        self._samples: deque[tuple[float, int]] = deque([(0.0, 0)])

    @property
    def progress(self) -> Progress:
        """How far the run has come. May be asked on any thread."""
        counts, elapsed = self._native.progress()
        total = sum(counts[:5])
        samples = self._samples
        if elapsed - samples[-1][0] >= _TELL:
            samples.append((elapsed, total))
        while len(samples) > 1 and elapsed - samples[1][0] >= _WINDOW:
            samples.popleft()
        since, before = samples[0]
        rate = (total - before) / (elapsed - since) if elapsed > since else 0.0
        return Progress(*counts, rate=rate, elapsed=elapsed)

    @property
    def checkpoint(self) -> str:
        """Text from which a later run over the same items continues: pass it as ``resume``.

        An item is done once its result was taken and the next one is asked for.
        """
        return self._native.checkpoint(len(self._chunk) - self._at + bool(self._at))

    def stop(self) -> None:
        """Takes no further items. The results of those taken still come. May be called by a signal handler."""
        self._native.stop()

    def _left(self, exc: BaseException | None) -> int:
        """Results that were not dealt with: those not taken, and the one whose handling raised."""
        return len(self._chunk) - self._at + (1 if exc is not None and self._at else 0)

    def _tell(self, *, is_end: bool = False) -> None:
        if self._on_progress is not None:
            now = time.monotonic()
            if is_end or now - self._told >= _TELL:
                self._told = now
                self._on_progress(self.progress)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._op}>"


class BulkRun(_Run[Item, Reply], Iterator["ItemResult[Item, Reply]"]):
    """A run over many items. Iterating over it sends them and gives the result of each, in order of completion.

    >>> with im.accounts.import_many(csv.DictReader(file), checkpoint="import.journal") as run:
    ...     for result in run:
    ...         if not result.ok:
    ...             print(result.number, result.item, result.outcome, result.error)

    Items are read and sent as results are taken: memory does not grow with their number. Use it on one thread.
    """

    def __init__(
        self,
        client: NativeClient,
        op: str,
        items: Iterable[Item],
        fields: dict[str, Any],
        options: Mapping[str, Any],
    ) -> None:
        _check_items(op, items)
        source = iter(items)
        super().__init__(client, op, fields, options)
        self._source = source
        self._next_chunk = cooperative(self._native.next_chunk)

    def __iter__(self) -> BulkRun[Item, Reply]:
        return self

    def __next__(self) -> ItemResult[Item, Reply]:
        if self._at >= len(self._chunk):
            self._load()
        result = self._chunk[self._at]
        self._at += 1
        return result

    def _load(self) -> None:
        chunk = None
        try:
            chunk = self._next_chunk(self._source, 0)
            self._chunk, self._at = chunk or [], 0
        finally:
            self._tell(is_end=chunk is None)
        if chunk is None:
            raise StopIteration

    def finish(self) -> Progress:
        """Runs to the end without looking at the results, and returns how the items ended.

        Raises:
            TencentImError: The run was stopped by a failure that would repeat itself, such as a wrong key.
        """
        for _ in self:
            self._at = len(self._chunk)
        return self.progress

    def close(self) -> None:
        """Ends the run where it stands. Batches in flight are given up; a run that continues it sends them again."""
        self._close(None)

    def _close(self, exc: BaseException | None) -> None:
        self._native.close(self._left(exc))
        self._chunk, self._at = [], 0

    def __enter__(self) -> BulkRun[Item, Reply]:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close(exc)


class AsyncBulkRun(_Run[Item, Reply], AsyncIterator["ItemResult[Item, Reply]"]):
    """A run over many items. Iterating over it sends them and gives the result of each, in order of completion.

    >>> async with im.accounts.import_many(rows(), checkpoint="import.journal") as run:
    ...     async for result in run:
    ...         if not result.ok:
    ...             print(result.number, result.item, result.outcome, result.error)

    Items come from any iterable or async iterable, and are read and sent as results are taken: memory does not grow
    with their number. Use it in one task.
    """

    def __init__(
        self,
        client: NativeClient,
        queue: Callable[[], LoopQueue],
        op: str,
        items: Iterable[Item] | AsyncIterable[Item],
        fields: dict[str, Any],
        options: Mapping[str, Any],
    ) -> None:
        _check_items(op, items)
        feed: _Feed[Item] = _AsyncFeed(items) if isinstance(items, AsyncIterable) else _SyncFeed(items)
        super().__init__(client, op, fields, options)
        self._queue = queue
        self._feed = feed
        self._woken: asyncio.Future[None] | None = None
        self._is_loading = False

    def __aiter__(self) -> AsyncBulkRun[Item, Reply]:
        return self

    async def __anext__(self) -> ItemResult[Item, Reply]:
        if self._at >= len(self._chunk):
            await self._load()
        result = self._chunk[self._at]
        self._at += 1
        return result

    async def _load(self) -> None:
        if self._is_loading:
            # The results that the other task waits for would come to both, and some of them to neither.
            raise fault("InvalidInput", "the run is being read already", operation=self._op, cure="read it in one task")
        self._is_loading = True
        self._chunk, self._at = [], 0
        is_end = True
        try:
            while True:
                self._native.turn(0)
                self._feed.read(self._native)
                self._chunk = self._native.take()
                is_end = not self._chunk and self._native.finish()
                if self._chunk or is_end:
                    break
                self._tell()
                await self._wait()
        except asyncio.CancelledError:
            self._close(None)
            raise
        finally:
            self._is_loading = False
            self._tell(is_end=is_end)
        if is_end:
            self._feed.close()
            raise StopAsyncIteration

    async def _wait(self) -> None:
        """Waits for a batch to end, or for the source."""
        waits: set[asyncio.Future[Any]] = set()
        if self._native.is_waiting():
            if self._woken is None or self._woken.done():
                self._woken = asyncio.get_running_loop().create_future()
                self._native.wake(self._queue(), self._woken)
            waits.add(self._woken)
        waits.update(self._feed.pending())
        if waits:
            await asyncio.wait(waits, timeout=self._feed.linger(), return_when=asyncio.FIRST_COMPLETED)

    async def finish(self) -> Progress:
        """Runs to the end without looking at the results, and returns how the items ended.

        Raises:
            TencentImError: The run was stopped by a failure that would repeat itself, such as a wrong key.
        """
        async for _ in self:
            self._at = len(self._chunk)
        return self.progress

    async def aclose(self) -> None:
        """Ends the run where it stands. Batches in flight are given up; a run that continues it sends them again."""
        self._close(None)

    def _close(self, exc: BaseException | None) -> None:
        self._feed.close()
        self._native.close(self._left(exc))
        self._chunk, self._at = [], 0

    async def __aenter__(self) -> AsyncBulkRun[Item, Reply]:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close(exc)


class _Feed(ABC, Generic[Item]):
    """Where the items of an asyncio run come from."""

    @abstractmethod
    def read(self, native: NativeBulk) -> None:
        """Hands over what there is room for."""

    def pending(self) -> Iterable[asyncio.Future[Any]]:
        """What to wait for."""
        return ()

    def linger(self) -> float | None:
        """How long to wait at most."""
        return None

    def close(self) -> None:
        """Reads no further."""


class _SyncFeed(_Feed[Item]):
    def __init__(self, items: Iterable[Item]) -> None:
        self._source = iter(items)

    def read(self, native: NativeBulk) -> None:
        native.pull(self._source)


class _AsyncFeed(_Feed[Item]):
    """Reads ahead in a task of its own, so that results come while the source waits."""

    def __init__(self, items: AsyncIterable[Item]) -> None:
        self._source = aiter(items)
        self._items: list[Item] = []
        self._task: asyncio.Task[bool] | None = None
        self._since = 0.0

    def read(self, native: NativeBulk) -> None:
        ended = False
        exception: BaseException | None = None
        if self._task is not None and self._task.done():
            exception = None if self._task.cancelled() else self._task.exception()
            ended = exception is not None or (not self._task.cancelled() and self._task.result())
            self._task = None
        room = native.room()
        is_late = bool(self._items) and time.monotonic() - self._since >= _LINGER
        if self._items and (self._task is None or is_late):
            items, self._items = self._items, []
            native.offer(items, is_late)
        if ended:
            if exception is not None and not isinstance(exception, Exception):
                raise exception
            native.end(exception)
        elif self._task is None and room:
            self._task = asyncio.ensure_future(self._gather(native.room()))

    async def _gather(self, most: int) -> bool:
        """Reads so many items; true if they were the last."""
        for _ in range(most):
            try:
                item = await anext(self._source)
            except StopAsyncIteration:
                return True
            if not self._items:
                self._since = time.monotonic()
            self._items.append(item)
        return False

    def pending(self) -> Iterable[asyncio.Future[Any]]:
        return () if self._task is None else (self._task,)

    def linger(self) -> float | None:
        return _LINGER if self._task is not None else None

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()


# As programs import them.
for _class in (Progress, BulkRun, AsyncBulkRun):
    _class.__module__ = "tencent_im"
