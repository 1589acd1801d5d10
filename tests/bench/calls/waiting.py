"""What ten thousand calls cost that wait in the queue of the pace, by the asyncio client: prints one JSON line.

`waiting.py CALLS SECONDS`
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time

from tencent_im import AsyncClient, CallCancelledError

# Calls let through in a second: few, so that waiting is what is measured.
RATE = 10


def resident() -> int | None:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return None


async def main(calls: int, seconds: float) -> None:
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
        # All are in the queue when the processor has nothing more to do.
        cpu = cpu_before
        while True:
            await asyncio.sleep(0.2)
            cpu, last = time.process_time(), cpu
            if cpu - last < 0.01:
                break
        joining_s = cpu - cpu_before
        memory, sent_before = resident(), sum(task.done() for task in tasks)
        started, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        waited, cpu_s = time.perf_counter() - started, time.process_time() - cpu
        sent = sum(task.done() for task in tasks) - sent_before
        waiting = calls - sent_before
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, CallCancelledError)]
    if wrong or sent == 0 or sent > waiting // 10:
        raise SystemExit(f"the calls did not wait as they should: {sent} were sent, {wrong[:1]}")
    growth = None if memory is None or memory_before is None else max(0, memory - memory_before)
    line = {
        "waiting": waiting,
        "bytes": growth,
        "joining_s": joining_s,
        "seconds": waited,
        "cpu_s": cpu_s,
        "sent": sent,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
