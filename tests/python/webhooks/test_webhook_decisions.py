"""What handlers decide, and what goes out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from webhook_support import AFTER, ALLOWED, BEFORE, FRIENDS, INVITE, Door, answered, hooks

from tencent_im import ConfigError, InvalidInputError, elements
from tencent_im.webhooks import allow, decide, drop, refuse, reject, replace


def handled(door: Door, command: str, returned: Any, is_async: bool = False, **settings: Any) -> tuple[Any, list[Any]]:
    """The answer to a handler that returns this, and the errors reported."""
    errors: list[Any] = []
    receiver = hooks(on_error=lambda error, event: errors.append((error, event)), **settings)

    def handle(event: Any) -> Any:
        return returned

    async def handle_async(event: Any) -> Any:
        return returned

    receiver.on(command, handle_async if is_async else handle)  # type: ignore[call-overload]
    answer = answered(door(receiver, command))
    receiver.close()
    return answer, errors


@pytest.mark.parametrize(
    ("command", "returned", "expected"),
    [
        (BEFORE, None, ALLOWED),
        (BEFORE, allow(), ALLOWED),
        (BEFORE, reject(), ALLOWED | {"ErrorCode": 1}),
        (BEFORE, reject(120001, "no"), ALLOWED | {"ErrorCode": 120001, "ErrorInfo": "no"}),
        (BEFORE, drop(), ALLOWED | {"ErrorCode": 2}),
        (
            BEFORE,
            replace(msg_body=[elements.text("***")], cloud_custom_data={"n": 1}),
            ALLOWED
            | {"MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "***"}}], "CloudCustomData": '{"n":1}'},
        ),
        (INVITE, refuse(["carol"]), ALLOWED | {"RefusedMembers_Account": ["carol"]}),
        (INVITE, refuse("carol"), ALLOWED | {"RefusedMembers_Account": ["carol"]}),
        (INVITE, reject(), ALLOWED | {"ErrorCode": 1}),
        (
            FRIENDS,
            None,
            ALLOWED
            | {
                "ResultItem": [
                    {"To_Account": "bob", "ResultCode": 0, "ResultInfo": ""},
                    {"To_Account": "carol", "ResultCode": 0, "ResultInfo": ""},
                ]
            },
        ),
        (
            FRIENDS,
            decide({"carol": reject(38001, "no")}),
            ALLOWED
            | {
                "ResultItem": [
                    {"To_Account": "bob", "ResultCode": 0, "ResultInfo": ""},
                    {"To_Account": "carol", "ResultCode": 38001, "ResultInfo": "no"},
                ]
            },
        ),
        (
            FRIENDS,
            decide({"carol": reject(), "bob": allow()}),
            ALLOWED
            | {
                "ResultItem": [
                    {"To_Account": "bob", "ResultCode": 0, "ResultInfo": ""},
                    {"To_Account": "carol", "ResultCode": 38000, "ResultInfo": ""},
                ]
            },
        ),
        (AFTER, None, ALLOWED),
        (AFTER, allow(), ALLOWED),
    ],
)
def test_decisions(door: Door, is_async: bool, command: str, returned: Any, expected: Any) -> None:
    assert handled(door, command, returned, is_async) == (expected, [])


@pytest.mark.parametrize(
    ("command", "returned", "words"),
    [
        (BEFORE, True, "returned bool, which is no decision"),
        (BEFORE, "reject", "returned str"),
        (BEFORE, {"action": "reject"}, "returned dict"),
        (BEFORE, reject, "returned function"),
        (BEFORE, object(), "returned object, which is no decision"),
        (BEFORE, reject(1, 5), "expected text"),  # type: ignore[arg-type]
        (BEFORE, reject(100), "the service would let the event pass"),
        (BEFORE, refuse(["bob"]), "does not take refuse"),
        (BEFORE, replace(), "nothing to replace"),
        (BEFORE, replace(msg_body=[]), "msg_body"),
        (INVITE, refuse(["dave"]), "the event does not name"),
        (INVITE, decide({}), "does not take decide"),
        (FRIENDS, decide({"bob": reject(5)}), "5 is not a code"),
        (AFTER, reject(), "the event has happened"),
        (AFTER, 5, "returned int"),
    ],
)
def test_nonsense_is_reported_and_the_configured_answer_goes_out(
    door: Door, is_async: bool, command: str, returned: Any, words: str
) -> None:
    answer, errors = handled(door, command, returned, is_async)
    assert (answer["ErrorCode"], answer["ActionStatus"]) == (0, "OK")
    [(error, event)] = errors
    assert isinstance(error, InvalidInputError)
    assert words in str(error)
    assert error.cure
    assert event.command == command
    if command == BEFORE:
        answer, _ = handled(door, command, returned, is_async, on_late="reject")
        assert answer == ALLOWED | {"ErrorCode": 1}


def test_an_event_without_a_handler_is_allowed(door: Door) -> None:
    receiver = hooks(on_late="reject")
    assert answered(door(receiver, BEFORE)) == ALLOWED
    assert answered(door(receiver, FRIENDS))["ResultItem"][0] == {
        "To_Account": "bob",
        "ResultCode": 0,
        "ResultInfo": "",
    }


def test_on_any_sees_every_event_and_decides_nothing(door: Door) -> None:
    seen: list[tuple[str, str]] = []
    errors: list[Exception] = []
    receiver = hooks(on_error=lambda error, event: errors.append(error))
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: drop())

    @receiver.on_any
    def note(event: Any) -> object:
        seen.append((event.command, event.kind))
        return reject(120001) if event.command == "Brand.New" else True

    assert answered(door(receiver, BEFORE)) == ALLOWED | {"ErrorCode": 2}
    assert answered(door(receiver, AFTER)) == ALLOWED
    assert answered(door(receiver, "Brand.New", {"CallbackCommand": "Brand.New", "X": [1]})) == ALLOWED
    receiver.close()
    assert sorted(seen) == [("Brand.New", "unknown"), (AFTER, "after"), (BEFORE, "before")]
    assert [str(error) for error in errors] == [
        "Brand.New: a handler of any event decides nothing. Cure: decide in a handler of the webhook, by `on`"
    ]


def test_what_a_handler_is_given(door: Door) -> None:
    events: list[Any] = []
    receiver = hooks()
    receiver.on("Sns.CallbackPrevFriendAdd", lambda event: events.append((event, event.time_left, event.answered)))
    door(receiver, FRIENDS)
    [(event, left, was_answered)] = events
    assert (event.command, event.kind, event.platform, event.client_ip) == (FRIENDS, "before", "RESTAPI", "127.0.0.1")
    assert event.event_time == 1670574414123
    # The answer names them all: nobody can take one out.
    assert event.accounts == ("bob", "carol")
    assert type(event.body).__name__ == "BeforeFriendAdd"
    assert event.body.friends[0].to_account == "bob"
    assert 0 < left <= 1.5
    assert (was_answered, event.answered, event.is_late, event.time_left) == (False, True, False, 0.0)
    assert event.id.startswith(FRIENDS)
    assert repr(event) == f"<Event {FRIENDS} id={event.id!r}>"


def test_several_handlers_of_what_has_happened(door: Door) -> None:
    seen: list[int] = []
    errors: list[Exception] = []
    receiver = hooks(on_error=lambda error, event: errors.append(error))

    @receiver.on("C2C.CallbackAfterSendMsg")
    def first(event: Any) -> None:
        seen.append(1)
        raise ValueError("first")

    @receiver.on("C2C.CallbackAfterSendMsg")
    async def second(event: Any) -> None:
        seen.append(2)

    assert answered(door(receiver, AFTER)) == ALLOWED
    receiver.close()
    assert seen == [1, 2]
    assert [str(error) for error in errors] == ["first"]


def test_wrong_registrations_are_refused() -> None:
    receiver = hooks()
    with pytest.raises(ConfigError, match=r"did you mean C2C\.CallbackBeforeSendMsg"):
        receiver.on("C2C.CallbackBeforSendMsg", print)  # type: ignore[call-overload]
    with pytest.raises(ConfigError, match=r"did you mean C2C\.CallbackBeforeSendMsg"):
        receiver.on("c2c.callbackbeforesendmsg")  # type: ignore[call-overload]
    with pytest.raises(ConfigError, match="unknown webhook"):
        receiver.on("nothing like it")  # type: ignore[call-overload]
    receiver.on("C2C.CallbackBeforeSendMsg", lambda event: None)
    with pytest.raises(ConfigError, match="only one can decide"):
        receiver.on("C2C.CallbackBeforeSendMsg", lambda event: None)
    with pytest.raises(ConfigError, match="only one can decide"):

        @receiver.on("C2C.CallbackBeforeSendMsg")
        def another(event: Any) -> None: ...

    with pytest.raises(ConfigError, match="expected a function, got int"):
        receiver.on("C2C.CallbackAfterSendMsg", 5)  # type: ignore[call-overload]
    with pytest.raises(ConfigError, match="expected a function, got NoneType"):
        receiver.on_any(None)  # type: ignore[type-var]


def test_handlers_of_every_sort(door: Door) -> None:
    """Async ones behind an object, a partial or a lambda are awaited, too."""
    import functools

    async def decide_async(code: int, event: Any) -> Any:
        return reject(code)

    class Async:
        async def __call__(self, event: Any) -> Any:
            return reject(120002)

        async def method(self, event: Any) -> Any:
            return reject(120003)

    handlers: list[tuple[Any, int]] = [
        (functools.partial(decide_async, 120001), 120001),
        (Async(), 120002),
        (Async().method, 120003),
        (lambda event: decide_async(120004, event), 120004),
    ]
    for handler, code in handlers:
        receiver = hooks()
        receiver.on("C2C.CallbackBeforeSendMsg", handler)
        assert answered(door(receiver, BEFORE))["ErrorCode"] == code
        receiver.close()


def test_public_names_say_where_they_are_imported_from() -> None:
    import tencent_im.webhooks as package

    for name in set(package.__all__) - {"Webhooks"}:
        value = getattr(package, name)
        if isinstance(value, type):
            assert f"{value.__module__}.{value.__qualname__}" == f"tencent_im.webhooks.{name}"
    assert repr(reject(120001, "no")) == "Reject(code=120001, info='no')"


def test_importing_the_package_loads_no_webhooks() -> None:
    source = "import sys, tencent_im; assert 'tencent_im.webhooks' not in sys.modules; tencent_im.Webhooks"
    subprocess.run([sys.executable, "-c", source], check=True, timeout=120)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: refuse(5), "accounts"),  # type: ignore[arg-type]
        (lambda: refuse(b"bob"), "accounts"),  # type: ignore[arg-type]
        (lambda: decide(["bob"]), "decisions"),  # type: ignore[arg-type]
    ],
)
def test_what_a_decision_cannot_be_made_of(make: Callable[[], Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        make()
    assert raised.value.path == path
    assert raised.value.cure
