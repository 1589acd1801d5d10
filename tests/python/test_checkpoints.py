"""Runs that are stopped, killed, cut off from their disk: what was done is not done again, what was not is."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from support import async_client, client, eventually, program, run, unix_only
from test_many import accounts_of, later, users

from tencent_im import CallCancelledError, Client, ConfigError, InvalidInputError


def bodies(path: Path) -> list[dict[str, Any]]:
    """The entries of a journal."""
    return [json.loads(line.split(" ", 1)[1]) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("is_asyncio", [False, True])
def test_a_run_that_was_left_continues_without_a_gap(emulator: Emulator, tmp_path: Path, is_asyncio: bool) -> None:
    path = tmp_path / "import.journal"
    numbers: list[int] = []

    def some(most: int) -> Any:
        with client(emulator) as im, im.accounts.import_many(users(3000), checkpoint=path, in_flight=2) as started:
            for result in started:
                numbers.append(result.number)
                if len(numbers) == most:
                    break
            return started

    def some_later(most: int) -> Any:
        async def main() -> Any:
            async with (
                async_client(emulator) as im,
                im.accounts.import_many(later(users(3000)), checkpoint=path, in_flight=2) as started,
            ):
                async for result in started:
                    numbers.append(result.number)
                    if len(numbers) == most:
                        break
                return started

        return run(main())

    take = some_later if is_asyncio else some
    assert take(1050).progress.skipped == 0
    assert take(1777).progress.skipped == 1050
    last = take(0)
    assert last.progress.skipped == 1777
    # Each result was given once, over all three runs.
    assert sorted(numbers) == list(range(3000))
    assert accounts_of(emulator) == {f"u{at}" for at in range(3000)}
    before = emulator.requests()
    again = take(0).progress
    assert (again.skipped, again.resent, again.done, emulator.requests()) == (3000, 0, 0, before)


def test_a_checkpoint_is_small_and_holds_no_names(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "import.journal"
    with client(emulator) as im:
        im.accounts.import_many(users(5000, prefix="secretive"), checkpoint=path).finish()
    assert path.stat().st_size < 50_000
    text = path.read_text()
    assert "secretive" not in text
    assert SECRET_KEY not in text
    header, *entries = bodies(path)
    assert header["run"]["call"] == "accounts.import_accounts"
    assert header["run"]["app"] == SDK_APP_ID
    assert entries[-1]["counts"][0] == 5000


def test_the_text_of_a_checkpoint_continues_a_run(emulator: Emulator) -> None:
    with client(emulator) as im:
        with im.accounts.import_many(users(1000)) as started:
            taken = [next(started).number for _ in range(350)]
            # The last one is not dealt with before the next is asked for.
            assert json.loads(started.checkpoint)["counts"][0] == 349
        rest = im.accounts.import_many(users(1000), resume=started.checkpoint)
        taken += [result.number for result in rest]
        assert rest.progress.skipped == 350
    assert sorted(taken) == list(range(1000))


def test_a_result_whose_handling_raised_is_not_done(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with client(emulator) as im:
        started = im.accounts.import_many(users(300), checkpoint=path)

        def handle() -> None:
            with started:
                for taken, result in enumerate(started):
                    if taken == 120:
                        raise KeyError(result.number)

        with pytest.raises(KeyError) as raised:
            handle()
        number = raised.value.args[0]
        rest = im.accounts.import_many(users(300), checkpoint=path)
        assert number in [result.number for result in rest]
        assert rest.progress.skipped == 120


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("app", f"the app {SDK_APP_ID}"),
        ("call", "belongs to accounts.import_accounts"),
        ("source", "other fields or another source"),
        ("items", "not those"),
        ("fewer", "fewer items"),
    ],
)
def test_the_checkpoint_of_another_run_is_refused(emulator: Emulator, tmp_path: Path, change: str, says: str) -> None:
    path = tmp_path / "journal"
    with client(emulator) as im, im.accounts.import_many(users(1000), checkpoint=path, source="a.csv") as started:
        for _ in range(500):
            next(started)
    kept = path.read_bytes()
    before = emulator.requests()
    app = SDK_APP_ID + 1 if change == "app" else SDK_APP_ID
    with Client(app, SECRET_KEY, base_url=emulator.url) as im:

        def again() -> Any:
            if change == "call":
                return im.accounts.delete_many(users(1000), checkpoint=path).finish()
            items = users(100) if change == "fewer" else users(1000, prefix="v" if change == "items" else "u")
            source = "b.csv" if change == "source" else "a.csv"
            return im.accounts.import_many(items, checkpoint=path, source=source).finish()

        with pytest.raises(InvalidInputError, match=says) as caught:
            again()
    assert caught.value.path == "checkpoint"
    assert caught.value.cure
    assert emulator.requests() == before
    # It can still be continued.
    assert path.read_bytes()[: len(kept)] == kept
    with client(emulator) as im:
        assert im.accounts.import_many(users(1000), checkpoint=path, source="a.csv").finish().skipped == 500


def test_a_file_that_is_no_checkpoint_is_left_as_it_is(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_text("user_id,nick\na,A\n" * 1000)
    before = path.read_bytes()
    with client(emulator) as im:
        with pytest.raises(InvalidInputError, match="not a checkpoint"):
            im.accounts.import_many(users(10), checkpoint=path)
        assert path.read_bytes() == before
        for wrong in [tmp_path, tmp_path / "no" / "such" / "directory"]:
            with pytest.raises(ConfigError) as caught:
                im.accounts.import_many(users(10), checkpoint=wrong)
            assert caught.value.path == "checkpoint"
            assert str(wrong) in str(caught.value)


def test_two_runs_never_write_one_checkpoint(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with client(emulator) as im:
        with im.accounts.import_many(users(1000), checkpoint=path) as started:
            next(started)
            with pytest.raises(ConfigError, match="another run") as caught:
                im.accounts.import_many(users(1000), checkpoint=path)
            assert caught.value.path == "checkpoint"
            assert caught.value.cure
            source = f"""
                from tencent_im import Client, ConfigError

                with Client() as im:
                    try:
                        im.accounts.import_many(["a"], checkpoint={str(path)!r})
                    except ConfigError as error:
                        print(error.message)
            """
            assert "another run writes this checkpoint" in program(emulator, source)
        im.accounts.import_many(users(1000), checkpoint=path).finish()
        im.accounts.import_many(users(1000), checkpoint=path).close()


IMPORT = """
    import sys
    from tencent_im import Client

    def users():
        for at in range(int(sys.argv[2])):
            yield {"user_id": f"u{at}", "nick": f"N{at}"}

    with Client(rate_limits=False, backoff=0.01, max_backoff=0.02) as im:
        run = im.accounts.import_many(users(), checkpoint=sys.argv[1], in_flight=4)
        print(run.progress.resent, flush=True)
        for result in run:
            print(result.number, result.outcome, flush=True)
"""


def importer(emulator: Emulator, path: Path, count: int, limit: int | None = None) -> subprocess.Popen[str]:
    environment = os.environ | {
        "TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID),
        "TENCENT_IM_SECRET_KEY": SECRET_KEY,
        "TENCENT_IM_BASE_URL": emulator.url,
    }

    def bounded() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(IMPORT), str(path), str(count)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=bounded,
    )


@unix_only
def test_a_killed_run_sends_again_at_most_what_was_in_flight(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    count, rounds = 4000, 0
    chance = random.Random(1)
    faults = [{"kind": "http_status", "probability": 0.05}, {"kind": "delay", "delay_ms": 20}]
    told: set[int] = set()
    while True:
        # The first rounds cannot come to their end before they are killed; the last ones may take as long as they need.
        emulator.faults(*[{"kind": "never", "skip": 20}] * (rounds < 3), *faults)
        process = importer(emulator, path, count)
        assert process.stdout is not None
        resent = int(process.stdout.readline())
        # Four batches in flight, and those whose results were not taken.
        assert resent <= 2 * 4 * 100 + 100
        killing = threading.Timer(chance.uniform(0.02, 0.15), process.kill)
        if rounds < 6:
            killing.start()
        for line in process.stdout:
            # What it wrote before counts; the last line may be torn.
            if line.endswith("done\n"):
                told.add(int(line.split()[0]))
        code = process.wait()
        killing.cancel()
        assert process.stderr is not None
        errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert errors == ""
        if code == 0:
            break
        rounds += 1
    assert rounds >= 3
    assert accounts_of(emulator) == {f"u{at}" for at in range(count)}
    assert told == set(range(count))


@unix_only
def test_a_full_disk_stops_the_run_and_forgets_nothing(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    process = importer(emulator, path, 5000, limit=1500)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert all(words in err for words in ["ConfigError", "cannot be written", "resume"]), err
    told = len(out.splitlines()) - 1
    assert told < 5000
    with client(emulator) as im:
        run = im.accounts.import_many(users(5000), checkpoint=path)
        progress = run.finish()
    assert 0 < progress.skipped <= told
    assert progress.skipped + progress.done == 5000
    assert accounts_of(emulator) == {f"u{at}" for at in range(5000)}


def test_what_must_not_be_sent_twice_is_unknown_after_a_kill(emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "journal"

    def names() -> Iterator[str]:
        yield from (f"u{at}" for at in range(60))

    def follow(im: Client) -> Any:
        return im.follows.add_many(names(), from_account="owner", checkpoint=path, in_flight=1)

    emulator.faults({"kind": "never"})
    im = client(emulator)

    # Closed while the first batch is in flight.
    def close() -> None:
        eventually(lambda: emulator.requests() > 0)
        im.close()

    closing = threading.Thread(target=close)
    closing.start()
    with pytest.raises(CallCancelledError):
        follow(im).finish()
    closing.join()
    emulator.faults()
    with client(emulator) as im:
        results = list(follow(im))
    outcomes = [result.outcome for result in sorted(results, key=lambda result: result.number)]
    assert outcomes[:20] == ["unknown"] * 20
    error = next(result for result in results if result.number == 0).error
    assert error is not None
    assert error.maybe_applied
    assert error.cure
