"""Signs as often as it can by one Python package, and prints one JSON line for each way.

`sign.py official|tencent-im SECONDS`
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator

APP = int(os.environ["BENCH_APP"])
KEY = os.environ["BENCH_KEY"]
USER = "administrator"
EXPIRE = 15_552_000
MANY = [USER] * 1000
FASTEST = "gen_sig, heap grown"


def official() -> Iterator[tuple[str, int, Callable[[], object]]]:
    from TLSSigAPIv2 import TLSSigAPIv2

    api = TLSSigAPIv2(APP, KEY)
    yield "gen_sig", 1, lambda: api.gen_sig(USER, EXPIRE)
    # zlib takes 270 kB a call. In a young process glibc gives them back and faults them in again each time; once a
    # program has freed a larger block, it keeps them, and signing is up to four times as fast.
    bytearray(8 << 20)
    yield FASTEST, 1, lambda: api.gen_sig(USER, EXPIRE)


def ours() -> Iterator[tuple[str, int, Callable[[], object]]]:
    """All ways there are; in lambdas, as the official one is."""
    import tencent_im

    yield "sign_user_sig", 1, lambda: tencent_im.sign_user_sig(user_id=USER, sdk_app_id=APP, secret_key=KEY)
    client = tencent_im.Client(APP, KEY)
    yield "Client.sign_user_sig", 1, lambda: client.sign_user_sig(USER)
    if hasattr(tencent_im, "Signer"):
        signer = tencent_im.Signer(APP, KEY)
        yield "Signer.sign", 1, lambda: signer.sign(USER)
        if hasattr(signer, "sign_many"):
            yield "Signer.sign_many", len(MANY), lambda: signer.sign_many(MANY)


def rate(work: Callable[[], object], each: int, seconds: float) -> float:
    """Signatures a second of CPU time."""
    batch = range(max(1, 200 // each))
    runs, start, cpu_start = 0, time.perf_counter(), time.process_time()
    while True:
        for _ in batch:
            work()
        runs += len(batch)
        if time.perf_counter() - start >= seconds:
            return runs * each / (time.process_time() - cpu_start)


def main() -> None:
    ways = official if sys.argv[1] == "official" else ours
    seconds = float(sys.argv[2])
    for name, each, work in ways():
        result = work()
        sig = result[-1] if isinstance(result, list) else result
        gc.collect()
        rate(work, each, seconds / 4)
        print(json.dumps({"name": name, "per_s": rate(work, each, seconds), "sig": sig}))


if __name__ == "__main__":
    main()
