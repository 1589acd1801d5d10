"""Shows how far a run over a file has come: a bar on a terminal, else a line every few seconds, or nothing."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from .output import note, shown, span

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from .. import Progress
    from .source import Source

#: Seconds between two lines where there is no terminal.
_EVERY = 5.0
#: Seconds for which an event is shown.
_RECENT = 3.0
#: Rows that failed which are shown one by one.
_MOST_SHOWN = 10


class Display:
    """Shows a run.

    Args:
        title: What the run does, such as ``Importing users.csv``.
        verb: What became of an item that is done, such as ``imported``.
        source: The file; None if there is none.
        is_silent: Shows nothing at all.
    """

    def __init__(self, title: str, verb: str, source: Source | None, *, is_silent: bool) -> None:
        self.style: Literal["bar", "lines", "none"] = "lines"
        if is_silent:
            self.style = "none"
        elif sys.stderr.isatty():
            self.style = "bar"
        self._title = title
        self._verb = verb
        self._source = source
        self._bar: Bar | None = None
        self._task: Any = None
        self._told = time.monotonic()
        self._began = self._told
        self._shown = {"failed": 0, "duplicate": 0}
        self._events: dict[str, float] = {}
        #: Set by a signal handler, which must not write by itself.
        self.is_stopping = False

    def __enter__(self) -> Display:
        if self.style == "bar":
            self._bar = _bar()
            size = self._source.size if self._source else None
            self._task = self._bar.add_task(self._title, total=size or None, facts="")
            self._bar.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def on_event(self, event: Any) -> None:
        """Notices what holds calls up. For ``on_event`` of a client; runs on any thread."""
        if event["event"] in ("queued", "slowed_down", "retry", "failover"):
            self._events[event["event"]] = time.monotonic()

    def update(self, progress: Progress, unreadable: int) -> None:
        """Shows a new state."""
        if self._bar:
            position = self._source.position if self._source else None
            self._bar.update(self._task, completed=position, facts=self._facts(progress, unreadable))
        elif self.style == "lines" and time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            part = ""
            if self._source and self._source.size:
                part = f"{self._source.position / self._source.size:.0%}, "
                part += f"{span(self._left())} left, " if self._source.position else ""
            note(f"{self._title}: {part}{self._facts(progress, unreadable)}")

    def _left(self) -> float:
        """Seconds until the end at the speed so far."""
        if not self._source or not self._source.size or not self._source.position:
            return 0.0
        elapsed = time.monotonic() - self._began
        return elapsed * (self._source.size - self._source.position) / self._source.position

    def _facts(self, progress: Progress, unreadable: int) -> str:
        done = progress.done + progress.skipped - progress.skipped_failed
        failed = progress.failed + progress.refused + progress.unknown + progress.skipped_failed + unreadable
        facts = [f"{done:,} {self._verb}", f"{failed:,} failed", f"{progress.rate:,.0f}/s"]
        if pace := self._pace():
            facts.append(pace)
        return " · ".join(facts)

    def _pace(self) -> str:
        if self.is_stopping:
            return "stopping; Ctrl-C again ends at once"
        now = time.monotonic()
        words = {
            "failover": "on the fallback host",
            "slowed_down": "slowed down by the service",
            "retry": "retrying",
            "queued": "at the rate limit",
        }
        return next((text for name, text in words.items() if now - self._events.get(name, -_RECENT) < _RECENT), "")

    def failed(self, line: int, user: Any, reason: str) -> None:
        """Shows one of the first rows that failed."""
        self._show("failed", line, user, reason, "… further rows that fail are counted only")

    def duplicate(self, line: int, user: Any) -> None:
        """Shows one of the first rows whose user came before."""
        self._show(
            "duplicate", line, user, "came before, and is not sent again", "… further duplicates are counted only"
        )

    def _show(self, what: str, line: int, user: Any, text: str, end: str) -> None:
        self._shown[what] += 1
        count = self._shown[what]
        if self.style == "none" or count > _MOST_SHOWN + 1:
            return
        where = f"line {line:,}: " if self._source else ""
        name = f"{shown(user)}: " if isinstance(user, str) else ""
        self.say(f"{where}{name}{text}" if count <= _MOST_SHOWN else end)

    def say(self, text: str) -> None:
        """Writes a line, above the bar if there is one."""
        if self._bar:
            from rich.text import Text

            self._bar.console.print(Text(text))
        else:
            note(text)


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[facts]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        refresh_per_second=8,
        # Results that are sent elsewhere must not come to the terminal of the bar.
        redirect_stdout=sys.stdout.isatty(),
    )
