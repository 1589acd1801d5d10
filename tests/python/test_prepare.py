"""Requests and answers for callers with their own HTTP library."""

from __future__ import annotations

import http.client
import json
import pickle
from collections import UserDict
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

from tencent_im import AsyncClient, Client, InvalidInputError, NotFoundError, PreparedRequest, ServerError

HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_prepare_with_another_library(client: type[Client] | type[AsyncClient], emulator: Emulator) -> None:
    im = client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url, attempt_timeout=3)
    request = im.prepare("accounts.import_accounts", user_ids=["alice", "bob"])
    assert (request.method, request.headers, request.timeout) == ("POST", HEADERS, 3.0)
    url = urlsplit(request.url)
    connection = http.client.HTTPConnection(url.netloc, timeout=request.timeout)
    connection.request(request.method, f"{url.path}?{url.query}", request.body, request.headers)
    answer = connection.getresponse()
    body = answer.read()
    result = im.parse("accounts.import_accounts", status=answer.status, body=body, headers=dict(answer.headers))
    assert result == {"fail_accounts": []}
    connection.close()


def test_each_request_has_its_own_random() -> None:
    im = Client(7, "key")
    randoms = {parse_qs(urlsplit(im.prepare("accounts.kick", user_id="a").url).query)["random"][0] for _ in range(50)}
    assert len(randoms) == 50


def test_the_repr_hides_the_signature() -> None:
    request = Client(7, "key").prepare("accounts.kick", user_id="a")
    assert repr(request) == (
        "PreparedRequest(method='POST', url='https://console.tim.qq.com/v4/im_open_login_svc/kick?…', body=18 bytes)"
    )
    assert "usersig=" in request.url
    assert pickle.loads(pickle.dumps(request)) == request
    assert isinstance(request, PreparedRequest)


def test_parse_raises_like_a_call() -> None:
    im = Client(7, "key")
    answer = {"ActionStatus": "FAIL", "ErrorCode": 70107, "ErrorInfo": "no such account"}
    with pytest.raises(NotFoundError) as raised:
        im.parse("accounts.kick", status=200, body=json.dumps(answer))
    assert (raised.value.code, raised.value.error_info) == (70107, "no such account")
    with pytest.raises(ServerError) as failed:
        im.parse("accounts.kick", status=502, body=b"<html>", headers={"DATE": "Sun, 06 Nov 1994 08:49:37 GMT"})
    assert (failed.value.http_status, failed.value.body) == (502, "<html>")


def test_unknown_calls() -> None:
    im = Client(7, "key")
    with pytest.raises(InvalidInputError, match=r"did you mean accounts\.kick"):
        im.prepare("accounts.kik")
    with pytest.raises(InvalidInputError, match="unknown call"):
        im.parse("nothing", status=200, body=b"")
    for status in [-1, True, "200"]:
        with pytest.raises(InvalidInputError) as raised:
            im.parse("accounts.kick", status=status, body=b"")  # type: ignore[arg-type]
        assert raised.value.path == "status"


def test_prepare_reads_its_input_once() -> None:
    reads: list[str] = []

    class Counted(UserDict[str, Any]):
        def keys(self) -> Any:
            reads.append("read")
            return super().keys()

    account: Any = Counted(user_id="a")
    body = json.loads(Client(7, "key").prepare("accounts.import_accounts", accounts=[account]).body)
    assert [list(item.values()) for item in body["AccountList"]] == [["a"]]
    assert reads == ["read"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"body": 5}, "body"),
        ({"body": None}, "body"),
        ({"headers": 5}, "headers"),
        ({"headers": [("Date", "x")]}, "headers"),
        ({"headers": {"Date": 5}}, "headers"),
        ({"status": "200"}, "status"),
    ],
)
def test_parse_names_what_it_cannot_read(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        Client(7, "key").parse("accounts.kick", **{"status": 200, "body": b"{}", **given})
    assert raised.value.path == path
    assert raised.value.cure


@pytest.mark.parametrize("body", [bytearray(b'{"ErrorCode": 0}'), memoryview(b'{"ErrorCode": 0}'), '{"ErrorCode": 0}'])
def test_parse_takes_a_body_of_any_sort(body: Any) -> None:
    assert Client(7, "key").parse("accounts.kick", status=200, body=body) == {}
    # Half a surrogate pair is not UTF-8, but no reason to fail in another way than broken bytes do.
    reply = Client(7, "key").parse("accounts.kick", status=200, body='{"ErrorCode": 0, "Other": "\ud800"}')
    assert reply["Other"].startswith("\ufffd")
