"""Requests as the service sends them, and the servers that they go to."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from support import PATIENCE, eventually

from tencent_im.webhooks import Answer, Webhooks, sign_webhook

APP = 1400000001
TOKEN = "a made-up token of the console"
BEFORE: Final = "C2C.CallbackBeforeSendMsg"
AFTER: Final = "C2C.CallbackAfterSendMsg"
FRIENDS, INVITE = "Sns.CallbackPrevFriendAdd", "Group.CallbackBeforeInviteJoinGroup"

ALLOWED = {"ActionStatus": "OK", "ErrorCode": 0, "ErrorInfo": ""}
REFUSED = {"ActionStatus": "FAIL", "ErrorCode": 1, "ErrorInfo": "refused"}


def query(command: str = BEFORE, *, token: str = TOKEN, at: int | None = None, app: int = APP) -> str:
    at = int(time.time()) if at is None else at
    return (
        f"SdkAppid={app}&CallbackCommand={command}&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI"
        f"&Sign={sign_webhook(token, at)}&RequestTime={at}"
    )


def body(command: str = BEFORE, **fields: Any) -> dict[str, Any]:
    return {"CallbackCommand": command, "EventTime": 1670574414123, **(SAMPLES[command] | fields)}


MESSAGE = {
    "From_Account": "alice",
    "To_Account": "bob",
    "MsgSeq": 48374,
    "MsgRandom": 2837546,
    "MsgTime": 1670574414,
    "MsgKey": "48374_2837546_1670574414",
    "OnlineOnlyFlag": 0,
    "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "hello"}}],
    "CloudCustomData": "",
}
SAMPLES: dict[str, dict[str, Any]] = {
    BEFORE: MESSAGE,
    AFTER: {**MESSAGE, "SendMsgResult": 0, "ErrorInfo": "send msg succeed", "UnreadMsgNum": 1},
    FRIENDS: {
        "Requester_Account": "alice",
        "From_Account": "alice",
        "FriendItem": [{"To_Account": "bob"}, {"To_Account": "carol"}],
        "AddType": "Add_Type_Both",
        "ForceAddFlags": 0,
    },
    INVITE: {
        "GroupId": "@TGS#2",
        "Type": "Public",
        "Operator_Account": "alice",
        "DestinationMembers": [{"Member_Account": "bob"}, {"Member_Account": "carol"}],
    },
}


def hooks(**settings: Any) -> Webhooks:
    return Webhooks(**{"sdk_app_id": APP, "token": TOKEN, **settings})


#: Hands one request over and returns the answer.
Door = Callable[..., Answer]


def receive(receiver: Webhooks, command: str = BEFORE, content: Any = None, /, **fields: Any) -> Answer:
    return receiver.receive(query(command), body(command, **fields) if content is None else content)


class LoopDoor:
    """Hands requests to ``areceive`` on an event loop that goes on in between, as a server's does."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def __call__(self, receiver: Webhooks, command: str = BEFORE, content: Any = None, /, **fields: Any) -> Answer:
        content = body(command, **fields) if content is None else content
        return asyncio.run_coroutine_threadsafe(receiver.areceive(query(command), content), self.loop).result(PATIENCE)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


def answered(answer: Answer) -> dict[str, Any]:
    """What a request was answered that went well."""
    assert answer.status == 200
    assert answer.headers == {"Content-Type": "application/json"}
    decoded: dict[str, Any] = json.loads(answer.body)
    return decoded


def slowly(until: float | threading.Event, then: Callable[[Any], Any], *, is_async: bool) -> Callable[[Any], Any]:
    """Makes a handler that waits for so many seconds, or until the gate is open, before it does something."""

    def slow(event: Any) -> Any:
        if isinstance(until, threading.Event):
            until.wait(PATIENCE)
        else:
            time.sleep(until)
        return then(event)

    async def slow_async(event: Any) -> Any:
        if not isinstance(until, threading.Event):
            await asyncio.sleep(until)
        # The test opens the gate from another thread.
        while isinstance(until, threading.Event) and not until.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return then(event)

    return slow_async if is_async else slow


# --- servers ---------------------------------------------------------------------------------------------------------


class Server:
    """A web server on loopback."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path

    def request(
        self,
        content: bytes | None = None,
        *,
        query: str | None = None,
        method: str = "POST",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            content = json.dumps(body()).encode() if content is None else content
            line = f"{self.path}?{globals()['query']() if query is None else query}"
            connection.request(method, line, content, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def post(self, command: str = BEFORE, **fields: Any) -> dict[str, Any]:
        status, answer = self.request(json.dumps(body(command, **fields)).encode(), query=query(command))
        assert status == 200
        return answer

    def post_all(self, count: int) -> list[dict[str, Any]]:
        """Sends so many events at the same time."""
        with ThreadPoolExecutor(50) as pool:
            return list(pool.map(lambda n: self.post(BEFORE, MsgKey=str(n), From_Account=str(n)), range(count)))


@contextlib.contextmanager
def uvicorn_server(app: Any, path: str) -> Iterator[Server]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started or not thread.is_alive())
    assert server.started
    yield Server(server.servers[0].sockets[0].getsockname()[1], path)
    server.should_exit = True
    thread.join(PATIENCE)
    assert not thread.is_alive()


def _served(server: Any, path: str) -> Iterator[Server]:
    """Serves on a thread until the generator goes on."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Server(server.server_port, path)
    server.shutdown()
    thread.join(PATIENCE)
    server.server_close()


@contextlib.contextmanager
def werkzeug_server(app: Any, path: str) -> Iterator[Server]:
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    yield from _served(server, path)


@contextlib.contextmanager
def wsgiref_server(app: Any, path: str, *, checks: bool = True) -> Iterator[Server]:
    """The server of the standard library, with its checks of the protocol, which hide the socket's `read1`."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
    from wsgiref.validate import validator

    class Threading(ThreadingMixIn, WSGIServer):
        daemon_threads = True
        request_queue_size = 128

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = Threading(("127.0.0.1", 0), Quiet)
    server.set_app(validator(app) if checks else app)
    yield from _served(server, path)
