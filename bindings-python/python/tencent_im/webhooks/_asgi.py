"""The receiver as an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import TYPE_CHECKING, Any

from .._errors import TencentImError
from ._event import clock
from ._faults import logger, refused

if TYPE_CHECKING:
    from ._answer import Answer
    from ._webhooks import Webhooks

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _Gone(Exception):
    """The sender has closed the connection."""


class AsgiApp:
    """An ASGI application: ``uvicorn module:hooks.asgi``, or a route of another application."""

    def __init__(self, hooks: Webhooks) -> None:
        self._hooks = hooks

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
        else:
            raise ValueError(f"ASGI scope {scope['type']!r} is not supported")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._hooks.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        hooks = self._hooks
        deadline = clock() + hooks._budget
        content_type = length = None
        for name, value in scope["headers"]:
            if name == b"content-type":
                content_type = value.decode("latin-1")
            elif name == b"content-length":
                length = int(value) if value.isdigit() else None
        is_read = False
        try:
            hooks._check_request(scope["method"], content_type, length)
            body = await _body(receive, hooks._check_length, deadline)
            is_read = True
            event = hooks._read(scope["query_string"].decode("latin-1"), body, deadline)
        except TencentImError as error:
            await _send(send, hooks._refuse(error), closes=not is_read and scope.get("http_version", "1.1") < "2")
            return
        except _Gone:
            logger.warning("the sender closed the connection before the end of the body")
            return
        await _send(send, hooks._answer(await hooks._handle_async(event)))


async def _body(receive: Receive, check_length: Callable[[int], None], deadline: float) -> bytes:
    """Reads a body, until it is too long or takes too long."""
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await _in_time(receive, deadline)
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk = message.get("body", b"")
        length += len(chunk)
        check_length(length)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _in_time(receive: Receive, deadline: float) -> Message:
    # Most bodies are there already, and a timer costs more than all the rest of this module: the first step runs
    # without one.
    steps = receive().__await__()
    try:
        waits_for = next(steps)
    except StopIteration as done:
        message: Message = done.value
        return message
    task = asyncio.current_task()
    assert task is not None
    is_over = False

    def stop() -> None:
        nonlocal is_over
        is_over = True
        task.cancel()

    timer = asyncio.get_running_loop().call_later(max(0.0, deadline - clock()), stop)
    try:
        return await _Rest(steps, waits_for)
    except asyncio.CancelledError:
        if not is_over:
            raise
        # From Python 3.11 a task counts how often it was cancelled.
        getattr(task, "uncancel", int)()
        raise refused(408, "the body did not come in time") from None
    finally:
        timer.cancel()


class _Rest:
    """Awaits what has made its first step."""

    def __init__(self, steps: Any, waits_for: Any) -> None:
        self._steps, self._waits_for = steps, waits_for

    def __await__(self) -> Generator[Any, Any, Message]:
        # As `yield from` does, but for the first step.
        waits_for = self._waits_for
        while True:
            try:
                try:
                    sent = yield waits_for
                except BaseException as error:
                    waits_for = self._steps.throw(error)
                else:
                    waits_for = self._steps.send(sent)
            except StopIteration as done:
                message: Message = done.value
                return message


async def _send(send: Send, answer: Answer, *, closes: bool = False) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    if closes:
        # What is left of the body is not read.
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
