"""Events that come again."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from webhook_support import AFTER, ALLOWED, APP, BEFORE, Door, answered, body, hooks, query, receive

from tencent_im.webhooks import MemoryStore, Webhooks, reject

REJECTED = ALLOWED | {"ErrorCode": 1}


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


def test_a_decision_is_answered_again(door: Door, is_async: bool, store: Any) -> None:
    receiver, seen = deciding(store, is_async)
    for _ in range(3):
        assert answered(door(receiver, BEFORE, From_Account="mallory", MsgKey="1"))["ErrorCode"] == 120001
        assert answered(door(receiver, BEFORE, MsgKey="2")) == ALLOWED
    assert seen == ["1", "2"]
    receiver.close()


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


def test_a_decision_of_another_process_is_not_known(door: Door) -> None:
    store = Shared()
    first, _ = deciding(store, False)
    second, seen = deciding(store, False, on_late="reject")
    assert answered(door(first, BEFORE)) == ALLOWED
    assert answered(door(second, BEFORE)) == REJECTED
    assert seen == []
    first.close()
    second.close()


def test_the_key_names_app_and_event_and_is_kept_for_ten_minutes() -> None:
    store = Shared()
    receiver, _ = deciding(store, False)
    receiver.on_any(lambda event: None)
    receive(receiver, BEFORE, MsgKey="1")
    receiver.close()
    key = f"tencent-im:{APP}:{BEFORE}/1"
    assert store.keys == {key: 600, f"{key}:any": 600}
    longer = Shared()
    receiver, _ = deciding(longer, False, tolerance=400)
    receive(receiver, BEFORE, MsgKey="1")
    assert longer.keys == {key: 800}


def test_two_at_once_are_decided_once(is_async: bool) -> None:
    receiver = hooks(store=MemoryStore())
    seen: list[Any] = []

    def slow(event: Any) -> Any:
        seen.append(event)
        time.sleep(0.2)
        return reject(120001)

    async def slow_async(event: Any) -> Any:
        seen.append(event)
        await asyncio.sleep(0.2)
        return reject(120001)

    receiver.on("C2C.CallbackBeforeSendMsg", slow_async if is_async else slow)
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(answered(receive(receiver)))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [answer["ErrorCode"] for answer in answers] == [120001] * 5

    async def at_once() -> list[Any]:
        line, content = query(), body(MsgKey="another")
        answers = await asyncio.gather(*[receiver.areceive(line, content) for _ in range(5)])
        return [answered(answer) for answer in answers]

    assert [answer["ErrorCode"] for answer in asyncio.run(at_once())] == [120001] * 5
    assert len(seen) == 2
    receiver.close()


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
    assert [str(error) for error in errors] == ["no redis"] * 2


def test_a_store_that_hangs_does_not_make_the_answer_late(door: Door) -> None:
    class Hanging:
        def add(self, key: str, ttl: int) -> bool:
            time.sleep(0.5)
            return True

    receiver, _ = deciding(Hanging(), False, budget=0.1, on_error=lambda error, event: None)
    begun = time.monotonic()
    assert answered(door(receiver, BEFORE)) == ALLOWED
    assert time.monotonic() - begun < 0.4
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
