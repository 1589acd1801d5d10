"""The event that is measured: that of `event.mjs`."""

from __future__ import annotations

import json

from tencent_im.webhooks import sample_request

APP = 1400000001
TOKEN = "made up"
COMMAND = "C2C.CallbackBeforeSendMsg"


def _message(text: str) -> bytes:
    message = {
        "CallbackCommand": COMMAND,
        "From_Account": "jared",
        "To_Account": "Jonh",
        "MsgSeq": 48374,
        "MsgRandom": 2837546,
        "MsgTime": 1557481126,
        "MsgKey": "48374_2837546_1557481126",
        "OnlineOnlyFlag": 0,
        "EventTime": 1670574414123,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}],
    }
    return json.dumps(message, separators=(",", ":")).encode()


BODY = _message("x" * (1_000 - len(_message(""))))

#: What is answered to each, by hooks and by the servers without.
ANSWER = b'{"ActionStatus":"OK","ErrorCode":120001,"ErrorInfo":"no"}'


def query() -> str:
    """The query of a request that is genuine for a minute."""
    return sample_request(COMMAND, sdk_app_id=APP, token=TOKEN).query
