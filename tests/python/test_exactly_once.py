"""Nothing is lost and nothing doubled: calls over a network that fails, counted at the service's end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import ROOT, SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import AsyncClient, TencentImError
from tencent_im.types import MsgElementParam

CALLS = 200

#: What goes wrong, each with the same share of the probability.
FAULTS: list[dict[str, Any]] = [
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "cut_body"},
    {"kind": "http_status", "status": 502, "applied": True},
    {"kind": "error_code", "code": 60007, "applied": False},
]

Act = Callable[[AsyncClient, str], Awaitable[Any]]
Stored = Callable[[dict[str, Any], str], int]


def body(text: str) -> list[MsgElementParam]:
    return [{"msg_type": "TIMTextElem", "msg_content": {"text": text}}]


def times_sent(app: dict[str, Any], mark: str) -> int:
    return sum(message["body"][0]["MsgContent"]["Text"] == mark for message in app["chat"]["messages"])


CASES: dict[str, tuple[Act, Stored]] = {
    "account_import": (
        lambda im, mark: im.accounts.import_account(user_id=mark),
        lambda app, mark: int(mark in app["accounts"]),
    ),
    "sendmsg": (
        lambda im, mark: im.messages.send(to_account="receiver", msg_body=body(mark)),
        times_sent,
    ),
    "send_group_msg": (
        lambda im, mark: im.group_messages.send(group_id="group", msg_body=body(mark)),
        times_sent,
    ),
    "create_group": (
        lambda im, mark: im.groups.create(type="Public", name=mark),
        lambda app, mark: sum(group["name"] == mark for group in app["chat"]["groups"].values()),
    ),
    "update_group_counter": (
        lambda im, mark: im.groups.update_counters(
            group_id="group", counters=[{"key": mark, "value": 1}], mode="Increase"
        ),
        lambda app, mark: app["chat"]["groups"]["group"]["counters"].get(mark, 0),
    ),
}

#: Calls that are safe to retry: with a few attempts nearly all of them succeed.
REPEATABLE = {"account_import", "sendmsg", "send_group_msg"}


async def outcomes(emulator: Emulator, act: Act, faults: list[dict[str, Any]]) -> dict[str, str]:
    """Makes the calls and gives what each caller was told."""
    told: dict[str, str] = {}
    async with AsyncClient(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, rate_limits=False) as im:
        await im.accounts.import_account(user_id="receiver")
        await im.groups.create(type="Public", name="group", group_id="group")
        emulator.control("faults", {"rules": faults, "seed": 7})
        emulator.control("counters", {})

        async def one(mark: str) -> None:
            try:
                await act(im, mark)
            except TencentImError as error:
                told[mark] = "doubtful" if error.maybe_applied else "refused"
            else:
                told[mark] = "applied"

        await asyncio.gather(*(one(f"mark-{number}") for number in range(CALLS)))
    return told


@pytest.mark.parametrize("percent", [5, 30])
@pytest.mark.parametrize("case", CASES)
def test_each_call_is_applied_once_or_in_doubt(emulator: Emulator, case: str, percent: int) -> None:
    act, stored = CASES[case]
    # A rule is asked only where those before it did not fire; the difference is small and the total is what counts.
    faults = [{**fault, "probability": percent / 100 / len(FAULTS), "call": case} for fault in FAULTS]
    told = asyncio.run(outcomes(emulator, act, faults))
    emulator.faults()

    state = emulator.control("state")["apps"][str(SDK_APP_ID)]
    times = {mark: stored(state, mark) for mark in told}
    sent = next(call["requests"] for path, call in emulator.counters()["calls"].items() if path.endswith(f"/{case}"))
    count = {word: sum(told[mark] == word for mark in told) for word in ("applied", "doubtful", "refused")}
    doubled = [mark for mark in told if times[mark] > 1]
    lost = [mark for mark in told if told[mark] == "applied" and times[mark] == 0]
    hidden = [mark for mark in told if told[mark] == "refused" and times[mark] > 0]

    row = (
        f"{case:22} {percent:3} % faults: {CALLS} calls, {sent} sent, {count['applied']} applied once, "
        f"{count['doubtful']} reported maybe, {count['refused']} refused, {len(doubled)} doubled, {len(lost)} lost\n"
    )
    record = ROOT / "target" / "exactly-once.txt"
    record.parent.mkdir(exist_ok=True)
    with record.open("a", encoding="utf-8") as file:
        file.write(row)
    assert len(told) == CALLS
    assert (doubled, lost, hidden) == ([], [], []), row
    assert sent > CALLS or case not in REPEATABLE, "the faults did not fire"
    assert count["applied"] >= CALLS * (0.95 if case in REPEATABLE else 0.6), row
