"""What type checkers see of webhooks. mypy and pyright read this file; an ignored line without an error fails it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tencent_im import Webhooks
from tencent_im.types import BeforeFriendAdd, C2cAfterSendMsg, C2cBeforeSendMsg
from tencent_im.webhooks import (
    Answer,
    Command,
    Decide,
    Event,
    MemoryStore,
    MessageDecision,
    Reject,
    allow,
    decide,
    drop,
    refuse,
    reject,
    replace,
)

if TYPE_CHECKING:
    from typing_extensions import assert_type


def handlers(hooks: Webhooks) -> None:
    """Never run."""

    @hooks.on("C2C.CallbackBeforeSendMsg")
    def check(event: Event[C2cBeforeSendMsg]) -> Reject | None:
        assert_type(event.body.from_account, str)
        assert_type(event.body.cloud_custom_data, str | None)
        return reject(120001, "no") if event.is_late else None

    @hooks.on("Sns.CallbackPrevFriendAdd")
    async def check_friends(event: Event[BeforeFriendAdd]) -> Decide:
        return decide({account: reject() for account in event.accounts})

    @hooks.on("C2C.CallbackAfterSendMsg")
    async def note(event: Event[C2cAfterSendMsg]) -> None:
        assert_type(event.body.send_msg_result, int)

    async def decides(event: Event[C2cBeforeSendMsg]) -> MessageDecision:
        return replace(msg_body=[{"msg_type": "TIMTextElem", "msg_content": {"text": "***"}}])

    hooks.on("C2C.CallbackBeforeSendMsg", decides)
    # The event of a lambda is that of the name.
    hooks.on("C2C.CallbackBeforeSendMsg", lambda event: reject(info=event.body.from_account))
    hooks.on("Group.CallbackBeforeInviteJoinGroup", lambda event: refuse(event.accounts))
    hooks.on_any(lambda event: print(event.command))

    answer = hooks.receive("query", b"body")
    assert_type(answer, Answer)
    status, headers, body = answer
    assert_type(headers, dict[str, str])
    Webhooks(1, "token", on_late="reject", store=MemoryStore(), on_error=lambda error, event: print(error, event))
    Webhooks(1, ["a", "b"], on_late={"C2C.CallbackBeforeSendMsg": reject(120001)})
    name: Command = "State.StateChange"
    print(name, status, body, allow())


def mistakes(hooks: Webhooks) -> None:
    """Never run: each line is an error to the checker."""
    hooks.on("C2C.CallbackBeforSendMsg", lambda event: None)  # type: ignore[call-overload]
    hooks.on("C2C.CallbackAfterSendMsg", lambda event: reject())  # type: ignore[call-overload]
    hooks.on("C2C.CallbackBeforeSendMsg", lambda event: refuse([]))  # type: ignore[call-overload]
    hooks.on("C2C.CallbackBeforeSendMsg", lambda event: True)  # type: ignore[call-overload]
    hooks.on("Group.CallbackBeforeCreateGroup", lambda event: drop())  # type: ignore[call-overload]
    hooks.on("C2C.CallbackBeforeSendMsg", lambda: None)  # type: ignore[call-overload]
    hooks.on("C2C.CallbackBeforeSendMsg", lambda event: reject(info=event.body.from_acount))  # type: ignore[call-overload]

    @hooks.on("C2C.CallbackAfterSendMsg")  # type: ignore[arg-type]
    def wrong_body(event: Event[C2cBeforeSendMsg]) -> None: ...

    @hooks.on("C2C.CallbackAfterSendMsg")  # type: ignore[arg-type]
    def wrong_decision(event: Event[C2cAfterSendMsg]) -> Reject:
        return reject()

    reject("120001")  # type: ignore[arg-type]
    decide({"alice": 38001})  # type: ignore[dict-item]
    replace(msg_body="text")  # type: ignore[arg-type]
    Webhooks(on_late="refuse")  # type: ignore[arg-type]
    Webhooks(store={})  # type: ignore[arg-type]
