"""Calls in programs that gevent or eventlet has patched."""

from __future__ import annotations

import pytest
from conftest import Emulator
from support import program

PROGRAMS = {
    "gevent": """
        from gevent import monkey
        monkey.patch_all()
        import gevent
        spawn, sleep, join = gevent.spawn, gevent.sleep, gevent.joinall
    """,
    "eventlet": """
        import warnings
        warnings.simplefilter("ignore")
        import eventlet
        eventlet.monkey_patch()
        spawn, sleep = eventlet.spawn, eventlet.sleep
        def join(greenlets):
            [greenlet.wait() for greenlet in greenlets]
    """,
}


@pytest.mark.parametrize("library", PROGRAMS)
def test_other_greenlets_run_during_a_call(emulator: Emulator, library: str) -> None:
    """They take turns with the calls, which are under way at the same time."""
    # Long enough for all four to be under way at the same time on a busy machine.
    emulator.faults({"kind": "delay", "delay_ms": 3000, "skip": 1})
    source = f"""
        {PROGRAMS[library].strip()}
        from tencent_im import Client, NotFoundError
        im = Client(rate_limits=False)
        # The first call starts the workers and the thread pool.
        im.accounts.import_account(user_id="a")
        turns = 0
        def tick():
            global turns
            while True:
                turns += 1
                sleep(0.01)
        spawn(tick)
        failures = []
        def call(n):
            try:
                im.accounts.kick(user_id=f"nobody{{n}}")
            except NotFoundError as error:
                failures.append(error)
        with im.with_options(max_retries=0) as other:
            join([spawn(call, n) for n in range(3)] + [spawn(other.accounts.import_account, user_id="b")])
        print(len(failures), turns > 10)
    """
    assert program(emulator, source) == "3 True\n"
    assert emulator.counters()["requests"]["max_concurrent"] == 4
