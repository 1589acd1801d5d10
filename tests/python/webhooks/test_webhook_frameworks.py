"""The receiver in each framework, over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import sys
import time
import types
from typing import Any

import pytest
from support import PATIENCE, eventually
from webhook_support import (
    AFTER,
    ALLOWED,
    REFUSED,
    TOKEN,
    Server,
    body,
    hooks,
    query,
    uvicorn_server,
    werkzeug_server,
    wsgiref_server,
)

from tencent_im.types import C2cAfterSendMsg, C2cBeforeSendMsg
from tencent_im.webhooks import Event, Reject, Webhooks, allow, reject


def receiver(*, is_async: bool, **settings: Any) -> tuple[Webhooks, list[str]]:
    """Refuses the messages of mallory, and notes the messages that were sent."""
    found = hooks(**settings)
    sent: list[str] = []

    def decide(event: Event[C2cBeforeSendMsg]) -> Reject | None:
        return reject(120001, "not you") if event.body.from_account == "mallory" else None

    def note(event: Event[C2cAfterSendMsg]) -> None:
        sent.append(event.body.msg_key)

    async def decide_async(event: Event[C2cBeforeSendMsg]) -> Reject | None:
        return decide(event)

    async def note_async(event: Event[C2cAfterSendMsg]) -> None:
        note(event)

    found.on("C2C.CallbackBeforeSendMsg", decide_async if is_async else decide)
    found.on("C2C.CallbackAfterSendMsg", note_async if is_async else note)
    return found, sent


# --- the frameworks --------------------------------------------------------------------------------------------------


def plain_asgi(found: Webhooks) -> Any:
    return uvicorn_server(found.asgi, "/")


def starlette_route(found: Webhooks) -> Any:
    from starlette.applications import Starlette
    from starlette.routing import Route

    return uvicorn_server(Starlette(routes=[Route("/im", found.asgi)]), "/im")


def starlette_mount(found: Webhooks) -> Any:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return uvicorn_server(Starlette(routes=[Mount("/im", app=found.asgi)]), "/im/")


def fastapi_route(found: Webhooks) -> Any:
    from fastapi import FastAPI
    from starlette.routing import Route

    app = FastAPI()
    app.router.routes.append(Route("/im", found.asgi))
    return uvicorn_server(app, "/im")


def fastapi_mount(found: Webhooks) -> Any:
    from fastapi import FastAPI

    app = FastAPI()
    app.mount("/hooks", found.asgi)
    return uvicorn_server(app, "/hooks/im")


def fastapi_endpoint(found: Webhooks) -> Any:
    from fastapi import FastAPI, Request, Response

    app = FastAPI()

    async def im(request: Request) -> Response:
        answer = await found.areceive(request.url.query, await request.body(), method=request.method)
        return Response(answer.body, answer.status, answer.headers)

    im.__annotations__.update(request=Request, **{"return": Response})
    app.add_api_route("/im", im, methods=["POST", "GET"])
    return uvicorn_server(app, "/im")


def django_settings(views: dict[str, Any]) -> None:
    """Makes a Django project with these views."""
    import django
    from django.conf import settings
    from django.urls import clear_url_caches, path, set_urlconf

    if not settings.configured:
        settings.configure(ROOT_URLCONF="webhook_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="x", LOGGING_CONFIG=None)
        django.setup()
    urls: Any = types.ModuleType("webhook_urls")
    urls.urlpatterns = [path(name, view) for name, view in views.items()]
    sys.modules["webhook_urls"] = urls
    clear_url_caches()
    set_urlconf(None)


def django_asgi(found: Webhooks) -> Any:
    django_settings({})
    from django.core.asgi import get_asgi_application

    django_app = get_asgi_application()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        app: Any = found.asgi if scope["type"] == "lifespan" or scope["path"] == "/im" else django_app
        await app(scope, receive, send)

    return uvicorn_server(application, "/im")


def django_async_view(found: Webhooks) -> Any:
    from django.core.asgi import get_asgi_application
    from django.http import HttpRequest, HttpResponse
    from django.views.decorators.csrf import csrf_exempt

    async def im(request: HttpRequest) -> HttpResponse:
        answer = await found.areceive(request.META["QUERY_STRING"], request.body, method=request.method)
        return HttpResponse(answer.body, status=answer.status, headers=answer.headers)

    django_settings({"im": csrf_exempt(im)})
    app = get_asgi_application()

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    return uvicorn_server(without_lifespan, "/im")


def django_view(found: Webhooks) -> Any:
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.views.decorators.csrf import csrf_exempt

    def im(request: HttpRequest) -> HttpResponse:
        answer = found.receive(request.META["QUERY_STRING"], request.body, method=request.method)
        return HttpResponse(answer.body, status=answer.status, headers=answer.headers)

    django_settings({"im": csrf_exempt(im)})
    return werkzeug_server(get_wsgi_application(), "/im")


def django_wsgi(found: Webhooks) -> Any:
    from django.core.wsgi import get_wsgi_application
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    django_settings({})
    return werkzeug_server(DispatcherMiddleware(get_wsgi_application(), {"/im": found.wsgi}), "/im")


def flask_beside(found: Webhooks) -> Any:
    from flask import Flask
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    app: Any = Flask("app")
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/im": found.wsgi})
    return werkzeug_server(app, "/im")


def flask_view(found: Webhooks) -> Any:
    from flask import Flask, request

    app = Flask("app")

    @app.route("/im", methods=["POST", "GET"])
    def im() -> Any:
        answer = found.receive(request.query_string, request.get_data(), method=request.method)
        return answer.body, answer.status, answer.headers

    return werkzeug_server(app, "/im")


def plain_wsgi(found: Webhooks) -> Any:
    return wsgiref_server(found.wsgi, "/")


def unchecked_wsgi(found: Webhooks) -> Any:
    return wsgiref_server(found.wsgi, "/", checks=False)


#: The applications of this package itself, which see the whole request.
APPLICATIONS = [
    plain_asgi,
    starlette_route,
    starlette_mount,
    fastapi_route,
    fastapi_mount,
    django_asgi,
    django_wsgi,
    flask_beside,
    plain_wsgi,
]
VIEWS = [fastapi_endpoint, django_async_view, django_view, flask_view]


@pytest.mark.parametrize("framework", [*APPLICATIONS, *VIEWS])
def test_events_are_answered(framework: Any, is_async: bool) -> None:
    found, sent = receiver(is_async=is_async)
    with framework(found) as server:
        assert server.post(From_Account="mallory") == {**ALLOWED, "ErrorCode": 120001, "ErrorInfo": "not you"}
        assert server.post(From_Account="alice") == ALLOWED
        assert server.post(AFTER, MsgKey="1") == ALLOWED
        eventually(lambda: sent == ["1"])
        forged = query(token="another one")
        assert server.request(query=forged) == (401, REFUSED)
        assert server.request(b'{"CallbackComm', query=query()) == (400, REFUSED)
    found.close()


@pytest.mark.parametrize("framework", APPLICATIONS)
def test_requests_that_are_no_webhooks_are_refused(framework: Any) -> None:
    found, _ = receiver(is_async=True, max_body_bytes=5_000)
    with framework(found) as server:
        assert server.request(b"", method="GET") == (405, REFUSED)
        assert server.request(method="PUT") == (405, REFUSED)
        assert server.request(headers={"Content-Type": "multipart/form-data; boundary=x"}) == (415, REFUSED)
        assert server.request(headers={"Content-Type": "text/html"}) == (415, REFUSED)
        assert server.request(b"x" * 5_001) == (413, REFUSED)
        assert server.request(b"x" * 5_000) == (400, REFUSED)
        assert server.request(b"") == (400, REFUSED)
        assert server.request(query=query(app=1400000002)) == (403, REFUSED)
        assert server.post() == ALLOWED
    found.close()


@pytest.mark.parametrize("framework", [plain_asgi, fastapi_route, django_asgi, django_view, flask_beside])
def test_a_thousand_events_at_once(framework: Any, is_async: bool) -> None:
    found, _ = receiver(is_async=is_async)
    seen: list[str] = []
    found.on_any(lambda event: seen.append(event.body.msg_key))
    with framework(found) as server:
        answers = server.post_all(1_000)
        assert all(answer == ALLOWED for answer in answers)
        eventually(lambda: len(seen) == 1_000)
    assert sorted(map(int, seen)) == list(range(1_000))
    found.close()


# --- bodies that come in pieces --------------------------------------------------------------------------------------


def send_raw(server: Server, head: str, pieces: list[bytes], pause: float = 0) -> tuple[bytes, float]:
    """Sends a request piece by piece; gives the answer's first line, and when it came."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(f"POST {server.path}?{query()} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        connection.setblocking(False)
        answer = b""
        for piece in pieces:
            with contextlib.suppress(BlockingIOError):
                answer = connection.recv(65_536)
                break
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(piece)
            time.sleep(pause)
        connection.setblocking(True)
        connection.settimeout(PATIENCE)
        while not answer:
            answer = connection.recv(65_536)
        return answer.split(b"\r\n")[0], time.monotonic() - begun


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


def test_a_chunked_body_is_read_and_cut_at_the_limit() -> None:
    found, _ = receiver(is_async=True, max_body_bytes=10_000)
    content = json.dumps(body()).encode()
    with plain_asgi(found) as server:
        line, _ = send_raw(
            server, "Transfer-Encoding: chunked\r\n", [chunk(content[:100]), chunk(content[100:]), chunk(b"")]
        )
        assert b" 200" in line
        # It would be 100 MB; the answer comes when the limit is passed.
        line, _ = send_raw(server, "Transfer-Encoding: chunked\r\n", [chunk(b"x" * 1_000)] * 100_000, 0.001)
        assert b" 413" in line
        line, _ = send_raw(server, "Content-Length: 100000000\r\n", [])
        assert b" 413" in line
    found.close()


@pytest.mark.parametrize("framework", [plain_asgi, flask_beside, unchecked_wsgi])
def test_a_length_beyond_all_bounds_is_too_long(framework: Any) -> None:
    """Of more than 64 bits, and of more digits than Python reads."""
    found, _ = receiver(is_async=True)
    with framework(found) as server:
        for length in ["9" * 20, "9" * 5_000]:
            line, _ = send_raw(server, f"Content-Length: {length}\r\n", [])
            # Some servers know that they cannot take it.
            assert b" 413" in line or b" 400" in line, length
        assert server.post() == ALLOWED
    found.close()


@pytest.mark.parametrize("framework", [plain_asgi, flask_beside])
def test_chunks_that_are_none_are_a_bad_request(framework: Any) -> None:
    found, _ = receiver(is_async=True)
    with framework(found) as server:
        line, _ = send_raw(server, "Transfer-Encoding: chunked\r\n", [b"no length\r\n"])
        assert b" 400" in line
        assert server.post() == ALLOWED
    found.close()


@pytest.mark.parametrize("framework", [plain_asgi, flask_beside, unchecked_wsgi])
def test_another_method_is_told_which_one_is_right(framework: Any) -> None:
    found, _ = receiver(is_async=True)
    with framework(found) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("GET", server.path)
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Allow")) == (405, "POST")
        connection.close()
    found.close()


@pytest.mark.parametrize("framework", [plain_asgi, flask_beside, unchecked_wsgi])
def test_a_body_that_dribbles_has_a_time_limit(framework: Any) -> None:
    found, _ = receiver(is_async=True, budget=0.3)
    with framework(found) as server:
        line, took = send_raw(server, "Content-Length: 1000\r\n", [b"{"] * 1_000, 0.02)
        assert b" 408" in line
        assert took < 15
        assert server.post() == ALLOWED
    found.close()


def test_a_sender_that_falls_silent_is_cut_off_by_asgi() -> None:
    found, _ = receiver(is_async=True, budget=0.3)
    with plain_asgi(found) as server:
        line, took = send_raw(server, "Content-Length: 1000\r\n", [b"{"])
        assert b" 408" in line
        assert took < 15
    found.close()


def test_a_sender_that_leaves_harms_nothing(caplog: pytest.LogCaptureFixture) -> None:
    found, _ = receiver(is_async=True)
    with plain_asgi(found) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"POST /?{query()} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode())
        eventually(lambda: "closed the connection" in caplog.text)
        assert server.post() == ALLOWED
    assert TOKEN not in caplog.text
    found.close()


def test_the_lifespan_of_the_application_closes_the_receiver() -> None:
    found, _ = receiver(is_async=False)
    seen = []

    @found.on("C2C.CallbackAfterSendMsg")
    def slowly(event: Event[C2cAfterSendMsg]) -> None:
        time.sleep(0.3)
        seen.append(event.body.msg_key)

    with plain_asgi(found) as server:
        server.post(AFTER, MsgKey="1")
    # The server has ended, and the event was handled before.
    assert seen == ["1"]
    assert found.receive(query(), body()).status == 503
    # A suite starts the application of its program for each test.
    with plain_asgi(found) as server:
        server.post(AFTER, MsgKey="2")
    assert seen == ["1", "2"]


def test_websockets_are_closed() -> None:
    found, _ = receiver(is_async=True)
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    with (
        plain_asgi(found) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection,
    ):
        connection.sendall(
            f"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        # Without a library for websockets uvicorn hands the request on as a plain one.
        assert connection.recv(1_000).split(b" ")[1] in {b"403", b"405"}
    found.close()


def test_allow_and_none_are_the_same() -> None:
    found = hooks()
    found.on("C2C.CallbackBeforeSendMsg", lambda event: allow())
    with plain_wsgi(found) as server:
        assert server.post() == ALLOWED
    found.close()
