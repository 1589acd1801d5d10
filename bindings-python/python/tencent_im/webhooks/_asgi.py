"""The receiver as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from .._errors import TencentImError
from ._body import stated_length
from ._eager import Rest
from ._event import clock
from ._faults import logger, refused

if TYPE_CHECKING:
    from ._webhooks import Webhooks

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


_JSON = (b"content-type", b"application/json")


class _Gone(Exception):
    """The sender has closed the connection."""


class AsgiApp:
    """An ASGI application: ``uvicorn module:hooks.asgi``, or a route of another application."""

    def __init__(self, hooks: Webhooks) -> None:
        self._hooks = hooks

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        hooks = self._hooks
        deadline = clock() + hooks._budget
        status = 200
        headers = [_JSON]
        is_read = False
        try:
            method, content_type, length = _head(scope)
            first = _begin(receive)
            if isinstance(first, Rest) or first.get("more_body") or first["type"] != "http.request":
                hooks._check_request(method, content_type, length)
                content = await _body(first, receive, hooks._check_length, deadline)
            else:
                content = first.get("body", b"")
            is_read = True
            query = scope["query_string"].decode("latin-1")
            event = hooks._read(query, content, deadline, method, content_type)
        except TencentImError as error:
            status, others, body = hooks._refuse(error)
            headers = [(name.lower().encode(), value.encode()) for name, value in others.items()]
            if not is_read and scope.get("http_version", "1.1") < "2":
                # What is left of the body is not read.
                headers.append((b"connection", b"close"))
        except _Gone:
            logger.warning("the sender closed the connection before the end of the body")
            return
        else:
            body = await hooks._handle_async(event)
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _other(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
        else:
            raise ValueError(f"ASGI scope {scope['type']!r} is not supported")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._hooks._reopen()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._hooks.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _head(scope: Message) -> tuple[str, str | None, int | None]:
    """Method, content type and length of a request."""
    content_type = length = None
    for name, value in scope["headers"]:
        if name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"content-length":
            length = stated_length(value) if value.isdigit() else None
    return scope["method"], content_type, length


def _begin(receive: Receive) -> Message | Rest:
    """Receives a message if it is there already; else gives what is left to wait for.

    Most bodies are there, and a timer costs more than all the rest of this module.
    """
    steps = receive().__await__()
    try:
        return Rest(steps, next(steps))
    except StopIteration as done:
        message: Message = done.value
        return message


async def _body(first: Message | Rest, receive: Receive, check_length: Callable[[int], None], deadline: float) -> bytes:
    """Reads a body, until it is too long or takes too long."""
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await _in_time(first, deadline) if isinstance(first, Rest) else first
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        check_length(length)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
        first = _begin(receive)


async def _in_time(received: Awaitable[Message], deadline: float) -> Message:
    task = asyncio.current_task()
    assert task is not None
    is_over = False

    def stop() -> None:
        nonlocal is_over
        is_over = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(max(0.0, deadline - clock()), stop)
    try:
        return await received
    except asyncio.CancelledError:
        if not is_over:
            raise
        # From Python 3.11 a task counts how often it was cancelled.
        getattr(task, "uncancel", int)()
        raise refused(408, "the body did not come in time") from None
    finally:
        timer.cancel()
