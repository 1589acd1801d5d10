"""From end to end: a client calls, the emulator asks and tells a receiver, and the client sees what that decided."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import SDK_APP_ID, Emulator
from support import PATIENCE, eventually, history, text_of, texts
from webhook_support import AFTER, BEFORE, TOKEN, hooks, slowly, uvicorn_server, wsgiref_server

from tencent_im import Client, ContentRejectedError, elements
from tencent_im.types import C2cBeforeSendMsg, GroupBeforeInviteJoin
from tencent_im.webhooks import Event, MemoryStore, Refuse, Webhooks, allow, drop, refuse, reject, replace

#: Starts to serve a receiver, and has the emulator send to it.
Serve = Callable[..., None]


#: The service waits for 2 s; a busy machine may need longer.
PATIENT = {"timeout_ms": 1000 * PATIENCE}


@pytest.fixture(params=["asgi", "wsgi"])
def serve(request: pytest.FixtureRequest, emulator: Emulator) -> Iterator[Serve]:
    with contextlib.ExitStack() as stack:

        def start(receiver: Webhooks, **settings: Any) -> None:
            server = (
                uvicorn_server(receiver.asgi, "/") if request.param == "asgi" else wsgiref_server(receiver.wsgi, "/")
            )
            port = stack.enter_context(server).port
            stack.callback(receiver.close)
            emulator.control("webhooks", {"url": f"http://127.0.0.1:{port}/", "token": TOKEN, **PATIENT, **settings})

        yield start
        # Before the server is gone.
        emulator.control("webhooks", {"url": None})


def says(im: Client, text: str) -> str:
    return im.messages.send(from_account="ann", to_account="bob", msg_body=[elements.text(text)]).msg_key


def moderated(event: Event[C2cBeforeSendMsg]) -> Any:
    match text_of(event.body.msg_body):
        case "advertisement":
            return reject(120001, "no advertisements")
        case "forbidden":
            return reject()
        case "spam":
            return drop()
        case "damn":
            return replace(msg_body=[elements.text("****")])
        case "broken":
            raise RuntimeError("the handler has a bug")
    return allow()


def test_what_a_handler_decides_is_what_the_sender_and_the_receiver_see(
    either: Client, serve: Serve, is_async: bool
) -> None:
    im, faults = either, []
    receiver = hooks(on_error=lambda error, event: faults.append(error))
    sent: list[str] = []

    async def moderated_async(event: Event[C2cBeforeSendMsg]) -> Any:
        return moderated(event)

    receiver.on(BEFORE, moderated_async if is_async else moderated)
    receiver.on(AFTER, lambda event: sent.append(event.body.msg_key))
    serve(receiver)
    im.accounts.import_accounts(user_ids=["ann", "bob"])

    hello = says(im, "hello")
    with pytest.raises(ContentRejectedError, match="no advertisements") as rejected:
        says(im, "advertisement")
    assert (rejected.value.code, rejected.value.operation) == (120001, "messages.send")
    assert rejected.value.maybe_applied is False
    with pytest.raises(ContentRejectedError) as refused:
        says(im, "forbidden")
    assert refused.value.code == 20006
    dropped = says(im, "spam")
    changed = says(im, "damn")
    # A handler that fails has no say.
    broken = says(im, "broken")
    assert sorted(texts(history(im, "bob", "ann"))) == ["****", "broken", "hello"]
    assert sorted(texts(history(im, "ann", "bob"))) == ["****", "broken", "hello"]
    eventually(lambda: len(sent) == 3)
    assert sorted(sent) == sorted([hello, changed, broken])
    assert dropped not in sent
    assert [str(error) for error in faults] == ["the handler has a bug"]


def test_a_late_handler_has_the_answer_that_was_set(im: Client, serve: Serve, emulator: Emulator) -> None:
    receiver, gate = hooks(budget=0.2, on_late={BEFORE: "reject"}), threading.Event()
    receiver.on(BEFORE, slowly(gate, lambda event: None, is_async=False))
    serve(receiver)
    im.accounts.import_accounts(user_ids=["ann", "bob"])
    with pytest.raises(ContentRejectedError) as refused:
        says(im, "hello")
    assert refused.value.code == 20006
    gate.set()
    delivery = emulator.control("webhooks/log")["deliveries"][0]
    assert (delivery["status"], delivery["verdict"]["action"]) == (200, "refuse")


def test_members_that_a_handler_refuses_stay_out(im: Client, serve: Serve) -> None:
    receiver = hooks()

    def without_eve(event: Event[GroupBeforeInviteJoin]) -> Refuse:
        return refuse([account for account in event.accounts if account == "eve"])

    receiver.on("Group.CallbackBeforeInviteJoinGroup", without_eve)
    serve(receiver)
    im.accounts.import_accounts(user_ids=["ann", "bob", "eve"])
    group = im.groups.create(type="Public", name="g", owner_account="ann").group_id
    added = im.groups.add_members(group_id=group, members=["bob", "eve"])
    assert [(member.member_account, member.result) for member in added.members] == [("bob", 1), ("eve", 0)]
    found = im.groups.list_members(group_id=group).members
    assert sorted(member.member_account for member in found) == ["ann", "bob"]


def test_an_event_that_comes_again_is_handled_once(serve: Serve, emulator: Emulator) -> None:
    receiver = hooks(store=MemoryStore())
    seen: list[str] = []
    receiver.on(AFTER, lambda event: seen.append(event.id))
    serve(receiver)
    for _ in range(3):
        answer = emulator.control("webhooks/fire", {"command": AFTER})
        assert answer["answer"]["ErrorCode"] == 0
    eventually(lambda: emulator.control("webhooks/log")["waiting"] == 0)
    receiver.close()
    assert len(seen) == 1


def test_every_webhook_arrives_verified_and_typed(serve: Serve, emulator: Emulator) -> None:
    receiver = hooks()
    seen: list[tuple[str, type]] = []
    receiver.on_any(lambda event: seen.append((event.command, type(event.body))))
    serve(receiver)
    commands = emulator.control("webhooks")["commands"]
    for command in commands:
        answer = emulator.control("webhooks/fire", {"command": command})
        assert (answer["status"], answer["answer"]["ErrorCode"]) == (200, 0), answer
    receiver.close()
    assert sorted(command for command, _ in seen) == commands
    assert len(commands) >= 57
    assert {body.__module__.partition(".")[0] for _, body in seen} == {"tencent_im"}


def test_another_token_is_refused_and_the_message_passes_or_not(
    im: Client, serve: Serve, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    receiver = hooks()
    receiver.on(BEFORE, lambda event: reject())
    serve(receiver, token="another one")
    im.accounts.import_accounts(user_ids=["ann", "bob"])
    says(im, "hello")
    assert texts(history(im, "bob", "ann")) == ["hello"]
    delivery = emulator.control("webhooks/log")["deliveries"][0]
    assert (delivery["status"], delivery["fault"]) == (401, "the HTTP status is 401")
    assert "the Sign does not fit the token" in caplog.text
    url = emulator.control("webhooks")["apps"][str(SDK_APP_ID)]["address"] + "/"
    emulator.control("webhooks", {"url": url, "token": "another one", "before_timeout": "refuse"})
    with pytest.raises(ContentRejectedError):
        says(im, "again")
