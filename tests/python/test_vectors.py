"""Runs every vector file below tests/vectors; every language runs the same ones, and a later check compares."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOT, SDK_APP_ID, SECRET_KEY

from tencent_im import Client, TencentImError, inspect_user_sig, verify_user_sig
from tencent_im._native import CallMachine, NativeReceiver, answer_webhook, package
from tencent_im.webhooks import Event

VECTORS = ROOT / "tests" / "vectors"

Vector = Mapping[str, Any]


def client(options: Mapping[str, Any] | None = None) -> Client:
    return Client(SDK_APP_ID, SECRET_KEY, **(options or {}))


def matches(error: TencentImError, expected: Mapping[str, Any]) -> None:
    """Compares what the vector names; a message is compared by a part of it."""
    for name, value in expected.items():
        got: Any = getattr(error, name) if name != "retry_after_ms" else round((error.retry_after or 0) * 1000)
        if name == "message":
            assert value in got
        elif name == "path" and value == "":
            assert got is None
        else:
            assert got == value, f"{name} of {error}"


def requests(vector: Vector) -> None:
    def prepare() -> Any:
        fields = {**vector["input"], "extra_body": vector.get("extra_body")}
        return client(vector.get("options")).prepare(vector["op"], **fields)

    if "error" in vector:
        with pytest.raises(TencentImError) as raised:
            prepare()
        assert raised.value.cure
        matches(raised.value, vector["error"])
        return
    request = prepare()
    body, wire = json.loads(request.body), dict(vector["wire"])
    assert body == wire
    # The order of fields is the caller's in every language, so the text is the same, too.
    assert request.url.startswith("https://console.tim.qq.com/v4/")
    assert "usersig" not in repr(request)


def replies(vector: Vector) -> None:
    body = bytes.fromhex(vector["body_hex"]) if "body_hex" in vector else vector["body"]

    def parse() -> Any:
        return client().parse(vector["op"], status=vector["status"], body=body)

    if "error" not in vector:
        assert parse() == vector["result"]
        return
    with pytest.raises(TencentImError) as raised:
        parse()
    matches(raised.value, vector["error"])


def errors(vector: Vector) -> None:
    body = json.dumps({"ActionStatus": "FAIL", "ErrorCode": vector["code"], "ErrorInfo": "x"})
    with pytest.raises(TencentImError) as raised:
        client().parse(vector.get("op", "accounts.import_account"), status=200, body=body)
    assert (raised.value.kind, raised.value.code) == (vector["kind"], vector["code"])
    assert raised.value.cause
    assert raised.value.cure


def usersig(vector: Vector) -> None:
    def verify(facts: Mapping[str, Any], now: int) -> Any:
        return verify_user_sig(
            vector["usersig"],
            secret_key=facts["key"],
            sdk_app_id=facts["sdkappid"],
            user_id=facts["identifier"],
            now=now,
            allow_userbuf=True,
        )

    if "inputs" not in vector:
        facts = vector["verify_with"]
        with pytest.raises(TencentImError) as raised:
            verify(facts, facts["now"])
        code = vector["expected"].partition("server: ")[2].rstrip(")")
        if code.isdigit():
            assert raised.value.code == int(code)
        return
    facts = vector["inputs"]
    stated = verify(facts, vector["verify"]["valid_at"])
    assert (stated.user_id, stated.sdk_app_id) == (facts["identifier"], facts["sdkappid"])
    assert (stated.issued_at, stated.expire) == (facts["time"], facts["expire"])
    with pytest.raises(TencentImError) as raised:
        verify(facts, vector["verify"]["expired_at"])
    assert raised.value.code == 70001
    assert inspect_user_sig(vector["usersig"]).user_id == facts["identifier"]


def flow(vector: Vector) -> None:
    """A script for the call machine: each line says what is done when, and the step that it gives."""
    settings = {"sdk_app_id": SDK_APP_ID, "secret_key": SECRET_KEY}
    for name, value in (vector.get("options") or {}).items():
        settings[name.removesuffix("_ms")] = value / 1000 if name.endswith("_ms") else value
    machine, call, body, sig = CallMachine(package, settings), 0, None, ""
    for line in vector["script"]:
        now = (line["at"], 1_700_000_000_000 + line["at"])
        machine.seed(line.get("hi", 2**32 - 1) << 32 | line.get("lo", 2**32 - 1))
        match line["do"]:
            case "start":
                options = json.dumps(vector["call"]) if "call" in vector else None
                call, step = machine.start(vector["op"], json.dumps(vector["input"]), options, now)
            case "poll":
                step = machine.poll(call, now)
            case "reply":
                answer = filled(line["body"], sig).encode()
                headers = line.get("retry_after"), line.get("encoding")
                step = machine.on_reply(call, line["status"], answer, line.get("date"), now, *headers)
            case "fail":
                detail = filled(line.get("detail", ""), sig)
                step = machine.on_failure(call, line["kind"], now, detail)
            case "cancel":
                step = machine.cancel(call)
            case other:
                raise AssertionError(f"unknown action {other}")
        ((kind, got),) = step.items()
        ((expected_kind, expected),) = line["gives"].items()
        assert kind == expected_kind, f"{line}: {got}"
        if kind == "send":
            sent(got, expected)
            sig = parse_qs(urlsplit(got["url"]).query)["usersig"][0]
            body = body or got["body"]
            assert body == got["body"], "the body changed between tries"
        elif kind == "error":
            assert sig[:20] not in f"{got!r} {got} {vars(got)}"
            matches(got, expected)
        elif kind == "wait":
            assert got == expected, line
    assert machine.under_way() == 0


def filled(text: str, sig: str) -> str:
    """A text with the UserSig of the last request in it, as gateways and HTTP libraries show it."""
    spellings = {
        "{sig}": sig,
        "{sig|json}": "".join(f"\\u{ord(letter):04x}" for letter in sig),
        "{sig|percent}": "".join(f"%{ord(letter):02X}" for letter in sig),
        "{sig|start}": sig[:20],
    }
    for mark, spelt in spellings.items():
        text = text.replace(mark, spelt)
    return text


def sent(request: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    url = urlsplit(request["url"])
    query = parse_qs(url.query)
    facts = {
        "timeout_ms": request["timeout_ms"],
        "host": url.netloc,
        "random": int(query["random"][0]),
        "issued_at": inspect_user_sig(query["usersig"][0]).issued_at,
    }
    assert {name: facts[name] for name in expected} == dict(expected)


def webhooks(vector: Vector) -> None:
    """What is read from a request, and what is written for a decision, at the time of the fact file's signature."""
    receiver = NativeReceiver(package, {"sdk_app_id": SDK_APP_ID, "token": ["xxxyyy"]})
    body = bytes.fromhex(vector["body_hex"]) if "body_hex" in vector else vector["body"].encode()
    now = vector.get("now", 1669872112)
    if "error" in vector:
        with pytest.raises(TencentImError) as raised:
            receiver.read("POST", None, vector["query"], body, now)
        matches(raised.value, vector["error"])
        assert "xxxyyy" not in f"{raised.value!r} {raised.value} {vars(raised.value)}"
        return
    event: Event[Any] = Event(receiver.read("POST", None, vector["query"], body, now), 0)
    facts = {name: getattr(event, name) for name in vector["event"]}
    assert facts | ({"accounts": list(event.accounts)} if "accounts" in facts else {}) == vector["event"]
    for case in vector["answers"]:
        if "error" in case:
            with pytest.raises(TencentImError) as raised:
                answer_webhook(event.command, event.accounts, case["decision"])
            assert raised.value.cure
            matches(raised.value, case["error"])
        else:
            answer = answer_webhook(event.command, event.accounts, case["decision"])
            assert json.loads(answer) == case["body"], case["decision"]


HANDLERS: dict[str, Callable[[Vector], None]] = {
    "requests": requests,
    "replies": replies,
    "errors": errors,
    "usersig": usersig,
    "flow": flow,
    "webhooks": webhooks,
}


def test_every_vector_file() -> None:
    ran, faults = [], []
    for path in sorted(VECTORS.rglob("*.json")):
        name = path.relative_to(VECTORS).as_posix()
        handler = HANDLERS.get(path.relative_to(VECTORS).parts[0])
        assert handler, f"no handler for the family of {name}"
        content = json.loads(path.read_text(encoding="utf-8"))
        # Invalid UserSigs stand in a list of their own.
        vectors = [*content.get("vectors", []), *content.get("invalid", [])]
        assert vectors, f"{name} has no vectors"
        for vector in vectors:
            try:
                handler(vector)
            except (AssertionError, TencentImError, KeyError, pytest.fail.Exception) as fault:
                faults.append(f"{name}: {vector['name']}: {fault!r}")
        ran.append(f"{name} {len(vectors)}\n")
    assert not faults, "\n".join(faults)
    assert ran
    record = ROOT / "target" / "vectors-run" / "python.txt"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text("".join(sorted(ran)), encoding="utf-8")
