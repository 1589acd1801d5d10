"""Imports a CSV file in one of several ways and prints its time and CPU time as a line of JSON."""

from __future__ import annotations

import csv
import http.client
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tencent_im import Client


def rows(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def generated(count: int) -> Iterator[dict[str, str]]:
    for at in range(count):
        yield {"user_id": f"user{at:08}", "nick": f"Nick {at}", "face_url": f"https://example.com/{at}.png"}


def by_run(url: str, items: Iterator[dict[str, Any]], limits: bool) -> int:
    with Client(base_url=url, rate_limits=None if limits else False) as im:
        done = 0
        for result in im.accounts.import_many(items, in_flight=16):
            done += result.ok
        return done


def bare(url: str, items: Iterator[dict[str, Any]]) -> int:
    """The same reader and writer without the package: one connection, one batch after the other."""
    with Client(base_url=url) as im:
        prepared = im.prepare("accounts.import_accounts", user_ids=["a"])
    address = urlsplit(prepared.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    done = 0
    while batch := list(islice(items, 100)):
        accounts = [{"UserID": row["user_id"], "Nick": row["nick"], "FaceUrl": row["face_url"]} for row in batch]
        body = json.dumps({"AccountList": accounts}).encode()
        connection.request("POST", f"{address.path}?{address.query}", body, dict(prepared.headers))
        reply = json.loads(connection.getresponse().read())
        assert reply["ErrorCode"] == 0, reply
        done += len(batch) - len(reply["FailAccounts"])
    return done


def main() -> None:
    way, url, path, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    items = generated(count) if way == "generator" else rows(path)
    begun = time.perf_counter()
    done = bare(url, items) if way == "bare CSV" else by_run(url, items, limits=way.startswith("limited"))
    print(json.dumps({"done": done, "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main()
