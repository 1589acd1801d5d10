"""Events through `receive` or `areceive`, without a network.

    python receive.py receive|areceive SECONDS

Prints how many events a second of CPU time were read, verified, handled and answered. `receive` runs its handler on a
thread, since it must answer in time whatever the handler does.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

from event import ANSWER, APP, BODY, COMMAND, TOKEN, query

from tencent_im.webhooks import Webhooks, reject

hooks = Webhooks(APP, TOKEN)


def decide(event: Any) -> Any:
    return reject(120001, "no") if event.body.from_account == "jared" else None


async def decide_async(event: Any) -> Any:
    return decide(event)


async def run(way: str, seconds: float) -> float:
    line = query()
    begun, cpu, events = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - begun < seconds:
        for _ in range(100):
            answer = await hooks.areceive(line, BODY) if way == "areceive" else hooks.receive(line, BODY)
            if answer.body != ANSWER:
                raise SystemExit(f"wrong answer: {answer}")
        events += 100
    return events / (time.process_time() - cpu)


def main() -> None:
    way, seconds = sys.argv[1], float(sys.argv[2])
    hooks.on(COMMAND, decide_async if way == "areceive" else decide)
    asyncio.run(run(way, max(0.5, seconds / 2)))
    print(json.dumps({"per_s": asyncio.run(run(way, seconds))}))


main()
