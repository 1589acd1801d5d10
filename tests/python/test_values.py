"""Values of all sorts in the callers' data: what is taken, and that nothing can kill the process."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import json
import math
import threading
import types
import uuid
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
from conftest import SDK_APP_ID, SECRET_KEY

from tencent_im import Client, InvalidInputError, TencentImError, without_nan

TEXT = {"msg_type": "TIMTextElem", "msg_content": {"text": "hi"}}


@pytest.fixture(scope="module")
def offline() -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, base_url="http://127.0.0.1:1")


def sent(im: Client, op: str, **fields: Any) -> Any:
    return json.loads(im.prepare(op, **fields).body)


def refused(im: Client, op: str, **fields: Any) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as raised:
        im.prepare(op, **fields)
    assert raised.value.cure
    with pytest.raises(InvalidInputError) as called:
        im.call(op, **fields)
    assert str(called.value) == str(raised.value)
    return raised.value


def element(im: Client, **fields: Any) -> InvalidInputError:
    """The refusal of a message with an element whose fields come in this order."""
    return refused(im, "messages.send", to_account="u", msg_body=[fields])


def holding_itself() -> list[Any]:
    items: list[Any] = []
    items.append(items)
    return items


def dict_holding_itself() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    fields["a"] = fields
    return fields


ENDLESS: list[tuple[str, Callable[[], Any]]] = [
    ("a list that holds itself", holding_itself),
    ("a dict that holds itself", dict_holding_itself),
    ("UserString", lambda: collections.UserString("x")),
    ("range", lambda: range(10**18)),
    ("900 levels", lambda: json.loads("[" * 900 + "]" * 900)),
    ("900 levels of objects", lambda: json.loads('{"a":' * 900 + "1" + "}" * 900)),
]


@pytest.mark.parametrize(("name", "make"), ENDLESS)
def test_endless_data_is_refused_everywhere(offline: Client, name: str, make: Callable[[], Any]) -> None:
    """In a thread with the small stack that musl gives: a fault here ends the process."""
    errors: list[Any] = []

    def run() -> None:
        try:
            value = make()
            errors.append(element(offline, msg_type=value, msg_content={"text": "x"}))
            errors.append(element(offline, msg_content={"text": "x"}, msg_type=value))
            errors.append(element(offline, msg_content=value, msg_type="TIMTextElem"))
            errors.append(element(offline, msg_type="TIMTextElem", msg_content=value))
            errors.append(element(offline, msg_content=value, msg_type="TIMOtherElem"))
            errors.append(element(offline, msg_type="TIMOtherElem", msg_content={"a": value}))
            errors.append(element(offline, msg_content=value))
            errors.append(refused(offline, "accounts.kick", user_id=value))
            errors.append(refused(offline, "accounts.kick", user_id="u", extra_body={"x": value}))
        except BaseException as error:
            errors.append(error)

    before = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert [type(error) for error in errors] == [InvalidInputError] * 9, (name, errors[-1])
    assert errors[0].path == errors[1].path == "msg_body[0].msg_type"
    assert errors[2].path == errors[3].path


ORDERS: list[tuple[Any, str, str]] = [
    ({"text": math.nan}, "msg_content.text", "not finite"),
    ({"text": 5}, "msg_content.text", "expected text, got a number"),
    ({"txt": "x"}, "msg_content.txt", "did you mean text"),
    ({"Text": b"x"}, "msg_content.text", "bytes"),
    ({}, "msg_content.text", "missing"),
    ({"text": None}, "msg_content.text", "missing"),
    (None, "msg_content", "missing"),
    ([1], "msg_content", "expected an object"),
    ({1: 2}, "msg_content", "not text"),
]


@pytest.mark.parametrize(("content", "path", "words"), ORDERS)
def test_a_content_before_its_tag_is_checked_alike(offline: Client, content: Any, path: str, words: str) -> None:
    first = element(offline, msg_type="TIMTextElem", msg_content=content)
    second = element(offline, msg_content=content, msg_type="TIMTextElem")
    assert str(first) == str(second)
    assert first.path == f"msg_body[0].{path}"
    assert words in first.message


@pytest.mark.parametrize("tag", [None, 5, True, b"TIMTextElem", ["TIMTextElem"], {}, math.nan])
def test_a_tag_that_is_no_text_is_refused(offline: Client, tag: Any) -> None:
    first = element(offline, msg_type=tag, msg_content={"text": "x"})
    second = element(offline, msg_content={"text": "x"}, msg_type=tag)
    assert str(first) == str(second)
    assert first.path == "msg_body[0].msg_type"


def test_both_orders_are_sent(offline: Client) -> None:
    swapped = {"msg_content": {"text": "hi"}, "msg_type": "TIMTextElem"}
    body = sent(offline, "messages.send", to_account="u", msg_body=[TEXT, swapped])
    assert body["MsgBody"] == [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hi"}}] * 2


def test_a_long_list_is_reported_by_its_length(offline: Client) -> None:
    for items in [["u"] * 10_000_000, range(10_000_000)]:
        error = refused(offline, "accounts.import_accounts", user_ids=items)
        assert "10000000 items" in error.message
        assert error.path == "user_ids"


HUGE = "k" * 10_000_000

HUGE_WORDS: list[tuple[str, Callable[[Client], Any]]] = [
    ("a keyword", lambda im: im.prepare("accounts.kick", user_id="u", **{HUGE: 1})),  # type: ignore[arg-type]
    ("a key", lambda im: im.prepare("accounts.import_accounts", accounts=[{HUGE: 1}])),
    ("a raw key", lambda im: im.prepare("accounts.kick", user_id="u", extra_body={HUGE: object()})),
    ("a user id", lambda im: im.prepare("accounts.kick", user_id=HUGE)),
    ("a value near none", lambda im: im.prepare("groups.create", type=HUGE, name="g", owner_account=HUGE)),
    ("a call", lambda im: im.prepare(HUGE)),
    ("a setting", lambda _: Client(7, "key", **{HUGE: 1})),  # type: ignore[arg-type]
    ("a region", lambda _: Client(7, "key", region=HUGE)),
    ("a base URL", lambda _: Client(7, "key", base_url=HUGE)),
    ("an admin", lambda _: Client(7, "key", admin=HUGE)),
    ("a rate", lambda _: Client(7, "key", rate_limits={HUGE: 1})),
]


@pytest.mark.parametrize(("name", "run"), HUGE_WORDS)
def test_messages_repeat_no_huge_words(offline: Client, name: str, run: Callable[[Client], Any]) -> None:
    with pytest.raises((TencentImError, TypeError)) as raised:
        run(offline)
    assert len(str(raised.value)) < 2_000, name


# --- numpy and pandas -----------------------------------------------------------------------------------------------


def test_numpy_and_pandas_values_are_taken(offline: Client) -> None:
    body = sent(
        offline,
        "messages.send",
        to_account=np.str_("u"),
        sync_other_machine=np.int64(1),
        is_need_read_receipt=np.bool_(True),
        msg_seq=np.uint32(5),
        msg_body=[
            {
                "msg_type": "TIMLocationElem",
                "msg_content": {"latitude": np.float64(1.5), "longitude": np.float32(2.5)},
            }
        ],
    )
    assert body["To_Account"] == "u"
    assert (body["SyncOtherMachine"], body["IsNeedReadReceipt"], body["MsgSeq"]) == (1, 1, 5)
    assert body["MsgBody"][0]["MsgContent"] == {"Latitude": 1.5, "Longitude": 2.5}


@pytest.mark.parametrize(
    "items",
    [
        np.array(["a", "b"]),
        np.array(["a", "b"], dtype=object),
        pd.Series(["a", "b"]),
        pd.Series(["a", "b"], index=[7, 9]),
        pd.Index(["a", "b"]),
        pd.Series(["a", "b"], dtype="category"),
        ("a", "b"),
        {"a": 1, "b": 2}.keys(),
        collections.deque(["a", "b"]),
        collections.UserList(["a", "b"]),
    ],
)
def test_arrays_and_series_are_lists(offline: Client, items: Any) -> None:
    assert sent(offline, "accounts.import_accounts", user_ids=items) == {"Accounts": ["a", "b"]}


def test_raw_data_of_numpy(offline: Client) -> None:
    raw = {"a": np.array([[1, 2], [3, 4]]), "b": np.array(5), "c": pd.Series([True, False]), "d": np.array([])}
    body = sent(offline, "accounts.kick", user_id="u", extra_body=raw)
    assert body == {"Identifier": "u", "a": [[1, 2], [3, 4]], "b": 5, "c": [True, False], "d": []}


class Color(enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "words", "cure"),
    [
        (float("nan"), "not finite", "tencent_im.without_nan(record)"),
        (np.float64("nan"), "not finite", "tencent_im.without_nan(record)"),
        (pd.NA, "NAType", "None"),
        (pd.NaT, "NaTType", "None"),
        (datetime.datetime(2026, 1, 1), "datetime", "timestamp()"),
        (datetime.date(2026, 1, 1), "date", "isoformat()"),
        (pd.Timestamp(0), "Timestamp", "timestamp()"),
        (np.datetime64("2026-01-01"), "datetime64", "plain data"),
        (np.complex128(1), "complex128", "plain data"),
        (decimal.Decimal(1), "Decimal", "str(value)"),
        (uuid.UUID(int=1), "UUID", "hex"),
        (Color.RED, "Color", "value.value"),
        (collections.UserString("x"), "UserString", "str(value)"),
        (iter([1]), "list_iterator", "list(value)"),
        (pd.DataFrame({"a": [1]}), "DataFrame", "plain data"),
        (object(), "object", "plain data"),
        (b"x", "bytes", "decode"),
        (memoryview(b"x"), "bytes", "decode"),
        (2**70, "out of range", "use -"),
        (10**400, "does not fit 64 bits", "2^64"),
        ("\ud800", "surrogate", "errors="),
    ],
)
def test_other_values_name_their_type_and_a_cure(offline: Client, value: Any, words: str, cure: str) -> None:
    for path, fields in [("extra_body.x", {"x": value}), ("extra_body.x[1]", {"x": [1, value]})]:
        error = refused(offline, "accounts.kick", user_id="u", extra_body=fields)
        assert error.path == path
        assert words in error.message
        assert cure in (error.cure or "")


def test_large_numbers_are_sent_exactly(offline: Client) -> None:
    raw = {"a": 2**64 - 1, "b": -(2**63), "c": 2**53 + 1}
    body = offline.prepare("accounts.kick", user_id="u", extra_body=raw).body
    assert b'"a":18446744073709551615,"b":-9223372036854775808,"c":9007199254740993' in body


# --- Python code that runs while a value is read --------------------------------------------------------------------


def test_a_list_that_changes_while_it_is_read(offline: Client) -> None:
    items: list[Any] = []

    class Index:
        def __index__(self) -> int:
            items.clear()
            return 1

    items.extend([Index(), 2, 3])
    error = refused_once(offline, {"x": items})
    assert "IndexError" in error.message
    assert error.path == "extra_body.x[1]"


def test_a_dict_that_changes_while_it_is_read(offline: Client) -> None:
    fields: dict[str, Any] = {}

    class Index:
        def __index__(self) -> int:
            fields.clear()
            return 1

    fields.update(a=Index(), b=2)
    body = sent(offline, "accounts.kick", user_id="u", extra_body=types.MappingProxyType({"x": fields}))
    assert body == {"Identifier": "u", "x": {"a": 1, "b": 2}}


def refused_once(im: Client, raw: Any) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as raised:
        im.prepare("accounts.kick", user_id="u", extra_body=raw)
    return raised.value


def test_an_exception_of_the_value_is_told(offline: Client) -> None:
    class Broken:
        def __index__(self) -> int:
            raise ValueError("broken on purpose")

    error = refused_once(offline, {"x": Broken()})
    assert "ValueError: broken on purpose" in error.message
    assert error.path == "extra_body.x"


def test_an_interrupt_stays_an_interrupt(offline: Client) -> None:
    class Interrupting:
        def __index__(self) -> int:
            raise KeyboardInterrupt

    cases: list[dict[str, Any]] = [{"extra_body": {"x": Interrupting()}}, {"msg_seq": Interrupting()}]
    for fields in cases:
        with pytest.raises(KeyboardInterrupt):
            offline.prepare("messages.send", to_account="u", msg_body=[TEXT], **fields)


def test_nan_is_absent_only_where_asked_for() -> None:
    record = {"user_id": "a", "nick": math.nan, "face_url": pd.NA, "x": np.float32("nan"), "y": pd.NaT}
    nested = [{**record, "rows": [{"x": math.nan, "y": 0}, math.nan], "zero": 0.0, "none": None}]
    copy = without_nan(nested)
    assert copy[0].keys() == {"user_id", "rows", "zero", "none"}
    assert copy[0]["rows"][0] == {"y": 0}
    assert math.isnan(copy[0]["rows"][1])
    assert nested[0].keys() >= record.keys()
    im = Client(7, "key")
    frame = pd.DataFrame([{"user_id": "a", "nick": "A"}, {"user_id": "b"}])
    assert json.loads(im.prepare("accounts.import_accounts", accounts=without_nan(frame.to_dict("records"))).body) == {
        "AccountList": [{"UserID": "a", "Nick": "A"}, {"UserID": "b"}]
    }
    with pytest.raises(InvalidInputError, match=r"accounts\[0\].nick"):
        im.prepare("accounts.import_accounts", accounts=[{"user_id": "a", "nick": math.nan}])
