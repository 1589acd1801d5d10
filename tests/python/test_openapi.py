"""The OpenAPI document: valid to an independent validator, and what it says of the vectors' requests holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

DOCUMENT: dict[str, Any] = json.loads((ROOT / "core/openapi.json").read_text())
OPERATIONS: dict[str, dict[str, Any]] = {
    item["post"]["operationId"]: {**item["post"], "path": path} for path, item in DOCUMENT["paths"].items()
}
REQUESTS: list[tuple[Path, dict[str, Any]]] = [
    (path, vector)
    for path in sorted((ROOT / "tests/vectors/requests").glob("*.json"))
    for vector in json.loads(path.read_text())["vectors"]
    if "wire" in vector and "extra_body" not in vector
]


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []
    assert DOCUMENT["openapi"] == "3.1.0"


def test_facts_of_a_call() -> None:
    send = OPERATIONS["group_messages.send"]
    assert send["path"] == "/v4/group_open_http_svc/send_group_msg"
    assert send["x-retry"] == {"class": "same_random", "window_s": 300}
    assert send["x-rate-limit"]["calls"] == 200
    assert 10007 in [error["code"] for error in send["x-errors"]]
    nick = DOCUMENT["components"]["schemas"]["ImportAccountParam"]["properties"]["Nick"]
    assert (nick["maxLength"], nick["x-max-bytes"]) == (500, 500)


@pytest.mark.parametrize(("path", "vector"), REQUESTS, ids=lambda value: value.stem if isinstance(value, Path) else "")
def test_requests_of_the_vectors(path: Path, vector: dict[str, Any]) -> None:
    reference = OPERATIONS[vector["op"]]["requestBody"]["content"]["application/json"]["schema"]
    schema = {**reference, "components": DOCUMENT["components"]}
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(vector["wire"])]
    assert errors == [], f"{path.name}: {vector['name']}"
