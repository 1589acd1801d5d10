"""Events that come again."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from support import PATIENCE
from webhook_support import AFTER, ALLOWED, APP, BEFORE, Door, answered, hooks, receive

from tencent_im.webhooks import MemoryStore, Webhooks, reject


class Shared:
    """A store of several processes, such as Redis."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}

    def add(self, key: str, ttl: int) -> bool | None:
        is_new = key not in self.keys
        self.keys[key] = ttl
        # As Redis answers SET NX.
        return True if is_new else None


class SharedAsync(Shared):
    async def add(self, key: str, ttl: int) -> bool | None:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().add(key, ttl)


class SharedAwaitable(Shared):
    """As a plain function that gives what `redis.asyncio` gives."""

    def add(self, key: str, ttl: int) -> Any:
        async def answer() -> bool | None:
            return super(SharedAwaitable, self).add(key, ttl)

        return answer()


@pytest.fixture(params=[MemoryStore, Shared, SharedAsync, SharedAwaitable])
def store(request: pytest.FixtureRequest) -> Any:
    return request.param()


def deciding(store: Any, is_async: bool, **settings: Any) -> tuple[Webhooks, list[str]]:
    receiver = hooks(store=store, **settings)
    seen: list[str] = []

    def decide(event: Any) -> Any:
        seen.append(event.body.msg_key)
        return reject(120001) if event.body.from_account == "mallory" else None

    async def decide_async(event: Any) -> Any:
        return decide(event)

    receiver.on("C2C.CallbackBeforeSendMsg", decide_async if is_async else decide)
    receiver.on("C2C.CallbackAfterSendMsg", decide_async if is_async else decide)
    return receiver, seen


def test_every_question_is_decided(door: Door, is_async: bool, store: Any) -> None:
    """The service asks once. Whoever chooses the parts of a key could have a second message answered as the first."""
    receiver, seen = deciding(store, is_async, on_late="reject")
    assert answered(door(receiver, BEFORE, MsgKey="1")) == ALLOWED
    assert answered(door(receiver, BEFORE, From_Account="mallory", MsgKey="1"))["ErrorCode"] == 120001
    # Nor is one taken for decided that another process has seen.
    other, seen_there = deciding(store, is_async, on_late="reject")
    assert answered(door(other, BEFORE, MsgKey="1")) == ALLOWED
    assert (seen, seen_there) == (["1", "1"], ["1"])
    receiver.close()
    other.close()


def test_what_has_happened_is_handled_once(door: Door, is_async: bool, store: Any) -> None:
    receiver, seen = deciding(store, is_async)
    for _ in range(3):
        assert answered(door(receiver, AFTER, MsgKey="1")) == ALLOWED
    receiver.close()
    assert seen == ["1"]


def test_without_a_store_everything_is_handled(door: Door, is_async: bool) -> None:
    receiver, seen = deciding(None, is_async)
    for _ in range(2):
        door(receiver, BEFORE)
        door(receiver, AFTER)
    receiver.close()
    assert len(seen) == 4


def test_the_key_names_app_and_event_and_is_kept_for_ten_minutes() -> None:
    store = Shared()
    receiver, _ = deciding(store, False)
    receiver.on_any(lambda event: None)
    receive(receiver, AFTER, MsgKey="1")
    receive(receiver, BEFORE, MsgKey="2")
    receiver.close()
    app = f"tencent-im:{APP}:"
    assert store.keys == {f"{app}{AFTER}/alice/bob/1": 600, f"{app}{BEFORE}/alice/bob/2": 600}
    longer = Shared()
    receiver, _ = deciding(longer, False, tolerance=400)
    receive(receiver, AFTER, MsgKey="1")
    receiver.close()
    assert list(longer.keys.values()) == [800]


@pytest.mark.parametrize("is_store_async", [False, True])
def test_a_store_that_fails_is_reported_and_the_event_handled(door: Door, is_async: bool, is_store_async: bool) -> None:
    class Broken:
        def add(self, key: str, ttl: int) -> bool:
            raise ConnectionError("no redis")

    class BrokenAsync:
        async def add(self, key: str, ttl: int) -> bool:
            raise ConnectionError("no redis")

    errors: list[Exception] = []
    store = BrokenAsync() if is_store_async else Broken()
    receiver, seen = deciding(store, is_async, on_error=lambda error, event: errors.append(error))
    assert answered(door(receiver, BEFORE, From_Account="mallory"))["ErrorCode"] == 120001
    assert answered(door(receiver, AFTER)) == ALLOWED
    receiver.close()
    assert len(seen) == 2
    assert [str(error) for error in errors] == ["no redis"]


def test_a_store_that_hangs_does_not_make_the_answer_late(door: Door) -> None:
    gate = threading.Event()

    class Hanging:
        def add(self, key: str, ttl: int) -> bool:
            gate.wait(PATIENCE)
            return True

    receiver, _ = deciding(Hanging(), False, budget=0.1, background=0, on_error=lambda error, event: None)
    assert answered(door(receiver, AFTER)) == ALLOWED
    assert not gate.is_set()
    gate.set()
    receiver.close()


# --- the store in memory ---------------------------------------------------------------------------------------------


def test_keys_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("tencent_im.webhooks._store.clock", lambda: now[0])
    store = MemoryStore()
    assert store.add("a", 10) is True
    now[0] += 9.9
    assert store.add("a", 10) is False
    now[0] += 0.2
    assert store.add("a", 10) is True


def test_the_oldest_key_is_forgotten_first() -> None:
    store = MemoryStore(max=3)
    for key in "abc":
        assert store.add(key, 10)
    assert not store.add("a", 10)
    assert store.add("d", 10)
    assert len(store) == 3
    # b was the one that had not been seen for the longest time.
    assert not store.add("a", 10)
    assert store.add("b", 10)


def test_a_store_has_room() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        MemoryStore(max=0)
