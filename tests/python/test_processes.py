"""Clients over the end of the interpreter and over forks."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator
from support import client, program, unix_only

from tencent_im import (
    Client,
)

ENDINGS: dict[str, str] = {
    "asyncio without close": """
        import asyncio
        from tencent_im import AsyncClient
        async def main():
            im = AsyncClient(rate_limits=False)
            async def work(n):
                for i in range(20):
                    await im.accounts.import_account(user_id=f"u{n}-{i}")
            await asyncio.gather(*map(work, range(16)))
        asyncio.run(main())
        print("done")
    """,
    "asyncio with calls under way": """
        import asyncio
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        async def main():
            for i in range(200):
                asyncio.ensure_future(im.accounts.import_account(user_id=f"u{i}"))
            await im.accounts.import_account(user_id="last")
        asyncio.run(main())
        print("done")
    """,
    "a loop that is never closed": """
        import asyncio
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(im.accounts.import_account(user_id="a"))
        loop.create_task(im.accounts.import_account(user_id="b"))
        loop.run_until_complete(asyncio.sleep(0))
        print("done", flush=True)
        import os; os._exit(0)
    """,
    "sync without close": """
        from tencent_im import Client
        im = Client(rate_limits=False)
        for i in range(20):
            im.accounts.import_account(user_id=f"u{i}")
        print("done")
    """,
    "daemon threads in the middle of calls": """
        import threading, time
        from tencent_im import Client
        im = Client(rate_limits=False)
        def work(n):
            while True:
                im.accounts.import_account(user_id=f"u{n}")
        for n in range(8):
            threading.Thread(target=work, args=(n,), daemon=True).start()
        time.sleep(0.3)
        print("done")
    """,
    "an exit handler that calls": """
        import atexit
        from tencent_im import Client
        im = Client(rate_limits=False)
        atexit.register(lambda: (im.accounts.import_account(user_id="a"), print("done")))
        im.accounts.import_account(user_id="b")
    """,
    "an error on the way": """
        from tencent_im import AsyncClient, Client, TencentImError
        im = Client()
        im.accounts.import_account(user_id="a")
        try:
            im.accounts.kick(user_id="nobody")
        except TencentImError:
            print("done")
    """,
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_exit_is_clean(emulator: Emulator, ending: str) -> None:
    """Many times: the crashes at exit that other ways of doing this have come now and then."""
    times = 20 if "asyncio" in ending else 6
    with ThreadPoolExecutor(2) as pool:
        outputs = list(pool.map(lambda _: program(emulator, ENDINGS[ending]), range(times)))
    assert outputs == ["done\n"] * times


# --- forks ------------------------------------------------------------------------------------------------------------


@unix_only
def test_a_client_works_on_after_a_fork(emulator: Emulator) -> None:
    source = """
        import os, sys, threading, warnings
        warnings.simplefilter("ignore")
        from tencent_im import Client
        im = Client(rate_limits=False)
        im.accounts.import_account(user_id="parent")
        stop = threading.Event()
        def work():
            while not stop.is_set():
                im.accounts.import_account(user_id="busy")
        threads = [threading.Thread(target=work) for _ in range(4)]
        [thread.start() for thread in threads]
        children = []
        for n in range(20):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    im.accounts.import_account(user_id=f"child{n}", timeout=60)
                    im.close()
                    status = 0
                finally:
                    os._exit(status)
            children.append(child)
        failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
        stop.set()
        [thread.join() for thread in threads]
        im.accounts.import_account(user_id="parent")
        print(failed)
    """
    assert program(emulator, source) == "[]\n"
    # Parent and children never wrote into the same connection.
    calls = emulator.counters()["calls"]
    assert list(calls) == ["v4/im_open_login_svc/account_import"]
    assert set(calls["v4/im_open_login_svc/account_import"]["codes"]) <= {"0"}
    assert emulator.counters()["random"]["repeated"] == 0


@unix_only
def test_a_child_draws_other_random_numbers_than_its_parent(emulator: Emulator) -> None:
    source = """
        import json, os
        from urllib.parse import parse_qs, urlsplit
        from tencent_im import Client, elements
        im = Client()
        def draw():
            request = im.prepare("messages.send", to_account="a", msg_body=[elements.text("x")])
            print(parse_qs(urlsplit(request.url).query)["random"][0], json.loads(request.body)["MsgRandom"], flush=True)
        draw()
        for _ in range(3):
            child = os.fork()
            if child == 0:
                draw()
                os._exit(0)
            os.waitpid(child, 0)
        draw()
    """
    numbers = program(emulator, source).split()
    assert len(numbers) == len(set(numbers)) == 10


@unix_only
def test_an_asyncio_client_works_on_after_a_fork(emulator: Emulator) -> None:
    source = """
        import asyncio, os, warnings
        warnings.simplefilter("ignore")
        from tencent_im import AsyncClient
        im = AsyncClient(rate_limits=False)
        async def main(name):
            await asyncio.gather(*[im.accounts.import_account(user_id=f"{name}{i}") for i in range(20)])
        asyncio.run(main("parent"))
        children = []
        for n in range(5):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    asyncio.run(asyncio.wait_for(main(f"child{n}-"), 60))
                    status = 0
                finally:
                    os._exit(status)
            children.append(child)
        print([os.waitpid(child, 0)[1] for child in children])
        asyncio.run(main("parent"))
    """
    assert program(emulator, source) == "[0, 0, 0, 0, 0]\n"


@unix_only
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_a_child_that_drops_a_client_leaves_the_parents_connections_alone(emulator: Emulator, kind: str) -> None:
    """Sockets and their registration with the system are shared after a fork: who undoes one does so for both."""
    source = f"""
        import asyncio, gc, os, sys, warnings
        warnings.simplefilter("ignore")
        from tencent_im import {kind}
        loop = asyncio.new_event_loop()
        im = {kind}(rate_limits=False, max_retries=0, timeout=30, attempt_timeout=30)
        def call():
            result = im.accounts.import_account(user_id="a")
            return loop.run_until_complete(result) if {kind == "AsyncClient"} else result
        for how in ["drop", "close", "exit"]:
            call()
            child = os.fork()
            if child == 0:
                if how == "close":
                    im._native.close()
                if how == "exit":
                    sys.exit(0)
                del im
                gc.collect()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            # A connection that nobody watches any more would run out of time.
            call()
            print(how)
    """
    assert program(emulator, source) == "drop\nclose\nexit\n"
    assert emulator.counters()["connections"]["with_calls"] == 1


def _in_child(im_url: str) -> str:
    with Client(SDK_APP_ID, SECRET_KEY, base_url=im_url) as im:
        return type(im.accounts.import_account(user_id="pooled")).__name__


@unix_only
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_multiprocessing(emulator: Emulator) -> None:
    with client(emulator) as im:
        im.accounts.import_account(user_id="parent")
        for method in ["fork", "spawn"]:
            with multiprocessing.get_context(method).Pool(2) as pool:
                assert pool.map_async(_in_child, [emulator.url] * 4).get(120) == ["Empty"] * 4
