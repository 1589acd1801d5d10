"""Runs over many items: each item accepted is sent and reported once, whatever happens in between."""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import time
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SDK_APP_ID, Emulator
from support import PATIENCE, async_client, client, eventually_on_loop, run

from tencent_im import (
    AuthError,
    CallCancelledError,
    InvalidInputError,
    ItemResult,
    Progress,
    TencentImError,
)

Results = list["ItemResult[Any, Any]"]
#: Runs a method over items with the client of one sort and gives the results and the progress.
RunMany = Callable[..., "tuple[Results, Progress]"]


def users(count: int, *, prefix: str = "u") -> Iterator[dict[str, Any]]:
    for at in range(count):
        yield {"user_id": f"{prefix}{at}", "nick": f"N{at}"}


async def later(items: Iterable[Any]) -> AsyncIterator[Any]:
    for at, item in enumerate(items):
        if at % 50 == 0:
            await asyncio.sleep(0)
        yield item


def resolve(im: Any, method: str) -> Any:
    group, name = method.split(".")
    return getattr(getattr(im, group), name)


@pytest.fixture(params=["sync", "asyncio", "async source"])
def run_many(request: pytest.FixtureRequest, emulator: Emulator) -> RunMany:
    def of_sync(method: str, items: Iterable[Any], settings: dict[str, Any], options: dict[str, Any]) -> Any:
        with client(emulator, **settings) as im, resolve(im, method)(items, **options) as started:
            return list(started), started.progress

    def of_asyncio(method: str, items: Iterable[Any], settings: dict[str, Any], options: dict[str, Any]) -> Any:
        async def main() -> Any:
            source = later(items) if request.param == "async source" else items
            async with (
                async_client(emulator, **settings) as im,
                resolve(im, method)(source, **options) as started,
            ):
                return [result async for result in started], started.progress

        return run(main())

    def made(
        method: str, items: Iterable[Any], *, settings: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Results, Progress]:
        made_by = of_sync if request.param == "sync" else of_asyncio
        results, progress = made_by(method, items, settings or {}, options)
        return results, progress

    return made


def accounts_of(emulator: Emulator) -> set[str]:
    return set(emulator.control("state")["apps"][str(SDK_APP_ID)]["accounts"]) - {"administrator"}


def test_accepted_is_sent_is_reported(run_many: RunMany, emulator: Emulator) -> None:
    results, progress = run_many("accounts.import_many", users(2345))
    assert sorted(result.number for result in results) == list(range(2345))
    assert all(result.ok and result.error is None and result.outcome == "done" for result in results)
    assert all(result.item["user_id"] == f"u{result.number}" for result in results)
    assert accounts_of(emulator) == {f"u{at}" for at in range(2345)}
    assert emulator.counters()["calls"]["v4/im_open_login_svc/multiaccount_import"]["requests"] == 24
    assert progress[:9] == (2345, 0, 0, 0, 0, 0, 0, 0, 0)
    assert progress.elapsed > 0
    assert progress.rate > 0


def test_the_time_of_a_run_includes_reading_its_first_items(run_many: RunMany) -> None:
    def slow() -> Iterator[str]:
        time.sleep(0.1)
        yield "a"

    _, progress = run_many("accounts.import_many", slow())
    assert progress.elapsed >= 0.1


def test_faults_cost_no_item(run_many: RunMany, emulator: Emulator) -> None:
    emulator.faults(
        {"kind": "reset_before", "probability": 0.05},
        {"kind": "http_status", "probability": 0.05},
        {"kind": "error_code", "code": 60007, "probability": 0.02},
    )
    results, progress = run_many("accounts.import_many", users(5000), settings={"backoff": 0.01, "max_backoff": 0.02})
    assert Counter(result.outcome for result in results) == {"done": 5000}
    assert len({result.number for result in results}) == 5000
    assert len(accounts_of(emulator)) == progress.done == 5000


def test_each_item_has_its_outcome_and_its_reason(run_many: RunMany, emulator: Emulator) -> None:
    emulator.control("config", {"failing": {"mallory": 70500}})
    items: list[Any] = [
        {"userId": "camel"},
        {"UserID": "wire", "FaceUrl": "https://example.com/a.png"},
        "bare",
        {"user_id": "mallory"},
        {"user_id": "x" * 33},
        {"user_id": 7},
        {"nick": "nobody"},
        {"user_id": "a", "nik": "A"},
        {"user_id": "007"},
        {"user_id": "camel", "nick": "again"},
    ]
    results, progress = run_many("accounts.import_many", items)
    by_number = {result.number: result for result in results}
    told = [by_number[number].outcome for number in range(len(items))]
    assert told == ["done"] * 3 + ["failed"] + ["refused"] * 4 + ["done", "duplicate"]
    # multiaccount_import names it alone; account_import has its code.
    reason = by_number[3].error
    assert reason is not None
    assert (reason.code, reason.operation) == (70500, "accounts.import_account")
    assert reason.cure
    for number, path, words in [
        (4, "user_id", "33 bytes"),
        (5, "user_id", "expected text"),
        (6, "user_id", "missing"),
        (7, "nik", "did you mean nick"),
    ]:
        error = by_number[number].error
        assert isinstance(error, InvalidInputError)
        assert error.path == path
        assert words in str(error)
        assert error.cure
    assert accounts_of(emulator) == {"camel", "wire", "bare", "007"}
    assert progress[:5] == (4, 1, 4, 0, 1)
    assert repr(by_number[0]) == "ItemResult(number=0, outcome='done')"
    assert "33 bytes" in repr(by_number[4])


def test_the_reply_about_an_item_comes_with_it(run_many: RunMany, emulator: Emulator) -> None:
    run_many("accounts.import_many", ["a", "b"])
    results, _ = run_many("accounts.check_many", [*"ab", *(f"u{at}" for at in range(300))])
    status = {result.item: result.reply.account_status for result in results if result.reply is not None}
    assert (status["a"], status["b"], status["u7"], len(status)) == ("Imported", "Imported", "NotImported", 302)
    first = results[0].reply
    assert first is not None
    assert type(first).__name__ == "CheckAccountResult"
    assert first.result_code == 0
    results, progress = run_many("accounts.delete_many", ["a", "nobody", "b"])
    codes = {result.item: None if result.error is None else result.error.code for result in results}
    assert codes == {"a": None, "nobody": 70107, "b": None}
    assert (progress.done, progress.failed) == (2, 1)


def test_other_fields_are_the_same_for_all_items(run_many: RunMany, emulator: Emulator) -> None:
    run_many("accounts.import_many", ["owner", *(f"m{at}" for at in range(50))])
    with client(emulator) as im:
        im.groups.create(type="Private", name="G", group_id="g", owner_account="owner")
    members = [f"m{at}" for at in range(50)]
    results, _ = run_many("groups.add_members_many", members, group_id="g", silence=True)
    assert all(result.ok for result in results)
    assert len(results) == 50
    with client(emulator) as im:
        assert len(list(im.groups.iter_members(group_id="g"))) == 51


def test_a_dry_run_checks_every_item_and_sends_none(run_many: RunMany, emulator: Emulator) -> None:
    items = [{"user_id": "a"}, {"user_id": "x" * 33}, {"user_id": "a"}, *users(250)]
    results, progress = run_many("accounts.import_many", items, dry_run=True)
    assert Counter(result.outcome for result in results) == {"done": 251, "refused": 1, "duplicate": 1}
    (refused,) = [result for result in results if result.outcome == "refused"]
    assert refused.error is not None
    assert (refused.number, refused.error.path) == (1, "user_id")
    assert (progress.done, progress.refused, progress.duplicates, progress.in_flight) == (251, 1, 1, 0)
    assert emulator.requests() == 0


def test_a_dry_run_keeps_no_checkpoint(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with client(emulator) as im:
        with pytest.raises(InvalidInputError, match="sends nothing") as caught:
            im.accounts.import_many(users(3), dry_run=True, checkpoint=path)
        assert caught.value.path == "checkpoint"
        run = im.accounts.import_many(users(3), dry_run=True)
        run.finish()
        with pytest.raises(InvalidInputError, match="sends nothing"):
            im.accounts.import_many(users(3), dry_run=True, resume=run.checkpoint)
        # What was checked is not done: a real run sends all of it.
        assert im.accounts.import_many(users(3), resume=run.checkpoint).finish().done == 3
    assert not path.exists()


def test_what_is_wrong_with_the_run_is_told_before_anything_is_read(emulator: Emulator) -> None:
    def never() -> Iterator[str]:
        raise AssertionError("it was read")
        yield ""

    with client(emulator) as im:
        for fields, path in [
            ({"in_flight": 0}, "in_flight"),
            ({"in_flight": "many"}, "in_flight"),
            ({"timeout": -1}, "timeout"),
            ({"extra_body": {"A": 1}}, "extra_body"),
            ({"inflight": 5}, "inflight"),
            ({"resume": "{}"}, "checkpoint"),
            ({"resume": 5}, "resume"),
            ({"checkpoint": 5}, "checkpoint"),
            ({"checkpoint": b"journal"}, "checkpoint"),
            ({"source": 5}, "source"),
            ({"dry_run": "no"}, "dry_run"),
            ({"on_progress": 5}, "on_progress"),
            ({"on_progress": asyncio.sleep}, "on_progress"),
        ]:
            with pytest.raises(TencentImError) as caught:
                im.accounts.import_many(never(), **fields)  # type: ignore[arg-type]
            assert caught.value.path == path, caught.value
        with pytest.raises(InvalidInputError, match="group_id"):
            im.groups.add_members_many(["a"], group_id=5)  # type: ignore[arg-type]
    assert emulator.requests() == 0


class DataFrame:
    """Iterates over the names of its columns, as that of pandas does."""

    def __iter__(self) -> Iterator[str]:
        return iter(["user_id", "nick"])


@pytest.mark.parametrize("items", ["alice", b"alice", {"user_id": "alice"}, DataFrame(), 5, None])
def test_one_item_is_not_taken_for_many(emulator: Emulator, items: Any) -> None:
    """Python iterates over the letters of a name and the keys of an object: users of these names would be deleted."""
    for im in (client(emulator), async_client(emulator)):
        with pytest.raises(InvalidInputError, match=f"got {type(items).__name__}.*Cure: pass"):
            im.accounts.delete_many(items)
    assert emulator.requests() == 0


def test_two_tasks_cannot_read_one_run(emulator: Emulator) -> None:
    """Each would take results that the other one waits for."""

    async def main() -> None:
        numbers: list[int] = []

        async def take(run: Any) -> None:
            async for result in run:
                numbers.append(result.number)
                await asyncio.sleep(0)

        async with async_client(emulator) as im, im.accounts.import_many(users(1000)) as started:
            first, second = await asyncio.gather(take(started), take(started), return_exceptions=True)
        assert first is None
        assert isinstance(second, InvalidInputError)
        assert "read it in one task" in str(second)
        assert sorted(numbers) == list(range(1000))

    run(main())


@pytest.mark.parametrize("is_async", [False, True])
def test_a_run_whose_source_has_raised_is_let_go_of(emulator: Emulator, is_async: bool) -> None:
    """The exception keeps the frames in which it was raised, and one of these may hold the run."""

    def failing(runs: list[Any]) -> Iterator[str]:
        yield "a"
        raise ValueError(runs)

    async def of_asyncio() -> weakref.ref[Any]:
        async with async_client(emulator) as im:
            runs: list[Any] = []
            runs.append(im.accounts.import_many(failing(runs)))
            assert (await anext(runs[0])).ok
            return weakref.ref(runs[0])

    def of_threads() -> weakref.ref[Any]:
        with client(emulator) as im:
            runs: list[Any] = []
            runs.append(im.accounts.import_many(failing(runs)))
            assert next(runs[0]).ok
            return weakref.ref(runs[0])

    gone = run(of_asyncio()) if is_async else of_threads()
    gc.collect()
    assert gone() is None


def test_too_many_items_in_one_call_name_the_run_as_the_cure(emulator: Emulator) -> None:
    with client(emulator) as im, pytest.raises(InvalidInputError, match=r"accounts\.import_many.*at most 100"):
        im.accounts.import_accounts(accounts=[f"u{at}" for at in range(500)])


def test_a_csv_reader_is_a_source(run_many: RunMany, emulator: Emulator) -> None:
    text = "user_id,nick,face_url\n" + "".join(f'{at:04},"Nick, {at}",https://example.com/{at}\n' for at in range(250))
    results, _ = run_many("accounts.import_many", csv.DictReader(io.StringIO(text)))
    assert all(result.ok for result in results)
    assert "0007" in accounts_of(emulator)
    ragged = "user_id,nick\na,A\nb\nc,C,more\n"
    results, _ = run_many("accounts.import_many", csv.DictReader(io.StringIO(ragged)))
    # A short row has None, which is left out; a long one has a list under the key None.
    assert [result.outcome for result in sorted(results, key=lambda result: result.number)] == [
        "done",
        "done",
        "refused",
    ]


def test_memory_is_bounded_since_a_source_is_read_as_results_are_taken(emulator: Emulator) -> None:
    read = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal read
        for user in users(100_000):
            read += 1
            yield user

    with client(emulator) as im, im.accounts.import_many(counted(), in_flight=4) as started:
        for taken, _ in enumerate(started, 1):
            assert read - taken <= 2 * 4 * 100 + 100
            if taken == 1000:
                break


def test_a_run_stops_at_what_would_fail_for_all(run_many: RunMany, emulator: Emulator) -> None:
    emulator.faults({"kind": "error_code", "code": 70020, "skip": 3})
    with pytest.raises(AuthError) as caught:
        run_many("accounts.import_many", users(5000), in_flight=2)
    assert caught.value.code == 70020
    assert caught.value.cure
    assert emulator.requests() <= 5


def test_an_exception_of_the_source_comes_after_the_results_before_it(emulator: Emulator) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield from users(250)
        raise RuntimeError("the file broke")

    async def broken_later() -> AsyncIterator[dict[str, Any]]:
        async for item in later(broken()):
            yield item

    taken: list[int] = []
    with client(emulator) as im, pytest.raises(RuntimeError, match="the file broke"):
        taken.extend(result.number for result in im.accounts.import_many(broken()))
    assert sorted(taken) == list(range(250))

    async def main() -> None:
        async with async_client(emulator) as im:
            async for result in im.accounts.import_many(broken_later()):
                taken.append(result.number)

    taken.clear()
    with pytest.raises(RuntimeError, match="the file broke"):
        run(main())
    assert sorted(taken) == list(range(250))


def test_stopping_lets_what_was_taken_come_to_its_end(run_many: RunMany, emulator: Emulator) -> None:
    with client(emulator) as im:
        started = im.accounts.import_many(users(100_000), in_flight=2)
        taken = 0
        for _ in started:
            taken += 1
            started.stop()
        assert taken == started.progress.done == len(accounts_of(emulator)) < 1000

    async def main() -> None:
        async with async_client(emulator) as im:
            started = im.accounts.import_many(later(users(100_000, prefix="v")), in_flight=2)
            taken = 0
            async for _ in started:
                taken += 1
                started.stop()
            assert taken == started.progress.done < 1000

    run(main())


def test_progress_is_told_and_can_be_asked_for(run_many: RunMany, emulator: Emulator) -> None:
    told: list[Progress] = []
    emulator.faults({"kind": "delay", "delay_ms": 30})
    _, last = run_many("accounts.import_many", users(3000), on_progress=told.append, in_flight=1)
    assert len(told) >= 3
    assert told[-1].done == last.done == 3000
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    assert all(progress.in_flight <= 300 for progress in told)


def test_finish_runs_to_the_end(emulator: Emulator) -> None:
    with client(emulator) as im:
        assert im.accounts.import_many(users(1234)).finish().done == 1234

    async def main() -> int:
        async with async_client(emulator) as im:
            return (await im.accounts.import_many(later(users(1234, prefix="v"))).finish()).done

    assert run(main()) == 1234
    assert len(accounts_of(emulator)) == 2468


def test_items_of_an_async_source_do_not_wait_for_a_full_batch(emulator: Emulator) -> None:
    async def main() -> None:
        queue: asyncio.Queue[str] = asyncio.Queue()

        async def endless() -> AsyncIterator[str]:
            while True:
                yield await queue.get()

        async with async_client(emulator) as im, im.accounts.import_many(endless()) as started:
            for name in ["a", "b"]:
                queue.put_nowait(name)
                result = await asyncio.wait_for(anext(started), PATIENCE)
                assert (result.item, result.ok) == (name, True)

    run(main())


def test_a_cancelled_task_ends_its_run(emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})

    async def main() -> None:
        async with async_client(emulator) as im:
            before = asyncio.all_tasks()
            started = im.accounts.import_many(later(users(1000)))
            task = asyncio.ensure_future(started.finish())
            await eventually_on_loop(lambda: emulator.requests() > 0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == before
            with pytest.raises(StopAsyncIteration):
                await anext(started)

    run(main())


def test_a_run_is_read_on_one_thread_and_not_by_its_own_source(emulator: Emulator) -> None:
    errors: list[Exception] = []

    def source() -> Iterator[str]:
        try:
            next(started)
        except InvalidInputError as error:
            errors.append(error)
        yield "a"

    with client(emulator) as im:
        started = im.accounts.import_many(source())
        assert started.finish().done == 1
    assert "being read already" in str(errors[0])


def test_a_closed_client_stops_its_runs(emulator: Emulator) -> None:
    im = client(emulator)
    started = im.accounts.import_many(users(5000), in_flight=2)
    next(started)
    im.close()
    with pytest.raises(CallCancelledError, match="closed"):
        started.finish()
