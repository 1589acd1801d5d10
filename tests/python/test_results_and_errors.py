"""Results and errors as Python objects."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
import subprocess
import sys
import traceback
from functools import cached_property
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
    types,
)
from tencent_im._resource import AsyncResource, Resource
from tencent_im._resources import AsyncResources, Resources

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
        "GetOnlineStatusReply",
        "UserOnlineStatus",
        "PlatformStatus",
        "Result",
    ]
    entry: Any = result.results[0]
    match entry:
        case types.UserOnlineStatus(user_id=user_id, status="Online"):
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


def test_a_documented_field_that_is_not_there_reads_none() -> None:
    body = json.dumps({"ErrorCode": 0, "ResultItem": [{"UserID": "a", "ResultCode": 0, "ResultInfo": ""}]})
    result: Any = IM.parse("accounts.check", status=200, body=body)
    assert result.results[0].account_status is None
    assert "account_status" not in result.results[0]
    with pytest.raises(AttributeError, match="CheckAccountResult has no field 'acount_status'"):
        _ = result.results[0].acount_status
    # `detail` is a field of another result.
    assert not hasattr(result.results[0], "detail")


def result_classes() -> list[type[Result]]:
    found = [getattr(types, name) for name in types.__all__]
    return [cls for cls in found if isinstance(cls, type) and issubclass(cls, Result)]


def test_every_result_class_is_found_by_its_name_and_knows_its_fields() -> None:
    classes = result_classes()
    assert {"CheckAccountResult", "UserOnlineStatus", "Empty"} <= {cls.__name__ for cls in classes}
    for cls in classes:
        assert cls._fields == set(cls.__annotations__), cls
        hidden = cls._fields & set(dir(dict))
        assert not hidden, f"{cls.__name__}: {hidden} hide behind methods of dict"


def test_a_subclass_adds_its_fields() -> None:
    class Mine(types.CheckAccountResult):
        __slots__ = ()

        mine: int

    assert Mine._fields == types.CheckAccountResult._fields | {"mine"}


def test_names_of_types_are_found_lazily() -> None:
    assert "CheckAccountResult" in dir(types)
    with pytest.raises(AttributeError, match="no attribute 'ChekResult'"):
        _ = types.ChekResult  # type: ignore[attr-defined]


def groups_of(resources: type) -> set[str]:
    return {name for name, value in vars(resources).items() if isinstance(value, cached_property)}


def test_clients_have_each_group_once_and_hide_nothing_by_it() -> None:
    for client, resources, base in [(Client, Resources, Resource), (AsyncClient, AsyncResources, AsyncResource)]:
        groups = groups_of(resources)
        assert {"accounts", "group_messages"} <= groups
        assert not groups & {name for cls in client.__mro__ if cls is not resources for name in vars(cls)}
        im = client(7, "key")
        for group in groups:
            assert isinstance(getattr(im, group), base)
            assert getattr(im, group) is getattr(im, group)
            assert getattr(im.with_options(timeout=1), group) is not getattr(im, group)


def test_importing_the_package_loads_no_group_and_no_types() -> None:
    program = (
        "import sys, tencent_im; im = tencent_im.Client(7, 'key');"
        "print(*sorted(name for name in sys.modules if name.startswith(('tencent_im.resources', 'tencent_im.types'))));"
        "im.accounts;"
        "print(*sorted(name for name in sys.modules if name.startswith(('tencent_im.resources', 'tencent_im.types'))))"
    )
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert printed == "\ntencent_im.resources tencent_im.resources.accounts\n"


def test_each_kind_has_its_class() -> None:
    assert len(set(_errors.CLASSES.values())) == len(_errors.CLASSES) >= 18
    for kind, cls in _errors.CLASSES.items():
        assert issubclass(cls, TencentImError)
        assert getattr(tencent_im, cls.__name__) is cls
        assert f"{cls.__module__}.{cls.__qualname__}" == f"tencent_im.{cls.__name__}"
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


@pytest.mark.parametrize("kind", [*_errors.CLASSES, "NewKind"])
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


def test_public_names_say_where_they_are_imported_from() -> None:
    for name in tencent_im.__all__:
        value = getattr(tencent_im, name)
        if isinstance(value, type) and value is not tencent_im.Event:
            assert f"{value.__module__}.{value.__qualname__}" == f"tencent_im.{name}"
    with pytest.raises(tencent_im.ConfigError) as raised:
        Client(0)
    assert "tencent_im.ConfigError: sdk_app_id" in "".join(traceback.format_exception(raised.value))


def test_notes_survive_pickling() -> None:
    error = TencentImError("text")
    error.__notes__ = ["a note"]  # type: ignore[attr-defined]
    assert pickle.loads(pickle.dumps(error)).__notes__ == ["a note"]
