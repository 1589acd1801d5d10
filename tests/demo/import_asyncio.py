"""Imports the demo's accounts with the asyncio client, sixty-four at a time."""

import asyncio
import csv
import json
import os
import time

from tencent_im import AsyncClient, TencentImError


async def main(accounts: list[dict[str, str]]) -> None:
    slots = asyncio.Semaphore(64)

    async with AsyncClient(rate_limits=False) as im:

        async def import_one(account: dict[str, str]) -> str | None:
            async with slots:
                try:
                    await im.accounts.import_account(
                        user_id=account["user_id"], nick=account["nick"] or None, face_url=account["face_url"] or None
                    )
                except TencentImError as error:
                    return str(error)
                return None

        started = time.perf_counter()
        errors = await asyncio.gather(*map(import_one, accounts))
        seconds = time.perf_counter() - started

    failed = [
        {"row": row, "user_id": account["user_id"], "error": error}
        for row, (account, error) in enumerate(zip(accounts, errors, strict=True), start=2)
        if error
    ]
    print(json.dumps({"imported": len(accounts) - len(failed), "failed": failed, "seconds": seconds}))


with open(os.environ["DEMO_ACCOUNTS"], encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
asyncio.run(main(rows))
