"""Imports an account as often as it can by one Python client, and prints one JSON line.

`client.py SUBJECT IN_FLIGHT SECONDS`; further settings by the environment, from `run.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

APP = int(os.environ["BENCH_APP"])
KEY = os.environ["BENCH_KEY"]
BASE = os.environ["BENCH_URL"]
URL = os.environ["BENCH_REQUEST_URL"]
BODY = os.environ["BENCH_BODY"].encode()
FIELDS = {"user_id": "test", "nick": "Test", "face_url": "http://www.qq.com"}
CONNECTIONS = 100
USER_AGENT = "tencent-im-python/0.1.0"

# Time before the slice that is measured.
WARM_UP_S = 0.4


def check(status: int, body: bytes) -> None:
    if status != 200 or b'"ErrorCode":0' not in body:
        raise SystemExit(f"wrong answer: HTTP {status}, {body!r}")


def tencent_im() -> Callable[[], object]:
    from tencent_im import Client

    client = Client(APP, KEY, base_url=BASE, rate_limits=False, max_connections=CONNECTIONS)
    # Raises unless the answer is a success.
    return lambda: client.accounts.import_account(**FIELDS)


def bare_reqwest() -> Callable[[], object]:
    from tencent_im_bench_bare import Bare

    bare = Bare(CONNECTIONS, USER_AGENT)
    return lambda: check(*bare.post(URL, BODY))


def bare_socket() -> Callable[[], object]:
    """What the exchange itself takes: no HTTP library, a connection for each thread, the same bytes every time."""
    address = urlsplit(URL)
    assert address.hostname
    assert address.port
    place = (address.hostname, address.port)
    head = f"POST {address.path}?{address.query} HTTP/1.1\r\nhost: {address.netloc}\r\nuser-agent: {USER_AGENT}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    request = head.encode() + BODY
    own = threading.local()

    def call() -> None:
        connection: socket.socket | None = getattr(own, "connection", None)
        if connection is None:
            connection = own.connection = socket.create_connection(place)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(65_536) or b"}"
        check(int(answer[9:12]), answer)

    return call


def timsdk() -> Callable[[], object]:
    from timsdk import TimClient
    from timsdk.http_client import HttpClient

    # Its address is written into it.
    given = HttpClient.get_url
    HttpClient.get_url = lambda *args: given(*args).replace("https://console.tim.qq.com", BASE)
    service = TimClient(APP, KEY).im_open_login_svc

    def call() -> None:
        answer = service.account_import(FIELDS["user_id"], FIELDS["nick"], FIELDS["face_url"])
        if answer["ErrorCode"] != 0:
            raise SystemExit(f"wrong answer: {answer}")

    return call


def tencent_im_async() -> Callable[[], Awaitable[object]]:
    from tencent_im import AsyncClient

    client = AsyncClient(APP, KEY, base_url=BASE, rate_limits=False, max_connections=CONNECTIONS)
    return lambda: client.accounts.import_account(**FIELDS)


def bare_aiohttp() -> Callable[[], Awaitable[object]]:
    import aiohttp
    from yarl import URL as Address

    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
    address = Address(URL, encoded=True)
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}

    async def call() -> None:
        async with session.post(address, data=BODY, headers=headers) as answer:
            check(answer.status, await answer.read())

    return call


SYNC = {"tencent-im": tencent_im, "bare-reqwest": bare_reqwest, "bare-socket": bare_socket, "timsdk": timsdk}
ASYNC = {"tencent-im-async": tencent_im_async, "bare-aiohttp": bare_aiohttp}


class Counts:
    """Answers by worker, and what is read of them before and after the slice."""

    def __init__(self, workers: int) -> None:
        self.answers = [0] * workers
        self.stopping = False

    def look(self) -> tuple[int, float, float]:
        return sum(self.answers), time.perf_counter(), time.process_time()

    def result(self, before: tuple[int, float, float], after: tuple[int, float, float]) -> dict[str, Any]:
        answers, seconds, cpu_s = (end - start for start, end in zip(before, after, strict=True))
        return {"per_s": answers / seconds, "cpu_us": cpu_s / answers * 1e6}


def in_threads(call: Callable[[], object], threads: int, seconds: float) -> tuple[dict[str, Any], Counts]:
    counts = Counts(threads)

    def work(worker: int) -> None:
        try:
            while not counts.stopping:
                call()
                counts.answers[worker] += 1
        except BaseException as error:
            # Nothing is measured where a call failed.
            print(error, file=sys.stderr, flush=True)
            os._exit(1)

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(threads)]
    for worker in workers:
        worker.start()
    time.sleep(WARM_UP_S)
    before = counts.look()
    time.sleep(seconds)
    after = counts.look()
    counts.stopping = True
    for worker in workers:
        worker.join()
    return counts.result(before, after), counts


async def in_tasks(
    make: Callable[[], Callable[[], Awaitable[object]]], tasks: int, seconds: float
) -> tuple[dict[str, Any], Counts, object]:
    """The last of the three is what makes the calls: it is to live until the end."""
    counts, call = Counts(tasks), make()

    async def work(worker: int) -> None:
        while not counts.stopping:
            await call()
            counts.answers[worker] += 1

    async def watch() -> dict[str, Any]:
        await asyncio.sleep(WARM_UP_S)
        before = counts.look()
        await asyncio.sleep(seconds)
        after = counts.look()
        counts.stopping = True
        return counts.result(before, after)

    result, *_ = await asyncio.gather(watch(), *map(work, range(tasks)))
    return result, counts, call


def main() -> None:
    subject, in_flight, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    if subject in SYNC:
        result, counts = in_threads(SYNC[subject](), in_flight, seconds)
    else:
        result, counts, _open = asyncio.run(in_tasks(ASYNC[subject], in_flight, seconds))
    print(json.dumps({**result, "answers": sum(counts.answers)}), flush=True)
    # What comes now is not measured, and aiohttp would complain of its open session.
    os._exit(0)


if __name__ == "__main__":
    main()
