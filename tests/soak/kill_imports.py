"""Kills an import with SIGKILL at random moments while 5 % of the requests fail, and resumes it to the end: many times.

    python tests/soak/kill_imports.py --runs 100

Each run imports its accounts into a fresh emulator. At its end every account is there, every item was reported, none as
anything but done, and each resumption sent again no more than what was in flight.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
APP, KEY = 1400000001, "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"  # made up
IN_FLIGHT, BATCH = 4, 100
#: Batches in flight, and those whose results were waiting to be taken.
MOST_RESENT = 2 * IN_FLIGHT * BATCH + BATCH

IMPORT = """
import sys
from tencent_im import Client

path, count, in_flight = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
users = ({"user_id": f"u{at}", "nick": f"N{at}"} for at in range(count))
with Client(rate_limits=False, backoff=0.01, max_backoff=0.05) as im:
    run = im.accounts.import_many(users, checkpoint=path, in_flight=in_flight)
    print("resent", run.progress.resent, flush=True)
    for result in run:
        print(result.number, result.outcome, flush=True)
"""


def ask(url: str, command: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_emulator/{command}", data), timeout=30) as answer:
        return json.load(answer)


def one_run(url: str, count: int, chance: random.Random) -> dict[str, int]:
    """Imports all accounts, killed again and again. Gives what happened."""
    ask(url, "reset", {})
    rules = [
        {"kind": "http_status", "probability": 0.02},
        {"kind": "reset_before", "probability": 0.015},
        {"kind": "reset_after", "probability": 0.015},
    ]
    ask(url, "faults", {"rules": rules, "seed": chance.randrange(1 << 30)})
    environment = os.environ | {
        "TENCENT_IM_SDK_APP_ID": str(APP),
        "TENCENT_IM_SECRET_KEY": KEY,
        "TENCENT_IM_BASE_URL": url,
    }
    told: dict[int, str] = {}
    kills = resent = twice = 0
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "journal"
        while True:
            process = subprocess.Popen(
                [sys.executable, "-c", IMPORT, str(path), str(count), str(IN_FLIGHT)],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            kill_at = None
            for line in process.stdout:
                if not line.endswith("\n"):
                    # Torn by the kill.
                    continue
                name, value = line.split()
                if name == "resent":
                    assert int(value) <= MOST_RESENT, f"{value} items are sent again"
                    resent += int(value)
                    kill_at = time.monotonic() + chance.uniform(0.0, 0.12)
                else:
                    twice += int(name) in told
                    told[int(name)] = value
                if kill_at is not None and time.monotonic() > kill_at:
                    process.send_signal(signal.SIGKILL)
                    kill_at = None
                    kills += 1
            if process.wait() == 0:
                break
            assert process.returncode == -signal.SIGKILL, f"exit code {process.returncode}"
    accounts = set(ask(url, "state")["apps"][str(APP)]["accounts"]) - {"administrator"}
    assert accounts == {f"u{at}" for at in range(count)}, f"{len(accounts)} accounts of {count}"
    assert told.keys() == set(range(count)), f"{len(told)} items of {count} were reported"
    assert set(told.values()) == {"done"}, f"reported as {set(told.values())}"
    faults = sum(rule["fired"] for rule in ask(url, "faults"))
    return {"kills": kills, "sent again": resent, "reported twice": twice, "faults": faults}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    program = os.environ.get("TENCENT_IM_EMULATOR", str(ROOT / "target/debug/tencent-im-emulator"))
    command = [program, "--port", "0", "--sdk-app-id", str(APP), "--secret-key", KEY, "--until-stdin-closes"]
    chance = random.Random(arguments.seed)
    total: dict[str, int] = {}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdout is not None
        url = json.loads(emulator.stdout.readline())["url"]
        for at in range(arguments.runs):
            happened = one_run(url, arguments.accounts, chance)
            total = {name: total.get(name, 0) + count for name, count in happened.items()}
            print(f"run {at + 1}: {', '.join(f'{count} {name}' for name, count in happened.items())}", flush=True)
        emulator.terminate()
    accounts = arguments.runs * arguments.accounts
    print(f"\n{arguments.runs} runs, {accounts:,} accounts: every one imported, every item reported, all as done")
    for name, count in total.items():
        print(f"{name:>15}: {count:,}")


if __name__ == "__main__":
    main()
