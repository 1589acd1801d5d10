"""TLS, certificates and proxies, against servers of this machine."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from conftest import SDK_APP_ID, SECRET_KEY, Emulator

import tencent_im
from tencent_im import AsyncClient, Client, ConfigError, TransportError

ANSWER = b'{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}'


class Server:
    """A small HTTP server that remembers what it was asked, with or without TLS."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.heads: list[str] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rwb") as stream:
                while head := _read_head(stream):
                    self.heads.append(head)
                    if not self.answer(head, connection, stream):
                        return
        except OSError:
            pass

    def answer(self, head: str, connection: socket.socket, stream: Any) -> bool:
        """Answers one request; false ends the connection."""
        length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0] or 0)
        stream.read(length)
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))
        stream.flush()
        return True


def _read_head(stream: Any) -> str:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return ""
        head += line
    return head.decode()


class Hasty(Server):
    """Closes its idle connections without having said so, when the test wants it to."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        super().__init__()

    def answer(self, head: str, connection: socket.socket, stream: Any) -> bool:
        self._open.add(connection)
        return super().answer(head, connection, stream)

    def hang_up(self) -> None:
        """The end is there when this returns. The client looks at its connections unless a call follows within 1 ms."""
        while self._open:
            self._open.pop().shutdown(socket.SHUT_RDWR)
        time.sleep(0.005)


class Proxy(Server):
    """A proxy: passes CONNECT on, answers everything else itself."""

    def __init__(self, login: str | None = None, context: ssl.SSLContext | None = None) -> None:
        self.login = login
        super().__init__(context)

    def answer(self, head: str, connection: socket.socket, stream: Any) -> bool:
        if self.login and f"proxy-authorization: {self.login}".lower() not in head.lower():
            stream.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            stream.flush()
            return False
        if not head.startswith("CONNECT "):
            return super().answer(head, connection, stream)
        # Every name leads to this machine.
        port = int(head.split(" ")[1].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as onward:
            stream.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            stream.flush()
            _pass_on(connection, onward)
        return False


class Socks(Server):
    """A SOCKS proxy of version 4, 4a or 5, which leads every name to this machine."""

    def __init__(self, login: tuple[str, str] | None = None) -> None:
        self.login = login
        self.asked: list[tuple[str, int]] = []
        super().__init__()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb", buffering=0) as stream:
            place, granted = self._version_4(stream) if stream.read(1) == b"\4" else self._version_5(stream)
            if place:
                self.asked.append(place)
                with socket.create_connection(("127.0.0.1", place[1])) as onward:
                    stream.write(granted)
                    _pass_on(connection, onward)

    def _version_4(self, stream: Any) -> tuple[tuple[str, int] | None, bytes]:
        _, port, address = stream.read(1), int.from_bytes(stream.read(2), "big"), stream.read(4)
        _user = _text(stream)
        host = _text(stream) if address[:3] == b"\0\0\0" else socket.inet_ntoa(address)
        return (host, port), b"\0\x5a" + bytes(6)

    def _version_5(self, stream: Any) -> tuple[tuple[str, int] | None, bytes]:
        method = b"\2" if self.login else b"\0"
        if method not in stream.read(stream.read(1)[0]):
            stream.write(b"\5\xff")
            return None, b""
        stream.write(b"\5" + method)
        if self.login:
            stream.read(1)
            user, password = (stream.read(stream.read(1)[0]).decode() for _ in range(2))
            stream.write(b"\1" + (b"\0" if (user, password) == self.login else b"\1"))
            if (user, password) != self.login:
                return None, b""
        kind = stream.read(4)[3]
        if kind == 3:
            host = stream.read(stream.read(1)[0]).decode()
        else:
            family, length = {1: (socket.AF_INET, 4), 4: (socket.AF_INET6, 16)}[kind]
            host = socket.inet_ntop(family, stream.read(length))
        return (host, int.from_bytes(stream.read(2), "big")), b"\5\0\0\1" + bytes(6)


def _text(stream: Any) -> str:
    return b"".join(iter(lambda: stream.read(1), b"\0")).decode()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    while True:
        for source in select.select([one, other], [], [])[0]:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)


@contextmanager
def serving(server: Server) -> Iterator[Any]:
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def https(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1", "service.test").configure_cert(context)
    with serving(Server(context)) as server:
        yield server


@pytest.fixture
def tls_of_proxy(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def kick(base_url: str, **settings: Any) -> Any:
    with Client(SDK_APP_ID, SECRET_KEY, base_url=base_url, **{"max_retries": 0, "timeout": 5, **settings}) as im:
        return im.accounts.kick(user_id="a")


# --- certificates -----------------------------------------------------------------------------------------------------


def test_own_certificates_as_bytes_and_as_file(https: Server, authority: trustme.CA, tmp_path: Path) -> None:
    pem = authority.cert_pem.bytes()
    file = tmp_path / "ca.pem"
    file.write_bytes(b"# a comment\n" + pem)
    for ca_certs in [pem, file, str(file)]:
        assert kick(f"https://localhost:{https.port}", ca_certs=ca_certs) == {}
    assert kick(f"https://127.0.0.1:{https.port}", ca_certs=pem) == {}
    assert len(https.heads) == 4


def test_strangers_are_not_trusted(https: Server, authority: trustme.CA) -> None:
    url = f"https://localhost:{https.port}"
    for settings in [{}, {"ca_certs": trustme.CA().cert_pem.bytes()}]:
        with pytest.raises(TransportError, match="certificate") as raised:
            kick(url, **settings)
        assert raised.value.maybe_applied is False
    assert https.heads == []


def test_names_are_compared(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.test").configure_cert(context)
    with serving(Server(context)) as server:
        with pytest.raises(TransportError, match="certificate"):
            kick(f"https://localhost:{server.port}", ca_certs=authority.cert_pem.bytes())
        assert server.heads == []


def test_a_server_without_tls() -> None:
    with serving(Server()) as server, pytest.raises(TransportError) as raised:
        kick(f"https://localhost:{server.port}", timeout=2)
    assert raised.value.maybe_applied is False


def test_no_certificates_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without CA certificates is told so, rather than that the service cannot be trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(tencent_im.TencentImError, match="certificate") as raised:
        kick("https://localhost:1")
    assert raised.value.cure
    assert raised.value.maybe_applied is False


# --- what goes out ----------------------------------------------------------------------------------------------------


def test_headers() -> None:
    with serving(Server()) as server:
        kick(f"http://127.0.0.1:{server.port}/below")
    head = server.heads[0].lower()
    assert head.startswith(
        "post /below/v4/im_open_login_svc/kick?sdkappid=1400000001&identifier=administrator&usersig="
    )
    assert f"\r\nuser-agent: tencent-im-python/{tencent_im.__version__}\r\n" in head
    assert "\r\ncontent-type: application/json\r\n" in head
    assert "\r\naccept-encoding: identity\r\n" in head
    assert "\r\ncontent-length: 18\r\n" in head
    assert "transfer-encoding" not in head


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_a_proxy_that_is_asked_for() -> None:
    with serving(Proxy()) as proxy:
        assert kick("http://service.test", allow_http=True, proxy=f"http://127.0.0.1:{proxy.port}") == {}
        assert kick("http://service.test", allow_http=True, proxy=f"127.0.0.1:{proxy.port}") == {}
    assert proxy.heads[0].startswith("POST http://service.test/v4/im_open_login_svc/kick?")


def test_a_proxy_with_a_login() -> None:
    with serving(Proxy("Basic dXNlcjpoaWRkZW4=")) as proxy:
        settings: dict[str, Any] = {"allow_http": True, "proxy": f"http://user:hidden@127.0.0.1:{proxy.port}"}
        assert kick("http://service.test", **settings) == {}
        settings["proxy"] = f"http://user:wrong@127.0.0.1:{proxy.port}"
        with pytest.raises(TransportError, match="407") as raised:
            kick("http://service.test", **settings)
        assert "wrong" not in f"{raised.value} {raised.value.__dict__}"
        assert "wrong" not in repr(Client(1, "k", **settings))


def test_tls_through_a_proxy(https: Server, authority: trustme.CA) -> None:
    with serving(Proxy()) as proxy:
        settings = {"ca_certs": authority.cert_pem.bytes(), "proxy": f"http://127.0.0.1:{proxy.port}"}
        assert kick(f"https://service.test:{https.port}", **settings) == {}
    assert proxy.heads[0].startswith(f"CONNECT service.test:{https.port} ")
    # The proxy never sees the signature.
    assert "usersig" not in proxy.heads[0]
    assert "usersig=" in https.heads[0]


def test_a_proxy_behind_tls(https: Server, authority: trustme.CA, tls_of_proxy: ssl.SSLContext) -> None:
    with serving(Proxy("Basic dXNlcjpoaWRkZW4=", tls_of_proxy)) as proxy:
        settings: dict[str, Any] = {
            "ca_certs": authority.cert_pem.bytes(),
            "proxy": f"https://user:hidden@localhost:{proxy.port}",
        }
        assert kick(f"https://service.test:{https.port}", **settings) == {}
        assert kick("http://service.test", allow_http=True, **settings) == {}
    assert proxy.heads[0].startswith(f"CONNECT service.test:{https.port} ")
    assert proxy.heads[1].startswith("POST http://service.test/v4/im_open_login_svc/kick?")
    assert all("\r\nuser-agent: tencent-im-python/" in head.lower() for head in proxy.heads)
    # Who is on the way to an https address sees the login; the service does not.
    assert "proxy-authorization" not in https.heads[0].lower()


@pytest.mark.parametrize(
    ("scheme", "asked"),
    [
        ("socks4", {"127.0.0.1"}),
        ("socks4a", {"localhost"}),
        ("socks5", {"127.0.0.1", "::1"}),
        ("socks5h", {"localhost"}),
    ],
)
def test_socks_proxies(https: Server, authority: trustme.CA, scheme: str, asked: set[str]) -> None:
    """By these schemes, either this machine or the proxy looks names up; the certificate is for the name always."""
    with serving(Socks()) as proxy, serving(Server()) as http:
        settings = {"ca_certs": authority.cert_pem.bytes(), "proxy": f"{scheme}://127.0.0.1:{proxy.port}"}
        assert kick(f"https://localhost:{https.port}", **settings) == {}
        assert kick(f"http://localhost:{http.port}", **settings) == {}
    assert [port for _, port in proxy.asked] == [https.port, http.port]
    assert {host for host, _ in proxy.asked} <= asked
    assert https.heads[0].startswith("POST /v4/")
    assert http.heads[0].startswith("POST /v4/")


def test_a_socks_proxy_with_a_login() -> None:
    with serving(Socks(("user", "hid den"))) as proxy, serving(Server()) as server:
        settings: dict[str, Any] = {"allow_http": True, "proxy": f"socks5h://user:hid%20den@127.0.0.1:{proxy.port}"}
        assert kick(f"http://service.test:{server.port}", **settings) == {}
        assert proxy.asked == [("service.test", server.port)]
        for login in ["user:wrong@", ""]:
            settings["proxy"] = f"socks5h://{login}127.0.0.1:{proxy.port}"
            with pytest.raises(TransportError, match="no connection") as raised:
                kick(f"http://service.test:{server.port}", **settings)
            assert raised.value.maybe_applied is False
            assert "wrong" not in f"{raised.value} {raised.value.__dict__}"
        assert len(server.heads) == len(proxy.asked) == 1


def test_a_proxy_that_refuses() -> None:
    with serving(Proxy("Basic xyz")) as proxy, pytest.raises(TransportError, match="no connection") as raised:
        kick("https://service.test", proxy=f"http://127.0.0.1:{proxy.port}")
    assert raised.value.maybe_applied is False


def test_a_proxy_that_is_not_there(emulator: Emulator) -> None:
    with pytest.raises(TransportError, match="no connection"):
        kick(emulator.url, proxy="http://127.0.0.1:1")
    assert emulator.requests() == 0


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    with serving(Proxy()) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        assert kick("http://service.test", allow_http=True) == {}
        assert len(proxy.heads) == 1
        monkeypatch.setenv("NO_PROXY", "service.test")
        with pytest.raises(TransportError):
            kick("http://service.test", allow_http=True)
        assert len(proxy.heads) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    ("address", "words"),
    [("socks://hidden", "scheme"), ("foo://hidden", "scheme"), ("http://user:hidden@", "host"), ("http://:1", "host")],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, address: str, words: str) -> None:
    monkeypatch.setenv(variable, address)
    with pytest.raises(ConfigError, match=words) as raised:
        kick("http://service.test", allow_http=True)
    assert raised.value.path == variable
    assert raised.value.cure
    assert "hidden" not in str(raised.value)


def test_exceptions_to_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Proxy()) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        url = "http://service.test:8080"
        for list in ["*", ".service.test", "test", "a, service.test:8080"]:
            monkeypatch.setenv("NO_PROXY", list)
            with pytest.raises(TransportError):
                kick(url, allow_http=True)
        for list in ["", " ", "service.test:80", "other.test", "10.0.0.0/8"]:
            monkeypatch.setenv("NO_PROXY", list)
            kick(url, allow_http=True)
        assert len(proxy.heads) == 5
        # The system leads this address to itself, and nobody listens there.
        unbound = "http://0.0.0.0:1"
        kick(unbound, allow_http=True)
        assert len(proxy.heads) == 6
        monkeypatch.setenv("NO_PROXY", "0.0.0.0/8")
        with pytest.raises(TransportError):
            kick(unbound, allow_http=True)
        assert len(proxy.heads) == 6


def test_a_blank_proxy_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]:
        monkeypatch.setenv(variable, " ")
    with serving(Server()) as server:
        assert kick(f"http://0.0.0.0:{server.port}", allow_http=True) == {}
        assert kick(f"http://127.0.0.1:{server.port}", proxy=" ") == {}


def test_loopback_needs_no_proxy(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    with serving(Proxy()) as proxy:
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]:
            monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        with Client(SDK_APP_ID, SECRET_KEY, base_url=emulator.url) as im:
            im.accounts.import_account(user_id="a")
    assert proxy.heads == []
    assert emulator.requests() == 1


# --- idle connections -------------------------------------------------------------------------------------------------


def test_connections_that_the_server_closed_are_no_error() -> None:
    server = Hasty()
    with Client(7, "key", base_url=f"http://127.0.0.1:{server.port}", rate_limits=False, max_retries=0) as im:
        for _ in range(20):
            # A call that may not be repeated: an error would reach the caller.
            im.groups.update_counters(group_id="g", counters=[{"key": "k", "value": 1}])
            server.hang_up()
    server.close()
    assert len(server.heads) == 20


def test_bursts_over_connections_that_the_server_closed() -> None:
    server = Hasty()

    async def main() -> None:
        url = f"http://127.0.0.1:{server.port}"
        async with AsyncClient(7, "key", base_url=url, rate_limits=False, max_retries=0) as im:
            for _ in range(10):
                calls = (
                    im.groups.update_counters(group_id="g", counters=[{"key": "k", "value": 1}]) for _ in range(30)
                )
                await asyncio.gather(*calls)
                server.hang_up()

    asyncio.run(main())
    server.close()
    assert len(server.heads) == 300
