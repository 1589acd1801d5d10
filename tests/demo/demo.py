"""Imports accounts into the local emulator: 20,000 by the command line, a thousand by each of four runtimes.

Then it shows three failures.

Run it by `make demo`: it needs the emulator and the three packages built.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from command_line import import_file

from tencent_im import Client, TencentImError

ROOT = Path(__file__).resolve().parents[2]
ACCOUNTS = ROOT / "tests" / "data" / "accounts.csv"
SDK_APP_ID = 1400000001
SECRET_KEY = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"  # made up, like everything here

RUNTIMES = {
    "Python": [sys.executable, str(ROOT / "tests/demo/import_sync.py")],
    "Python asyncio": [sys.executable, str(ROOT / "tests/demo/import_asyncio.py")],
    "Node": ["node", str(ROOT / "tests/demo/import_node.mjs")],
    "edge (workerd)": ["node", str(ROOT / "tests/demo/import_edge.mjs")],
}


@contextmanager
def emulator() -> Iterator[str]:
    """Starts the emulator on a free port and gives its address; it stops when its standard input closes."""
    program = os.environ.get("TENCENT_IM_EMULATOR", str(ROOT / "target/debug/tencent-im-emulator"))
    command = [program, "--port", "0", "--sdk-app-id", str(SDK_APP_ID), "--secret-key", SECRET_KEY]
    with subprocess.Popen(
        [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def control(url: str, command: str, body: dict[str, Any] | None = None) -> None:
    """Calls the emulator's control plane."""
    request = urllib.request.Request(f"{url}/_emulator/{command}", json.dumps(body or {}).encode(), method="POST")
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, timeout=10).close()


def environment_of(url: str) -> dict[str, str]:
    """The settings that lead a program to the emulator."""
    return {
        "TENCENT_IM_SDK_APP_ID": str(SDK_APP_ID),
        "TENCENT_IM_SECRET_KEY": SECRET_KEY,
        "TENCENT_IM_BASE_URL": url,
    }


def run(runtime: str, url: str) -> dict[str, Any]:
    """Lets one runtime import all accounts, and gives what it printed as JSON."""
    environment = os.environ | environment_of(url) | {"DEMO_ACCOUNTS": str(ACCOUNTS)}
    done = subprocess.run(RUNTIMES[runtime], env=environment, stdout=subprocess.PIPE, text=True, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{runtime} failed with exit code {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def imported(im: Client, names: list[str]) -> int:
    """Asks the service which accounts exist, a hundred at a time."""
    count = 0
    for start in range(0, len(names), 100):
        answer = im.accounts.check(accounts=names[start : start + 100])
        count += sum(account.account_status == "Imported" for account in answer.results)
    return count


def show_failure(title: str, error: TencentImError) -> None:
    print(f"  {title}: {type(error).__name__}" + (f", code {error.code}" if error.code else ""))
    print(f"    what:  {error.path + ': ' if error.path else ''}{error.message}")
    if error.cause:
        print(f"    cause: {error.cause}")
    print(f"    cure:  {error.cure}")


def deliberate_failures(url: str) -> None:
    """A wrong key, an expired UserSig and a name of 33 bytes."""

    def fail(title: str, key: str, user_id: str) -> None:
        with Client(SDK_APP_ID, key, base_url=url) as im:
            try:
                im.accounts.import_account(user_id=user_id)
            except TencentImError as error:
                show_failure(title, error)
            else:
                raise SystemExit(f"{title}: no failure")

    fail("a wrong key", "0" * 64, "somebody")
    # Two days later a UserSig of one day has expired; a difference of over a day is not taken for a wrong clock.
    control(url, "clock", {"offset_s": 2 * 86_400})
    fail("an expired UserSig", SECRET_KEY, "somebody")
    control(url, "clock", {"offset_s": 0})
    fail("a name of 33 bytes", SECRET_KEY, "x" * 33)


def main() -> None:
    started = time.monotonic()
    with ACCOUNTS.open(encoding="utf-8", newline="") as file:
        names = [row["user_id"] for row in csv.DictReader(file)]
    with emulator() as url, Client(SDK_APP_ID, SECRET_KEY, base_url=url) as im:
        control(url, "config", {"rate_limits": True})
        import_file(url, environment_of(url))
        control(url, "config", {"rate_limits": False})
        print(f"\n{len(names)} accounts of {ACCOUNTS.relative_to(ROOT)}, one call each, into the emulator\n")
        print(f"{'runtime':16} {'imported':>8} {'failed':>7} {'checked back':>13} {'requests/s':>11}")
        failures: list[dict[str, Any]] = []
        for runtime in RUNTIMES:
            control(url, "reset")
            result = run(runtime, url)
            failures = result["failed"]
            lost = {failure["user_id"] for failure in failures}
            back = imported(im, [name for name in names if name not in lost])
            rate = result["imported"] / result["seconds"]
            print(f"{runtime:16} {result['imported']:8} {len(failures):7} {back:13} {rate:11,.0f}", flush=True)
            if back != result["imported"] or back + len(failures) != len(names):
                raise SystemExit(f"{runtime}: the emulator knows {back} accounts, not {result['imported']}")
        print("\nrows that failed, before anything was sent:")
        for failure in failures:
            print(f"  row {failure['row']}: {failure['error']}")
        print("\nthree failures on purpose:")
        deliberate_failures(url)
    print(
        f"\nThe runtimes ran without rate limits: the service takes 200 single imports a second. "
        f"{time.monotonic() - started:.1f} s in all."
    )


if __name__ == "__main__":
    main()
