"""Faults on the wire: each becomes the right error, says whether the call may have taken effect, and nothing hangs."""

from __future__ import annotations

import builtins
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import SDK_APP_ID, SECRET_KEY, Call, Emulator
from support import eventually

from tencent_im import (
    AuthError,
    CallTimeoutError,
    Client,
    ProtocolError,
    RateLimitedError,
    ServerError,
    SignatureError,
    TencentImError,
    TransportError,
)

#: The fault, the error, whether the call may have taken effect, HTTP status.
FAULTS: list[tuple[dict[str, Any], type[TencentImError], bool, int | None]] = [
    ({"kind": "http_status"}, ServerError, True, 502),
    ({"kind": "http_status", "status": 503, "applied": True}, ServerError, True, 503),
    ({"kind": "http_status", "status": 404}, ProtocolError, False, 404),
    ({"kind": "http_status", "status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, ProtocolError, False, 302),
    ({"kind": "reset_before"}, TransportError, True, None),
    ({"kind": "reset_before", "fin": True}, TransportError, True, None),
    ({"kind": "reset_after"}, TransportError, True, None),
    ({"kind": "reset_after", "fin": True}, TransportError, True, None),
    ({"kind": "cut_body"}, TransportError, True, None),
    ({"kind": "empty_body"}, ProtocolError, True, 200),
    ({"kind": "not_json"}, ProtocolError, True, 200),
    ({"kind": "oversized_body", "mib": 17}, ProtocolError, True, None),
    ({"kind": "oversized_body", "mib": 17, "chunked": True}, ProtocolError, True, None),
    ({"kind": "never"}, CallTimeoutError, True, None),
    ({"kind": "delay", "delay_ms": 60_000}, CallTimeoutError, True, None),
    ({"kind": "error_code", "code": 60007}, RateLimitedError, False, 200),
    ({"kind": "error_code", "code": 70169}, ServerError, True, 200),
    ({"kind": "error_code", "code": 70020}, AuthError, False, 200),
]


@pytest.mark.parametrize(("fault", "expected", "maybe_applied", "http_status"), FAULTS)
def test_one_try(
    call: Call,
    emulator: Emulator,
    fault: dict[str, Any],
    expected: type[TencentImError],
    maybe_applied: bool,
    http_status: int | None,
) -> None:
    emulator.faults(fault)
    # Where no answer comes, the time is long enough for the request to go out on a busy machine.
    timeout = 2 if expected is CallTimeoutError else 30
    with pytest.raises(TencentImError) as raised:
        call("accounts.import_account", user_id="test", timeout=timeout, max_retries=0)
    error = raised.value
    if expected is not AuthError:
        assert type(error) is expected
    assert (error.maybe_applied, error.http_status, error.attempts) == (maybe_applied, http_status, 1)
    assert error.cure
    assert "usersig" not in f"{error}{error.__dict__}".lower()
    eventually(lambda: emulator.requests() == 1)
    # The client is as good as new.
    emulator.faults()
    assert call("accounts.import_account", user_id="test") == {}


@pytest.mark.parametrize("fault", ["http_status", "reset_before", "reset_after", "cut_body", "empty_body", "not_json"])
def test_a_harmless_call_is_repeated(call: Call, emulator: Emulator, fault: str) -> None:
    emulator.faults({"kind": fault, "next": 2})
    assert call("accounts.import_account", user_id="test", max_retries=3) == {}
    counters = emulator.counters()
    assert counters["calls"]["v4/im_open_login_svc/account_import"]["requests"] == 3
    # Each try has a random of its own, as the service asks for.
    assert counters["random"] == {"total": 3, "distinct": 3, "repeated": 0}


def test_the_deadline_spans_all_tries(call: Call, emulator: Emulator) -> None:
    emulator.faults({"kind": "never"})
    started = time.monotonic()
    with pytest.raises(CallTimeoutError) as raised:
        call("accounts.import_account", user_id="test", timeout=3, attempt_timeout=0.5, max_retries=20)
    # The tries alone would take 10.5 s.
    assert time.monotonic() - started < 9
    assert raised.value.attempts >= 2
    assert isinstance(raised.value, builtins.TimeoutError)


def test_an_expired_signature_is_renewed_by_the_services_clock(call: Call, emulator: Emulator) -> None:
    emulator.control("clock", {"offset_s": 20 * 3600})
    assert call("accounts.import_account", user_id="test") == {}
    emulator.control("clock", {"offset_s": 3 * 86400})
    with pytest.raises(SignatureError) as raised:
        call("accounts.import_account", user_id="test")
    assert raised.value.code == 70001


#: Kept to the end, so that nobody else is given their ports.
_closed: list[socket.socket] = []


def closed_port() -> int:
    """A port that nobody listens at, and nobody can."""
    for family in [socket.AF_INET6, socket.AF_INET]:
        bound = socket.socket(family)
        try:
            if family == socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            bound.bind(("::" if family == socket.AF_INET6 else "127.0.0.1", 0))
        except OSError:
            bound.close()
            continue
        _closed.append(bound)
        port: int = bound.getsockname()[1]
        return port
    raise AssertionError("no port is free")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_connection_refused(host: str) -> None:
    with Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://{host}:{closed_port()}", max_retries=0) as client:
        with pytest.raises(TransportError, match="no connection") as raised:
            client.accounts.import_account(user_id="test", timeout=5)
        assert (raised.value.maybe_applied, raised.value.http_status, raised.value.attempts) == (False, None, 1)


def test_unknown_host() -> None:
    with Client(SDK_APP_ID, SECRET_KEY, base_url="https://no-such-host.invalid", max_retries=0) as client:
        with pytest.raises(TransportError, match="no connection") as raised:
            client.accounts.import_account(user_id="test", timeout=10)
        assert raised.value.maybe_applied is False


@contextmanager
def deaf_server(backlog: int) -> Iterator[int]:
    """A server whose queue of connections is full: the next one is never taken."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        fillers = []
        for _ in range(backlog + 3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
            fillers.append(filler)
        time.sleep(0.1)
        yield listener.getsockname()[1]
        for filler in fillers:
            filler.close()


def test_a_connection_that_is_never_taken() -> None:
    with deaf_server(0) as port, Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}") as client:
        started = time.monotonic()
        with pytest.raises(TransportError, match="connecting took longer") as raised:
            client.accounts.import_account(user_id="test", timeout=0.5, max_retries=0)
        # The system itself goes on for two minutes.
        assert time.monotonic() - started < 30
        # Without a connection nothing can have taken effect.
        assert raised.value.maybe_applied is False


@contextmanager
def raw_server(answer: bytes, *, drip: bool = False) -> Iterator[int]:
    """A server that answers every connection with these bytes and closes it."""

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                try:
                    for part in [answer[i : i + 1] for i in range(len(answer))] if drip else [answer]:
                        connection.sendall(part)
                        if drip:
                            time.sleep(0.05)
                except OSError:
                    pass

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


OK = b'{"ErrorCode":0}'

ANSWERS: list[tuple[bytes, type[TencentImError]]] = [
    (b"", TransportError),
    (b"SSH-2.0-OpenSSH_9.2\r\n", TransportError),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + OK, TransportError),
    (b"HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n" + OK, TransportError),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + OK, TransportError),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + OK, TransportError),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n" + OK, ProtocolError),
    (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b"[" * 100_000, ProtocolError),
    (b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe\x00", ProtocolError),
    (b"HTTP/1.1 200 OK\r\n\r\nnull", ProtocolError),
    (b"HTTP/1.1 200 OK\r\n\r\n" + b'{"ErrorCode":0,"FailAccounts":' + b"[" * 5000 + b"]" * 5000 + b"}", ProtocolError),
    (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", ServerError),
    (b"HTTP/1.1 204 No Content\r\n\r\n", ProtocolError),
]


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
def test_answers_that_are_none(answer: bytes, expected: type[TencentImError]) -> None:
    with (
        raw_server(answer) as port,
        Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}", max_retries=0) as client,
    ):
        with pytest.raises(TencentImError) as raised:
            client.accounts.import_accounts(user_ids=["a"], timeout=5)
        assert type(raised.value) is expected
        assert raised.value.maybe_applied is True


def test_retry_after_is_waited_for(call: Call, emulator: Emulator) -> None:
    emulator.faults({"kind": "http_status", "status": 429, "headers": {"Retry-After": "1"}, "next": 1})
    started = time.monotonic()
    assert call("accounts.import_account", user_id="test", max_retries=1, backoff=0.001) == {}
    assert time.monotonic() - started >= 0.99
    emulator.faults({"kind": "http_status", "status": 503, "headers": {"Retry-After": "60"}})
    with pytest.raises(ServerError) as raised:
        call("accounts.import_account", user_id="test", max_retries=1)
    assert (raised.value.retry_after, raised.value.attempts) == (60.0, 1)


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_answer_is_told_from_a_broken_one(encoding: str, compress: Callable[[bytes], bytes]) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + encoding.encode() + b"\r\n\r\n" + compress(OK)
    with raw_server(answer) as port, Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}") as client:
        with pytest.raises(ProtocolError) as raised:
            client.accounts.kick(user_id="a")
        assert raised.value.cause == f"it came as {encoding}, although the request accepts no compression"
        assert (raised.value.attempts, raised.value.maybe_applied) == (1, True)


def test_a_byte_order_mark_is_read() -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n\xef\xbb\xbf" + OK
    with raw_server(answer) as port, Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}") as client:
        assert client.accounts.kick(user_id="a") == {}


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + OK
    with raw_server(answer) as port, Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}") as client:
        assert client.accounts.kick(user_id="a") == {}


def test_an_answer_that_drips_runs_out_of_time() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b" " * 1000
    with (
        raw_server(answer, drip=True) as port,
        Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}", max_retries=0) as client,
    ):
        with pytest.raises(CallTimeoutError) as raised:
            client.accounts.kick(user_id="a", timeout=2)
        assert raised.value.maybe_applied is True


def test_numbers_of_any_size() -> None:
    answer = (
        b'HTTP/1.1 200 OK\r\n\r\n{"ErrorCode":0,"A":18446744073709551615,"B":-9223372036854775808,"C":1.5,"D":null}'
    )
    with raw_server(answer) as port, Client(SDK_APP_ID, SECRET_KEY, base_url=f"http://127.0.0.1:{port}") as client:
        assert client.accounts.kick(user_id="a") == {"A": 2**64 - 1, "B": -(2**63), "C": 1.5, "D": None}


@pytest.mark.parametrize("head", ["101 Switching Protocols", "100 Continue", "199 Odd"])
def test_an_informational_status_leaves_it_open_what_happened(head: str) -> None:
    """Whoever switched protocols or went on may have passed the call on before."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 {head}\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n".encode())

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Client(SDK_APP_ID, SECRET_KEY, base_url=url, max_retries=0) as im, pytest.raises(TencentImError) as raised:
            im.groups.create(type="Public", name="group")
    assert raised.value.maybe_applied is True
