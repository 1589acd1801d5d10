"""Imports the demo's accounts with the blocking client, from sixteen threads."""

import csv
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

from tencent_im import Client, TencentImError

with open(os.environ["DEMO_ACCOUNTS"], encoding="utf-8", newline="") as file:
    accounts = list(csv.DictReader(file))

with Client(rate_limits=False) as im, ThreadPoolExecutor(16) as pool:

    def import_one(account: dict[str, str]) -> str | None:
        try:
            im.accounts.import_account(
                user_id=account["user_id"], nick=account["nick"] or None, face_url=account["face_url"] or None
            )
        except TencentImError as error:
            return str(error)
        return None

    started = time.perf_counter()
    errors = list(pool.map(import_one, accounts))
    seconds = time.perf_counter() - started

failed = [
    {"row": row, "user_id": account["user_id"], "error": error}
    for row, (account, error) in enumerate(zip(accounts, errors, strict=True), start=2)
    if error
]
print(json.dumps({"imported": len(accounts) - len(failed), "failed": failed, "seconds": seconds}))
