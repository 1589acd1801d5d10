"""Remembers which events have been seen, so that each is handled once."""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Protocol

from ._event import clock


class Store(Protocol):
    """Remembers keys. Processes that share a store handle each event once between them.

    With Redis::

        class RedisStore:
            def __init__(self, redis):  # redis.Redis or redis.asyncio.Redis
                self._redis = redis

            def add(self, key, ttl):
                return self._redis.set(key, 1, nx=True, ex=ttl)
    """

    def add(self, key: str, ttl: int, /) -> object | Awaitable[object]:
        """Adds a key for ``ttl`` seconds. Returns a true value if the key is new, otherwise a false one."""


class MemoryStore:
    """Remembers keys in this process. Safe to share between threads.

    Args:
        max: Maximum number of keys. The oldest is forgotten first. Defaults to 100,000, about 25 MB.
    """

    def __init__(self, max: int = 100_000) -> None:
        if not isinstance(max, int) or max < 1:
            raise ValueError(f"max is at least 1, as a whole number; got {max!r}")
        self._max = max
        self._lock = threading.Lock()
        self._expiries: OrderedDict[str, float] = OrderedDict()
        _stores.add(self)

    def add(self, key: str, ttl: int, /) -> bool:
        """Adds a key for ``ttl`` seconds. Returns whether the key is new."""
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


_stores: weakref.WeakSet[MemoryStore] = weakref.WeakSet()


def _after_fork() -> None:
    # A thread of the parent may have held a lock.
    for store in list(_stores):
        store._lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
