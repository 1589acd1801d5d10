"""``webhooks``: receives the service's events, sends samples of them, and lists what there is."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import click
from click.shell_completion import CompletionItem

from . import FAILED
from .failures import Failure
from .options import app_options, as_json
from .output import note, printable, write_facts, write_json, write_table
from .settings import Settings

if TYPE_CHECKING:
    from ..webhooks import Event

_TOKEN = "TENCENT_IM_WEBHOOK_TOKEN"

#: Seconds for which the service waits.
_PATIENCE = 2.0

#: Longest answer that is read, in bytes.
_MOST_ANSWER = 1 << 20

_token_file = click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help=f"File that contains only the webhook authentication token. Defaults to {_TOKEN}. The token is never an "
    "argument, since other users can see those.",
)


@click.group()
def webhooks() -> None:
    """Receive webhook events, and send samples of them.

    The service sends events to the app's backend, for example for each message.

    \b
    Examples:
      tencent-im webhooks listen --port 8000
      tencent-im webhooks fire C2C.CallbackBeforeSendMsg --to http://127.0.0.1:8000/
      tencent-im webhooks list
    """


@webhooks.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the webhooks: when each fires, and what its answer can do."""
    from .._native import list_webhooks

    known = list_webhooks()
    if as_json:
        write_json(known)
        return
    rows = []
    for facts in known:
        codes = "{}-{}".format(*facts["codes"]) if facts["codes"] else None
        actions = None if facts["actions"] == ["allow"] else ", ".join(facts["actions"])
        rows.append([facts["command"], facts["kind"], actions, codes])
    write_table(["webhook", "fires", "answers", "own codes"], rows)


@webhooks.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, help="Port to listen on. Defaults to 8000.")
@click.option("--host", default="127.0.0.1", help="Address to listen on. Defaults to this machine only.")
@click.option("--count", type=click.IntRange(1), help="Stop after this many events.")
@click.option("--no-verify", is_flag=True, help="Accept unsigned requests.")
@_token_file
@app_options
@as_json
def listen(
    port: int,
    host: str,
    count: int | None,
    no_verify: bool,
    token_file: str | None,
    settings: Settings,
    as_json: bool,
) -> None:
    """Print verified events as they arrive, one per line. Allows everything. Stop with Ctrl-C.

    \b
    Example:
      tencent-im webhooks listen --port 8000 --json | jq .body
    """
    from ..webhooks import Webhooks

    # One at a time, so that they are printed in the order in which they came.
    hooks = Webhooks(
        settings.sdk_app_id,
        None if no_verify else _read_token(token_file),
        verify=False if no_verify else None,
        background=1,
    )
    left = count
    server: _Server

    @hooks.on_any
    def show(event: Event[Any]) -> None:
        nonlocal left
        if left is not None:
            if left == 0:
                return
            left -= 1
        _show(event, as_json)
        if left == 0:
            # From another thread: it waits for the requests under way, of which this is one.
            threading.Thread(target=server.shutdown).start()

    try:
        server = _Server((host, port), _Quiet)
    except OSError as error:
        raise Failure(
            f"cannot listen on {host}:{port}: {error.strerror}", cure="choose another --port", exit_code=FAILED
        ) from None
    with server:
        server.set_app(hooks.wsgi)
        # The log, which the command line keeps quiet otherwise: it says why a request was refused.
        log = logging.getLogger("tencent_im.webhooks")
        shown = _Shown(logging.WARNING)
        log.addHandler(shown)
        try:
            note(f"listening on http://{host}:{server.server_port}/")
            server.serve_forever(poll_interval=0.05)
        except KeyboardInterrupt:
            pass
        finally:
            hooks.close(timeout=2)
            log.removeHandler(shown)


def _show(event: Event[Any], as_json: bool) -> None:
    if as_json:
        names = ["command", "kind", "id", "platform", "client_ip", "event_time", "accounts", "body"]
        facts = {name: getattr(event, name) for name in names}
        write_json({name: value for name, value in facts.items() if value not in (None, ())})
    else:
        content = json.dumps(event.body, ensure_ascii=False, default=str)
        line = f"{time.strftime('%H:%M:%S')}  {event.kind:6} {event.command}  {content}"
        # It holds text that users wrote.
        click.echo(printable(line))
    sys.stdout.flush()


def _webhook_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from .._native import list_webhooks

    return [
        CompletionItem(facts["command"], help=facts["kind"])
        for facts in list_webhooks()
        if facts["command"].startswith(incomplete)
    ]


@webhooks.command()
@click.argument("name", shell_complete=_webhook_names)
@click.option("--to", "url", metavar="URL", required=True, help="Address of the receiver.")
@click.option(
    "--body",
    "body",
    metavar="FILE",
    type=click.File("rb"),
    help="File with a different body, or - for standard input. Defaults to the vendor's sample.",
)
@_token_file
@app_options
@as_json
def fire(name: str, url: str, body: Any, token_file: str | None, settings: Settings, as_json: bool) -> None:
    """Send a webhook as the service does, signed if there is a token, and show what the receiver answers.

    \b
    Examples:
      tencent-im webhooks fire C2C.CallbackBeforeSendMsg --to http://127.0.0.1:8000/
      tencent-im webhooks fire State.StateChange --to https://example.com/im --body event.json
    """
    from ..webhooks import sample_request

    request = sample_request(
        name,  # type: ignore[arg-type]
        sdk_app_id=settings.sdk_app_id,
        token=_read_token(token_file),
        body=None if body is None else body.read(),
    )
    begun = time.monotonic()
    status, content = _post(url, request.query, request.body)
    took = time.monotonic() - begun
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    facts = {"status": status, "ms": round(took * 1000)}
    text = content.decode(errors="replace")
    if as_json:
        write_json({**facts, "answer": answer if answer is not None else text})
    else:
        write_facts({**facts, "answer": printable(text)})
    if status != 200 or not isinstance(answer, dict):
        what = f"with HTTP status {status}" if status != 200 else "with something that is not a JSON object"
        raise Failure(
            f"the receiver answered {what}: the service takes that for a failure",
            cure="see the log of the receiver",
            exit_code=FAILED,
        )


def _address(url: str) -> tuple[SplitResult, int | None]:
    """The parts of an address, and its port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        # Not shown: it may hold a password.
        raise Failure("--to is not an address", cure="write --to http://127.0.0.1:8000/path")
    return parts, port


def _post(url: str, query: str, body: bytes) -> tuple[int, bytes]:
    """Posts as the service does: it waits for 2 seconds in all and follows no redirect."""
    parts, port = _address(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    end = time.monotonic() + _PATIENCE
    try:
        connection = connect(parts.hostname or "", port, timeout=_PATIENCE)
        target = f"{parts.path or '/'}?{parts.query + '&' if parts.query else ''}{query}"
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = b""
        # In pieces: each of an answer that dribbles comes in time.
        while len(content) < _MOST_ANSWER and (piece := answer.read1(_MOST_ANSWER - len(content))):
            content += piece
            if time.monotonic() > end:
                raise TimeoutError
        return answer.status, content
    except TimeoutError:
        raise Failure(
            f"no answer within {_PATIENCE:g} s, which is as long as the service waits",
            cure="answer first and do the work then",
            exit_code=FAILED,
        ) from None
    except (OSError, HTTPException, ValueError) as error:
        # The words of the error, without the URL, whose query is signed.
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise Failure(f"{parts.hostname} cannot be reached: {reason}", exit_code=FAILED) from None


def _read_token(file: str | None) -> str | None:
    """The token: of a file, or of the environment."""
    if file is None:
        return os.environ.get(_TOKEN, "").strip() or None
    try:
        token = Path(file).read_text(encoding="utf-8-sig").strip()
    except (UnicodeDecodeError, OSError):
        raise Failure(f"--token-file: {file} cannot be read") from None
    if not token or len(token.splitlines()) > 1:
        raise Failure(f"--token-file: {file} holds {'nothing' if not token else 'more than one line'}")
    return token


class _Shown(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        note(self.format(record))


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        # It would write the query, which is signed.
        pass
