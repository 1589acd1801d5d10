"""A server that answers events, with hooks or with a constant once it has read the body.

    python server.py asgi|starlette|wsgi|flask[-inline] hooks|constant

-inline: handlers run on the thread of the request.

Prints its port and the path to ask; when its standard input closes, the CPU time since the last line on it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from typing import Any

import uvicorn
import waitress
from event import ANSWER, APP, COMMAND, TOKEN, query
from flask import Flask, request
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tencent_im.webhooks import Webhooks, reject

FRAMEWORK, _, INLINE = sys.argv[1].partition("-")
hooks = Webhooks(APP, TOKEN, threads=0 if INLINE else 32)
#: One for each connection.
THREADS = 16
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]


def decide(event: Any) -> Any:
    return reject(120001, "no") if event.body.from_account == "jared" else None


async def decide_async(event: Any) -> Any:
    return decide(event)


async def constant(scope: Any, receive: Any, send: Any) -> None:
    """What a program does without a library: reads the whole body as JSON, and answers."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    json.loads(body)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})


async def endpoint(request: Request) -> Response:
    await request.json()
    return Response(ANSWER, media_type="application/json")


def constant_wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))])
    return [ANSWER]


def flask(view: Any) -> Flask:
    app = Flask("bench")
    app.add_url_rule("/hooks", view_func=view, methods=["POST"])
    return app


def constant_view() -> Any:
    request.get_json()
    return ANSWER, 200, {"Content-Type": "application/json"}


def hooks_view() -> Any:
    answer = hooks.receive(request.query_string, request.get_data(), method=request.method)
    return answer.body, answer.status, answer.headers


APPS: dict[str, dict[str, Any]] = {
    "asgi": {"hooks": hooks.asgi, "constant": constant},
    "starlette": {
        "hooks": Starlette(routes=[Route("/hooks", hooks.asgi)]),
        "constant": Starlette(routes=[Route("/hooks", endpoint, methods=["POST"])]),
    },
    "wsgi": {"hooks": hooks.wsgi, "constant": constant_wsgi},
    "flask": {"hooks": flask(hooks_view), "constant": flask(constant_view)},
}


def account() -> None:
    """Tells the CPU time when it is asked for, from another thread, which sleeps until then."""
    start = time.process_time()
    for _ in sys.stdin:
        start = time.process_time()
    print(json.dumps({"cpu_us": (time.process_time() - start) * 1e6}), flush=True)
    os._exit(0)


def listening(port: int) -> None:
    print(json.dumps({"port": port, "path": f"/hooks?{query()}"}), flush=True)
    threading.Thread(target=account, daemon=True).start()


class Uvicorn(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        listening(self.servers[0].sockets[0].getsockname()[1])


def main() -> None:
    app = APPS[FRAMEWORK][sys.argv[2]]
    if FRAMEWORK in {"wsgi", "flask"}:
        hooks.on(COMMAND, decide)
        # It warns whenever a request waits for a thread: here they all do.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=THREADS)
        listening(server.effective_port)
        server.run()
    else:
        hooks.on(COMMAND, decide_async)
        Uvicorn(uvicorn.Config(app, port=0, log_level="error", access_log=False, lifespan="off")).run()


main()
