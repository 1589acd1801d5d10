"""Runs over files of users by the calls that take many: what they show, count and leave behind."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .. import ConfigError, TencentImError
from . import FAILED, INTERRUPTED, OK
from .columns import USER_ID
from .failures import exit_code_of
from .files import FailedFile, Input, User, reason_of
from .progress import Display
from .rows import BadRow

if TYPE_CHECKING:
    from .. import BulkRun, ItemResult, Progress


class Outcome:
    """How a run ended."""

    def __init__(
        self, progress: Progress, unreadable: int, *, is_interrupted: bool, error: TencentImError | None
    ) -> None:
        self.progress = progress
        self.unreadable = unreadable
        self.is_interrupted = is_interrupted
        #: Why the run ended before the last user.
        self.error = error

    @property
    def done(self) -> int:
        """Items that are done, by earlier runs too."""
        return self.progress.done + self.progress.skipped - self.progress.skipped_failed

    @property
    def failed(self) -> int:
        """Rows that failed for any reason, in earlier runs too."""
        counts = self.progress
        return counts.failed + counts.refused + counts.unknown + counts.skipped_failed + self.unreadable

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        if isinstance(self.error, ConfigError) and self.error.path == "checkpoint":
            # The run has begun with it: its disk is full.
            return FAILED
        if self.error:
            return exit_code_of(self.error)
        return INTERRUPTED if self.is_interrupted else FAILED if self.failed else OK

    def facts(self) -> dict[str, Any]:
        """The counts, for JSON."""
        counts = self.progress
        return {
            "done": self.done,
            "failed": counts.failed,
            "refused": counts.refused,
            "unknown": counts.unknown,
            "unreadable": self.unreadable,
            "failed_before": counts.skipped_failed,
            "duplicates": counts.duplicates,
            "skipped": counts.skipped,
            "resent": counts.resent,
            "seconds": round(counts.elapsed, 6),
            "interrupted": self.is_interrupted,
        }


def carry_out(
    source: Input,
    display: Display,
    failed: FailedFile,
    many: Callable[..., BulkRun[User, Any]],
    on_done: Callable[[ItemResult[User, Any]], None] | None = None,
    on_failed: Callable[[int, Any, str], None] | None = None,
) -> Outcome:
    """Makes a run over the users of a file, to its end or until the user interrupts it.

    Args:
        source: The users.
        display: Shows the run.
        failed: Keeps the rows that fail.
        many: The method that makes the run, such as ``im.accounts.check_many``.
        on_done: Takes the result of each user that is done.
        on_failed: Takes the line, the user (None if it cannot be read) and the reason of each row that fails.

    Raises:
        TencentImError: The run cannot begin. One that cannot go on, such as for a wrong key, is in the outcome.
    """
    unreadable = 0
    error: TencentImError | None = None

    def on_bad_row(row: BadRow) -> None:
        nonlocal unreadable
        unreadable += 1
        fail(row.line, row.original, None, row.text)

    def fail(line: int, original: Any, user: Any, reason: str) -> None:
        failed.write(line, original, reason)
        display.failed(line, user, reason)
        if on_failed:
            on_failed(line, user, reason)

    def on_progress(progress: Progress) -> None:
        display.update(progress, unreadable)

    def take(run: BulkRun[User, Any]) -> None:
        for result in run:
            if result.ok:
                if on_done:
                    on_done(result)
            elif result.error is not None:
                fail(result.item.line, result.item.original, result.item.get(USER_ID), reason_of(result.error))
            else:
                display.duplicate(result.item.line, result.item.get(USER_ID))

    with (
        _collecting_seldom(),
        display,
        many(source.read(on_bad_row), on_progress=on_progress) as run,
        _stopping(run, display) as was_stopped,
    ):
        try:
            take(run)
        except TencentImError as stopped_by:
            error = stopped_by
        display.update(run.progress, unreadable)
        progress = run.progress
    return Outcome(progress, unreadable, is_interrupted=was_stopped.is_set(), error=error)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Collects garbage after 10,000 new objects instead of 700: the rows in flight alone are more than that.

    They are no garbage, and looking through them again and again took a twelfth of the time of 100,000 rows
    (``make bench-import``, ``command line``). Each full collection took 5 ms, and files under 50,000 rows had none.
    """
    before = gc.get_threshold()
    gc.set_threshold(10_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _stopping(run: BulkRun[Any, Any], display: Display) -> Iterator[threading.Event]:
    """Lets Ctrl-C end the run after the batches in flight, and a second one at once."""
    stopped = threading.Event()

    def stop(number: int, frame: Any) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        display.is_stopping = True
        run.stop()

    before = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, stop)
    except ValueError:
        # Not the main thread: whoever runs it there has signals of their own.
        pass
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
