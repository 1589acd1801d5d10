"""The receiver as a WSGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.client import responses
from typing import TYPE_CHECKING, Any

from .._errors import TencentImError
from ._body import stated_length
from ._event import clock
from ._faults import refused

if TYPE_CHECKING:
    from ._webhooks import Webhooks

#: Bytes read at once.
_PIECE = 65_536


class WsgiApp:
    """A WSGI application: ``application = hooks.wsgi``, or beside another application."""

    def __init__(self, hooks: Webhooks) -> None:
        self._hooks = hooks

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        hooks = self._hooks
        deadline = clock() + hooks._budget
        try:
            length = _length(environ)
            method, content_type = environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE") or None
            hooks._check_request(method, content_type, length)
            body = _body(environ, length, hooks._check_length, deadline)
            event = hooks._read(environ.get("QUERY_STRING", ""), body, deadline, method, content_type)
        except TencentImError as error:
            answer = hooks._refuse(error)
        else:
            answer = hooks._answer(hooks._handle(event))
        headers = [*answer.headers.items(), ("Content-Length", str(len(answer.body)))]
        start_response(f"{answer.status} {responses.get(answer.status, '')}", headers)
        return [answer.body]


def _length(environ: dict[str, Any]) -> int | None:
    text = environ.get("CONTENT_LENGTH") or ""
    if not text:
        # Only a server that marks the end of the body itself may be read to the end.
        return None if environ.get("wsgi.input_terminated") else 0
    if not (text.isascii() and text.isdigit()):
        raise refused(400, "the Content-Length is not a number")
    return stated_length(text)


def _body(environ: dict[str, Any], length: int | None, check_length: Callable[[int], None], deadline: float) -> bytes:
    """Reads a body, until it is too long or takes too long. A sender that falls silent is for the server to cut off."""
    stream = environ["wsgi.input"]
    # Gives what has come, so that there is a look at the clock between pieces.
    read = getattr(stream, "read1", stream.read)
    chunks: list[bytes] = []
    total = 0
    while length is None or total < length:
        try:
            chunk = read(_PIECE if length is None else min(_PIECE, length - total))
        except Exception as error:
            # Each server has errors of its own for chunks that are none, and for connections that break.
            raise refused(400, f"the body broke off: {type(error).__name__}") from error
        if not chunk:
            break
        total += len(chunk)
        check_length(total)
        chunks.append(chunk)
        if clock() > deadline:
            raise refused(408, "the body did not come in time")
    return b"".join(chunks)
