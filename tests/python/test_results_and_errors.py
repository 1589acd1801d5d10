"""Results and errors as Python objects."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
from typing import Any

import pytest

import tencent_im
from tencent_im import (
    AsyncClient,
    CallTimeoutError,
    Client,
    InvalidInputError,
    Result,
    TencentImError,
    _errors,
    _generated,
)

IM = Client(7, "key")

BODY = json.dumps(
    {
        "ActionStatus": "OK",
        "ErrorCode": 0,
        "ErrorInfo": "",
        "QueryResult": [{"To_Account": "a", "Status": "Online", "Detail": [{"Platform": "Web", "Status": "Online"}]}],
        "Brand_New": {"Inner": [1, {"X": None}]},
    }
)


def parsed() -> Any:
    return IM.parse("accounts.get_online_status", status=200, body=BODY)


def test_keys_and_attributes() -> None:
    result = parsed()
    assert result.results[0].detail[0].platform == result["results"][0]["detail"][0]["platform"] == "Web"
    assert result["Brand_New"]["Inner"][1] == {"X": None}
    assert result.Brand_New.Inner == [1, {"X": None}]
    # A list that the service left out is empty.
    assert result.errors == []


def test_results_have_the_classes_that_they_are_typed_as() -> None:
    result = parsed()
    shapes = [result, result.results[0], result.results[0].detail[0], result["Brand_New"]]
    assert [type(shape).__name__ for shape in shapes] == [
        "QueryOnlineStatusReply",
        "UserOnlineStatus",
        "PlatformStatus",
        "Result",
    ]
    entry: Any = result.results[0]
    match entry:
        case _generated.UserOnlineStatus(user_id=user_id, status="Online"):
            assert user_id == "a"
        case _:
            raise AssertionError


@pytest.mark.parametrize(
    "back",
    [
        lambda result: pickle.loads(pickle.dumps(result)),
        lambda result: pickle.loads(pickle.dumps(result, protocol=0)),
        copy.copy,
        copy.deepcopy,
        lambda result: result.copy(),
    ],
)
def test_copies(back: Any) -> None:
    result = parsed()
    twin = back(result)
    assert twin == result
    assert type(twin) is type(result)
    assert type(twin.results[0]) is type(result.results[0])


def test_results_are_dicts() -> None:
    result = parsed()
    assert dict in type(result).__mro__
    assert json.loads(json.dumps(result)) == result
    assert {**result}.keys() == result.keys()
    assert result | {"x": 1} == {**result, "x": 1}
    result["added"] = 1
    assert result.added == 1
    assert "added" in dir(result)
    assert repr(result.errors) == "[]"
    assert repr(result.results[0].detail[0]) == "PlatformStatus({'platform': 'Web', 'status': 'Online'})"


def test_fields_that_are_not_there() -> None:
    result = parsed()
    with pytest.raises(AttributeError, match=r"has no field 'result'; its fields: results, Brand_New, errors"):
        _ = result.result
    with pytest.raises(AttributeError, match="set by key"):
        result.results = []
    assert not hasattr(result, "_private")
    assert getattr(result, "nothing", 5) == 5


def test_no_field_hides_behind_a_method_of_dict() -> None:
    for cls in vars(_generated).values():
        if isinstance(cls, type) and issubclass(cls, Result):
            hidden = set(cls.__annotations__ if "__annotations__" in vars(cls) else {}) & set(dir(dict))
            assert not hidden, f"{cls.__name__}: {hidden}"


def test_no_group_of_calls_hides_a_method_of_the_client() -> None:
    for client, resources in [(Client, _generated.Resources), (AsyncClient, _generated.AsyncResources)]:
        groups = set(vars(resources(lambda *_: None)))
        assert "accounts" in groups
        assert not groups & set(dir(client))


def test_each_kind_has_its_class() -> None:
    classes = set(_errors._CLASSES.values())
    assert len(classes) == 18
    for kind, cls in _errors._CLASSES.items():
        assert issubclass(cls, TencentImError)
        assert getattr(tencent_im, cls.__name__) is cls
        error = cls("text")
        assert (error.kind, error.code, error.attempts, error.maybe_applied) == (kind, None, 0, False)
        assert str(error) == "text"
    assert issubclass(InvalidInputError, ValueError)
    assert issubclass(CallTimeoutError, builtins.TimeoutError)


RECORD = {
    "text": "all of it",
    "message": "what",
    "code": 70107,
    "error_info": "info",
    "operation": "accounts.kick",
    "path": "user_id",
    "cause": "why",
    "cure": "how",
    "http_status": 200,
    "attempts": 2,
    "maybe_applied": True,
    "retry_after_ms": 1500,
    "body": "{}",
}


@pytest.mark.parametrize("kind", [*_errors._CLASSES, "NewKind"])
def test_facts_and_copies(kind: str) -> None:
    error = _errors.from_record({**RECORD, "kind": kind})
    assert str(error) == "all of it"
    assert (error.kind, error.message, error.retry_after, error.body) == (kind, "what", 1.5, "{}")
    assert (error.cause, error.cure, error.path, error.error_info) == ("why", "how", "user_id", "info")
    for twin in [pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)]:
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert twin.__dict__ == error.__dict__
    assert repr(error) == f"{type(error).__name__}('all of it')"


def test_notes_survive_pickling() -> None:
    error = TencentImError("text")
    error.__notes__ = ["a note"]  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(error)).__notes__ == ["a note"]
