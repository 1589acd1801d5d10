"""Which events have been seen, so that each is handled once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import Protocol

from ._event import clock

#: Answers that are remembered for events that come again.
_MOST_ANSWERS = 1_000


class Store(Protocol):
    """Remembers keys. Processes that share one handle each event once.

    With Redis::

        class RedisStore:
            def __init__(self, redis):  # redis.Redis or redis.asyncio.Redis
                self._redis = redis

            def add(self, key, ttl):
                return self._redis.set(key, 1, nx=True, ex=ttl)
    """

    def add(self, key: str, ttl: int, /) -> object | Awaitable[object]:
        """Adds a key for ``ttl`` seconds. Returns something true if it was not there, else something false."""


class MemoryStore:
    """Remembers keys in this process. Threads may share one.

    Args:
        max: Most keys. The oldest is forgotten first. Defaults to 100,000, about 25 MB.
    """

    def __init__(self, max: int = 100_000) -> None:
        if max < 1:
            raise ValueError("max is at least 1")
        self._max = max
        self._lock = threading.Lock()
        self._expiries: OrderedDict[str, float] = OrderedDict()

    def add(self, key: str, ttl: int, /) -> bool:
        """Adds a key for ``ttl`` seconds. Returns whether it was not there."""
        now = clock()
        with self._lock:
            expiry = self._expiries.pop(key, None)
            is_new = expiry is None or expiry <= now
            self._expiries[key] = now + ttl if expiry is None or is_new else expiry
            if len(self._expiries) > self._max:
                self._expiries.popitem(last=False)
        return is_new

    def __len__(self) -> int:
        return len(self._expiries)


class Decided:
    """The answers of this process, for events that come again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Future[bytes]] = OrderedDict()

    def begin(self, key: str) -> tuple[Future[bytes], bool]:
        """The answer to an event, which may be under way; and whether it is for the caller to find."""
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                return known, False
            answer: Future[bytes] = Future()
            answer.set_running_or_notify_cancel()
            self._answers[key] = answer
            if len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)
            return answer, True
