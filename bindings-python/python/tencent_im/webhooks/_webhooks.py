"""The receiver of webhooks."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from .._errors import TencentImError
from .._faults import fault
from .._native import NativeReceiver, answer_webhook, check_webhook, hide, package, webhook_refusal
from ._answer import Answer
from ._body import Query, as_bytes, as_query, as_text
from ._commands import Registry
from ._decisions import Allow, BaseDecision, allow
from ._eager import Ended
from ._event import AnyHandler, ErrorHook, Event, clock
from ._faults import as_exception, cancelled, config, logger, refused
from ._runner import Registered, Runner, Running, Work, settle, settle_async
from ._settings import FACTS, LateAnswer, check_handler, late_answers, seconds, whole, written
from ._store import Store

if TYPE_CHECKING:
    from ._asgi import AsgiApp
    from ._wsgi import WsgiApp

_F = TypeVar("_F", bound=AnyHandler)

_OK = answer_webhook("", [], {"action": "allow"})
_HEADERS = {"Content-Type": "application/json"}
#: Seconds by which a busy machine may be late without a word.
_HELD_UP = 0.2
#: Seconds for which the end of a program waits for what was acknowledged, over all receivers.
_EXIT = 5.0
#: What a handler gave that has failed, or was late.
_NOTHING = object()

_receivers: weakref.WeakSet[Webhooks] = weakref.WeakSet()


class Webhooks(Registry):
    """Receives the service's webhooks: verifies each request, calls its handler, and answers in time.

    >>> hooks = Webhooks(1400000000, "the token of webhook authentication")
    >>>
    >>> @hooks.on("C2C.CallbackBeforeSendMsg")
    ... def check(event):
    ...     return reject(120001, "no links, please") if "http" in str(event.body.msg_body) else allow()

    Serve it as ``hooks.asgi`` (FastAPI, Starlette, Django) or ``hooks.wsgi`` (Flask, Django), or call ``receive`` or
    ``areceive`` yourself. Safe to share between threads and event loops.

    A handler that decides has ``budget`` seconds. If it is late, fails or returns something invalid, the answer is that
    of ``on_late``, never an HTTP error. Events that have already happened are acknowledged at once and handled in the
    background. Sync handlers run on threads. Async handlers run on the running event loop, where they start at once, or
    under WSGI on a separate event loop.
    """

    def __init__(
        self,
        sdk_app_id: int | str | None = None,
        token: str | Sequence[str] | None = None,
        *,
        verify: bool | None = None,
        tolerance: int | None = None,
        max_body_bytes: int | None = None,
        budget: float = 1.5,
        on_late: LateAnswer | Mapping[str, LateAnswer] = "allow",
        on_error: ErrorHook | None = None,
        threads: int = 32,
        background: int = 32,
        max_queue: int = 1_000,
        store: Store | None = None,
    ) -> None:
        """Checks the settings. Starts no thread before the first event.

        Args:
            sdk_app_id: SDKAppID of the app. Defaults to ``TENCENT_IM_SDK_APP_ID``.
            token: Webhook authentication token from the console. During a rotation, a list of tokens, any of which is
                accepted. Defaults to ``TENCENT_IM_WEBHOOK_TOKEN``.
            verify: False accepts unsigned requests: anyone can then send events, unless a proxy checks the service's
                certificate. Defaults to True.
            tolerance: Maximum difference between a request's time and this machine's clock, in seconds. Defaults to 60.
            max_body_bytes: Maximum size of a request's body. Defaults to 1 MB.
            budget: Time to answer a request, in seconds. Below 2, since the service waits no longer than that. Defaults
                to 1.5.
            on_late: The answer when a handler is late, fails or returns something invalid: ``"allow"``, ``"reject"``,
                ``reject(code, info)`` or ``drop()``, for all webhooks or by name. Webhooks not named are allowed.
                Defaults to ``"allow"``.
            on_error: Called with an exception and the event when a handler or the store fails, is late, or returns
                something invalid. Defaults to logging. Refused requests are logged under ``tencent_im.webhooks``.
            threads: Maximum number of threads for sync handlers that decide. 0 runs them on the request's own thread or
                loop, which is faster for handlers that never block, but a late handler then delays its answer.
                Defaults to 32.
            background: Maximum number of events handled in the background at the same time. 0 handles them before the
                answer, for platforms that suspend a program once it has answered, such as AWS Lambda. Defaults to 32.
            max_queue: Maximum number of events in the background; beyond it, events are handled before their answer.
                Also the maximum number of late handlers that keep running. Defaults to 1,000.
            store: Remembers events, so that one that is sent again is not handled again: ``MemoryStore()``, or your own
                to share between processes. Does not apply to decisions, which the service asks for only once.
                Defaults to none.

        Raises:
            ConfigError: A setting is wrong, or there is neither a token nor ``verify=False``.
        """
        # Error trackers record local variables: from here on, these no longer show their values.
        kind = type(token).__name__
        is_wrong = token is not None and (isinstance(token, (bytes, bytearray)) or not isinstance(token, Sequence))
        tokens = None
        if token is not None and not is_wrong:
            tokens = [hide(one) for one in ([token] if isinstance(token, str) else token)]
        token = None
        if is_wrong:
            raise config("token", f"expected text or a list of texts, got {kind}", "pass the token from the console")
        self._native = NativeReceiver(
            package,
            {
                "sdk_app_id": sdk_app_id,
                "token": tokens,
                "verify": verify,
                "tolerance": tolerance,
                "max_body_bytes": max_body_bytes,
            },
        )
        self._budget = seconds("budget", budget, below=2)
        self._late_answers = late_answers(on_late)
        if on_error is not None and (not callable(on_error) or Registered.of(on_error).is_async):
            raise config("on_error", "it is not a plain function", "pass a function that is not async")
        self._on_error = on_error
        self._make_runner = partial(
            Runner,
            threads=whole("threads", threads, 0, 10_000),
            background=whole("background", background, 0, 10_000),
            max_queue=whole("max_queue", max_queue, 1, 1_000_000),
            tolerance=tolerance or 60,
            store=store,
            prefix=f"tencent-im:{self._native.sdk_app_id()}:",
        )
        if store is not None and not callable(getattr(store, "add", None)):
            raise config("store", "it has no method add", "pass MemoryStore(), or an object with add(key, ttl)")
        self._handlers: dict[str, tuple[Registered, ...]] = {}
        self._any: tuple[Registered, ...] = ()
        self._open()
        _receivers.add(self)

    def _open(self) -> None:
        self._runner = self._make_runner(report=self._report, check=self._check)

    def _reopen(self) -> None:
        """For an application that starts again, as in each test of a suite."""
        if self._runner.is_closed:
            self._open()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(sdk_app_id={self._native.sdk_app_id()}, verify={self._native.verifies()})"

    # --- handlers ----------------------------------------------------------------------------------------------------

    def _register(self, command: str, handler: Any) -> Any:
        check_webhook(command)
        if handler is None:
            return partial(self._register, command)
        check_handler(handler)
        known = self._handlers.get(command, ())
        if known and FACTS[command]["kind"] == "before":
            raise config(
                command, "it has a handler already, and only one can decide", "decide in one function, or use on_any"
            )
        self._handlers[command] = (*known, Registered.of(handler))
        return handler

    def on_any(self, handler: _F, /) -> _F:
        """Registers a handler for every event, including webhooks that this version does not know.

        It cannot decide anything: it runs in the background, in addition to the webhook's own handlers. Works as a
        decorator.
        """
        check_handler(handler)
        self._any = (*self._any, Registered.of(handler))
        return handler

    # --- doors -------------------------------------------------------------------------------------------------------

    @cached_property
    def asgi(self) -> AsgiApp:
        """An ASGI application, for uvicorn or as a route of FastAPI, Starlette and others.

        The end of its lifespan closes this receiver; another lifespan reopens it.
        """
        from ._asgi import AsgiApp

        return AsgiApp(self)

    @cached_property
    def wsgi(self) -> WsgiApp:
        """A WSGI application, standalone or mounted next to Flask or Django."""
        from ._wsgi import WsgiApp

        return WsgiApp(self)

    def receive(
        self,
        query: Query,
        body: object,
        *,
        is_base64: bool = False,
        method: str = "POST",
        content_type: str | None = None,
    ) -> Answer:
        """Handles a request and returns the answer, within the budget. For threads: an event loop awaits ``areceive``.

        Args:
            query: The query line or the whole URL, as text or bytes; or the parameters by name. None stands for none.
            body: The body: bytes, text, or parsed already.
            is_base64: Whether the body is base64, as AWS Lambda says by ``isBase64Encoded``.
            method: The method.
            content_type: The header ``Content-Type``, if it is known.

        Returns:
            Answer: Status, headers, and body. A request that is not genuine gets a status other than 200; the log says
            why.
        """
        deadline = clock() + self._budget
        try:
            event = self._event(query, body, is_base64, method, content_type, deadline)
        except TencentImError as error:
            return self._refuse(error)
        return self._answer(self._handle(event))

    async def areceive(
        self,
        query: Query,
        body: object,
        *,
        is_base64: bool = False,
        method: str = "POST",
        content_type: str | None = None,
    ) -> Answer:
        """Handles a request on the running event loop and returns the answer, within the budget. See ``receive``."""
        deadline = clock() + self._budget
        try:
            event = self._event(query, body, is_base64, method, content_type, deadline)
        except TencentImError as error:
            return self._refuse(error)
        return self._answer(await self._handle_async(event))

    def close(self, timeout: float | None = 10.0) -> None:
        """Refuses further requests with status 503, and waits for handlers in the background.

        Args:
            timeout: Maximum time to wait, in seconds; None waits indefinitely. Handlers still running after that are
                abandoned and logged.
        """
        self._runner.wait(timeout)

    async def aclose(self, timeout: float | None = 10.0) -> None:
        """Closes as ``close`` does, without blocking the event loop."""
        loop = asyncio.get_running_loop()
        closed: asyncio.Future[None] = loop.create_future()

        def release() -> None:
            if not closed.done():
                closed.set_result(None)

        def close() -> None:
            self._runner.wait(timeout)
            loop.call_soon_threadsafe(release)

        threading.Thread(target=close, name="tencent-im-webhook-close", daemon=True).start()
        await closed

    # --- from a request to an event ----------------------------------------------------------------------------------

    def _event(
        self, query: Query, body: object, is_base64: bool, method: str, content_type: str | None, deadline: float
    ) -> Event[Any]:
        method = as_text("method", method)
        content_type = None if content_type is None else as_text("content_type", content_type)
        content = as_bytes(body, is_base64, self._check_length)
        return self._read(as_query(query), content, deadline, method, content_type)

    def _check_request(self, method: str, content_type: str | None, length: int | None) -> None:
        if self._runner.is_closed:
            raise refused(503, "the receiver is closed")
        self._native.check_request(method, content_type, length)

    def _check_length(self, length: int) -> None:
        self._native.check_request("POST", None, length)

    def _read(self, query: str, body: bytes, deadline: float, method: str, content_type: str | None) -> Event[Any]:
        if self._runner.is_closed:
            raise refused(503, "the receiver is closed")
        return Event(self._native.read(method, content_type, query, body, int(time.time())), deadline)

    def _refuse(self, error: TencentImError) -> Answer:
        status = error.http_status or 400
        logger.warning("refused a request with HTTP status %s: %s", status, error)
        headers = {**_HEADERS, "Allow": "POST"} if status == 405 else dict(_HEADERS)
        return Answer(status, headers, webhook_refusal())

    @staticmethod
    def _answer(body: bytes) -> Answer:
        return Answer(200, dict(_HEADERS), body)

    # --- from an event to an answer ----------------------------------------------------------------------------------

    def _works(self, event: Event[Any]) -> tuple[Work | None, Work | None]:
        """What decides, and what observes."""
        own = self._handlers.get(event.command, ())
        work = self._runner.work
        if own and event.kind == "before":
            observer = work(event, self._any, decides=False) if self._any else None
            return work(event, own, decides=True), observer
        observers = (*own, *self._any)
        return None, work(event, observers, decides=False) if observers else None

    def _handle(self, event: Event[Any]) -> bytes:
        decider, observer = self._works(event)
        body = self._body(event, None) if decider is None else self._outcome(decider, self._finish(decider))
        if observer is not None:
            event.answered = True
            if not self._runner.queue(observer, None):
                event.answered = decider is not None
                self._finish(observer)
        event.answered = True
        return body

    async def _handle_async(self, event: Event[Any]) -> bytes:
        decider, observer = self._works(event)
        if decider is None:
            body = self._body(event, None)
        else:
            # As `_finish_async` does, without one more coroutine.
            running = self._runner.start_on_loop(decider)
            result = running.result if isinstance(running, Ended) else await self._settled(decider, running)
            body = self._outcome(decider, result)
        if observer is not None:
            event.answered = True
            if not self._runner.queue(observer, asyncio.get_running_loop()):
                event.answered = decider is not None
                await self._finish_async(observer)
        event.answered = True
        return body

    def _finish(self, work: Work) -> Any:
        """Runs a work before the answer, and gives what it gave in time."""
        running = self._runner.start(work)
        settle(running, work.event.time_left)
        return self._result(work, running)

    async def _finish_async(self, work: Work) -> Any:
        """Runs a work before the answer, and gives what it gave in time."""
        running = self._runner.start_on_loop(work)
        return running.result if isinstance(running, Ended) else await self._settled(work, running)

    async def _settled(self, work: Work, running: Running) -> Any:
        if not running.done():
            try:
                await settle_async(running, work.event.time_left)
            except BaseException:
                # The server has given the request up.
                self._leave(work, running)
                raise
        return self._result(work, running)

    def _result(self, work: Work, running: Running) -> Any:
        event = work.event
        if running.done():
            if running.cancelled():
                return self._failed(work, cancelled(event))
            error = running.exception()
            return running.result() if error is None else self._failed(work, error)
        self._leave(work, running)
        message = f"the handler took longer than {self._budget:g} s: the answer went out without it"
        cure = "make it quicker, or decide from what is known and do the rest in an after-webhook"
        self._report(fault("Timeout", message, operation=event.command, cure=cure), event)
        return _NOTHING

    def _leave(self, work: Work, running: Running) -> None:
        """Answers without a work, which goes on."""
        work.event.answered = work.event.is_late = True
        self._runner.go_on(work, running, partial(self._ended_late, work))

    def _failed(self, work: Work, error: BaseException) -> Any:
        self._report(as_exception(error, work.event), work.event)
        return _NOTHING

    def _ended_late(self, work: Work, running: Running) -> None:
        event = work.event
        if running.cancelled():
            self._failed(work, fault("Webhook", "the late handler was given up", operation=event.command))
        elif error := running.exception():
            self._failed(work, error)
        else:
            over = clock() - event._deadline
            decision = running.result()
            logger.warning(
                "%s: the late handler ended %.1f s after the answer; what it decided had no effect: %s",
                event.command,
                max(0.0, over),
                type(decision).__name__ if isinstance(decision, BaseDecision) else "nothing",
            )

    def _outcome(self, work: Work, result: Any) -> bytes:
        """The answer to what a handler gave."""
        if result is _NOTHING:
            return self._late_body(work.event)
        if clock() > work.event._deadline + _HELD_UP:
            self._held_up(work.event)
        return self._body(work.event, result)

    def _held_up(self, event: Event[Any]) -> None:
        """Tells of an answer that could not go out before its handler had ended."""
        message = f"the handler took longer than {self._budget:g} s, and its answer had to wait for it"
        cure = "make it quicker; let an async handler await what it waits for, and a sync one have `threads`"
        self._report(fault("Timeout", message, operation=event.command, cure=cure), event)

    def _body(self, event: Event[Any], decision: Any) -> bytes:
        if decision is None or isinstance(decision, Allow):
            if not event.accounts:
                return _OK
            decision = allow()
        try:
            if not isinstance(decision, BaseDecision):
                raise fault(
                    "InvalidInput",
                    f"the handler returned {type(decision).__name__}, which is no decision",
                    operation=event.command,
                    cure="return allow(), reject() or another decision of tencent_im.webhooks, or None to allow",
                )
            return written(event.command, event.accounts, decision)
        except Exception as error:
            self._report(error, event)
            return self._late_body(event)

    def _late_body(self, event: Event[Any]) -> bytes:
        decision = self._late_answers.get(event.command)
        if decision is None:
            return self._body(event, None)
        return written(event.command, event.accounts, decision)

    def _check(self, event: Event[Any], handler: Registered, returned: Any) -> None:
        """Looks at what an observer returned."""
        if returned is None or isinstance(returned, Allow):
            return
        if handler in self._any:
            if isinstance(returned, BaseDecision):
                raise fault(
                    "InvalidInput",
                    "a handler of any event decides nothing",
                    operation=event.command,
                    cure="decide in a handler of the webhook, by `on`",
                )
            return
        self._body(event, returned)

    def _report(self, error: Exception, event: Event[Any] | None) -> None:
        try:
            if self._on_error is not None:
                self._on_error(error, event)
                return
        except (Exception, SystemExit):
            logger.exception("on_error raised")
        if isinstance(error, TencentImError):
            logger.error("%s", error)
        else:
            logger.error("%s: a handler failed", event.command if event is not None else "webhook", exc_info=error)


@atexit.register
def _at_exit() -> None:
    # What was acknowledged shall still be handled: the threads are daemons.
    end = clock() + _EXIT
    for receiver in list(_receivers):
        if receiver._runner.under_way() and not receiver._runner.is_closed:
            receiver.close(timeout=max(0.0, end - clock()))


def _after_fork() -> None:
    # The threads of the parent are not in the child, and their locks may be held.
    for receiver in list(_receivers):
        receiver._open()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
