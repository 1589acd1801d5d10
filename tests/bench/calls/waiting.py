"""What ten thousand calls cost that wait in the queue of the pace, by the asyncio client: prints one JSON line.

`waiting.py tasks|client CALLS SECONDS`
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from typing import Any

from tencent_im import AsyncClient, CallCancelledError

# Calls let through in a second: few, so that waiting is what is measured.
RATE = 10


def resident() -> int | None:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return None


def growth(before: int | None) -> int | None:
    now = resident()
    return None if now is None or before is None else max(0, now - before)


async def settled(cpu: float) -> float:
    """Waits until the processor has nothing more to do, and gives the CPU time that was used by then."""
    while True:
        await asyncio.sleep(0.2)
        cpu, last = time.process_time(), cpu
        if cpu - last < 0.01:
            return cpu


async def tasks_alone(calls: int, seconds: float) -> dict[str, Any]:
    """What the program's own half costs whatever it waits for: a task, its coroutine, and a future."""

    async def wait(user_id: str) -> str:
        await asyncio.get_running_loop().create_future()
        return user_id

    memory_before, cpu_before = resident(), time.process_time()
    tasks = [asyncio.create_task(wait(user_id=f"user{n}")) for n in range(calls)]
    cpu_joined = await settled(cpu_before)
    line = {"waiting": calls, "bytes": growth(memory_before), "joining_s": cpu_joined - cpu_before}
    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    waited, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {**line, "seconds": waited, "cpu_s": cpu_s, "sent": 0}


async def client(calls: int, seconds: float) -> dict[str, Any]:
    async with AsyncClient(
        int(os.environ["BENCH_APP"]),
        os.environ["BENCH_KEY"],
        base_url=os.environ["BENCH_URL"],
        timeout=3600,
        rate_limits={"accounts.import_account": RATE},
    ) as im:
        # Threads, connection and UserSig are not what is measured.
        await im.accounts.import_account(user_id="first")
        memory_before, cpu_before = resident(), time.process_time()
        tasks = [
            asyncio.create_task(
                im.accounts.import_account(user_id=f"user{n}", nick="Test", face_url="http://www.qq.com")
            )
            for n in range(calls)
        ]
        # All are in the queue then.
        cpu_joined = await settled(cpu_before)
        grown, sent_before = growth(memory_before), sum(task.done() for task in tasks)
        started, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        waited, cpu_s = time.perf_counter() - started, time.process_time() - cpu
        sent = sum(task.done() for task in tasks) - sent_before
        waiting = calls - sent_before
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, CallCancelledError)]
    if wrong or sent == 0 or sent > waiting // 10:
        raise SystemExit(f"the calls did not wait as they should: {sent} were sent, {wrong[:1]}")
    return {
        "waiting": waiting,
        "bytes": grown,
        "joining_s": cpu_joined - cpu_before,
        "seconds": waited,
        "cpu_s": cpu_s,
        "sent": sent,
    }


if __name__ == "__main__":
    what = {"tasks": tasks_alone, "client": client}[sys.argv[1]]
    print(json.dumps(asyncio.run(what(int(sys.argv[2]), float(sys.argv[3])))))
