"""The clients."""

from __future__ import annotations

import asyncio
import copy
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ._calls import AsyncCalls, Calls, merged
from ._events import EventHook
from ._faults import fault
from ._native import NativeClient, hide, package
from ._prepared import PreparedRequest
from ._resource import AsyncResource, Resource
from ._resources import AsyncResources, Resources
from ._result import Result

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .types.options import CallOptions

_Self = TypeVar("_Self", bound="_Base")

#: Seconds between checks whether the calls under way have ended.
_LOOK = 0.005


def _as_dict(path: str, given: Any) -> dict[Any, Any]:
    if given is None:
        return {}
    if not hasattr(given, "items"):
        raise fault("InvalidInput", f"expected a mapping, got {type(given).__name__}", path=path, cure="pass a dict")
    return dict(given.items())


class _Base(ABC):
    """What both clients have, all of it without I/O."""

    _native: NativeClient
    #: What `with_options` gave.
    _defaults: Mapping[str, Any]

    def __init__(
        self,
        sdk_app_id: int | str | None = None,
        secret_key: str | None = None,
        *,
        admin: str | None = None,
        region: str | None = None,
        base_url: str | None = None,
        fallback_url: str | None = None,
        allow_http: bool | None = None,
        account_field: str | None = None,
        timeout: float | None = None,
        attempt_timeout: float | None = None,
        max_retries: int | None = None,
        backoff: float | None = None,
        max_backoff: float | None = None,
        retry_budget: int | None = None,
        rate_limits: Mapping[str, float] | bool | None = None,
        rate_share: float | None = None,
        sig_expire: int | None = None,
        proxy: str | None = None,
        ca_certs: str | os.PathLike[str] | bytes | None = None,
        max_connections: int | None = None,
        on_event: EventHook | None = None,
        **unknown: NoReturn,
    ) -> None:
        """Checks the settings. Connects to nothing and starts no thread before the first call.

        Args:
            sdk_app_id: SDKAppID of the app. Defaults to ``TENCENT_IM_SDK_APP_ID``.
            secret_key: Secret key of the app. Defaults to ``TENCENT_IM_SECRET_KEY``.
            admin: Name of an app admin. Defaults to ``TENCENT_IM_ADMIN``, then ``administrator``.
            region: Region of the app: china, singapore, seoul, tokyo, frankfurt, mumbai, silicon_valley or jakarta.
                Defaults to ``TENCENT_IM_REGION``, then china.
            base_url: Address to use instead of a region's, such as ``http://127.0.0.1:8080``.
                Defaults to ``TENCENT_IM_BASE_URL``.
            fallback_url: Fallback for ``base_url``, used for one minute after a connection failure. Regions have their
                own.
            allow_http: Allows plain http to other machines. Defaults to False.
            account_field: Wire name of the user in account_import and kick, ``Identifier`` or ``UserID``. Defaults to
                ``Identifier``.
            timeout: Total time of a call, with all attempts and waits, in seconds. Defaults to 30.
            attempt_timeout: Time of one attempt, in seconds. Defaults to 8.
            max_retries: Retries after the first attempt, for calls that are safe to retry. 0 disables retries.
                Defaults to 3.
            backoff: Base backoff before the first retry, in seconds. Doubles with each retry; the actual wait is drawn
                evenly between 0 and the backoff. Defaults to 0.2.
            max_backoff: Longest backoff before a retry, in seconds. Defaults to 5.
            retry_budget: Retries that all calls together may make without a success in between, so that retries do not
                add to an outage. Each success gives half a retry back. Defaults to 50.
            rate_limits: Calls per documented period by the name of the call, such as ``{"accounts.kick": 100}``.
                ``False`` turns rate limiting off. Defaults to the documented limits.
            rate_share: This client's share of every rate limit if several processes share an app, such as 0.25.
                Defaults to 1.
            sig_expire: Lifetime of the admin's UserSig, in seconds. It is refreshed automatically. Defaults to 86,400.
            proxy: Proxy for all requests, such as ``http://user:password@proxy.example:3128`` or ``socks5h://…``.
                Defaults to ``HTTPS_PROXY`` and ``NO_PROXY``, except for loopback addresses.
            ca_certs: The only CA certificates to trust, as the path of a PEM file or as PEM bytes. Defaults to the
                system's.
            max_connections: Most connections open at the same time; further calls wait. Defaults to 100.
            on_event: Called with a dict for everything that happens to calls: see ``tencent_im.Event``.

        Raises:
            ConfigError: A setting is wrong. Its ``path`` names the setting or the variable, its ``cure`` what to do.
        """
        # Error trackers record local variables: from here on, these no longer show their values.
        secret_key, proxy, base_url, fallback_url = hide(secret_key), hide(proxy), hide(base_url), hide(fallback_url)
        for name in unknown:
            unknown[name] = hide(unknown[name])
        settings: dict[str, Any] = {
            "sdk_app_id": sdk_app_id,
            "secret_key": secret_key,
            "admin": admin,
            "region": region,
            "base_url": base_url,
            "fallback_url": fallback_url,
            "allow_http": allow_http,
            "account_field": account_field,
            "timeout": timeout,
            "attempt_timeout": attempt_timeout,
            "max_retries": max_retries,
            "backoff": backoff,
            "max_backoff": max_backoff,
            "retry_budget": retry_budget,
            "rate_limits": rate_limits,
            "rate_share": rate_share,
            "sig_expire": sig_expire,
            "proxy": proxy,
            "ca_certs": ca_certs,
            "max_connections": max_connections,
            "on_event": on_event,
        }
        self._native = NativeClient(package, {**settings, **unknown})
        self._defaults = {}
        self._open()

    @abstractmethod
    def _open(self) -> None:
        """Chooses how the groups make their calls."""

    def with_options(self: _Self, **options: Unpack[CallOptions]) -> _Self:
        """Returns a client whose calls have these options, unless they name their own.

        It shares everything with this one: connections, rate limits, UserSig, and the end. Closing either closes both.

        Args:
            **options: Options of every call: see ``CallOptions``. Raw fields of a call's own ``extra_body`` are added
                to these.

        Raises:
            ConfigError: an option is wrong.
        """
        self._native.check_options(options)
        clone = copy.copy(self)
        # Groups that are loaded already make calls with this client's own options.
        for name in [name for name, value in vars(clone).items() if isinstance(value, (Resource, AsyncResource))]:
            del vars(clone)[name]
        clone._defaults = merged(self._defaults, options)
        clone._open()
        return clone

    def __repr__(self) -> str:
        if "_native" not in self.__dict__:
            # Its settings were refused, or a subclass asks before it has called `__init__`.
            return f"<{type(self).__name__} without settings>"
        sdk_app_id, region, base_url = self._native.describe()
        place = f"base_url={base_url!r}" if base_url else f"region={region or 'china'!r}"
        return f"{type(self).__name__}(sdk_app_id={sdk_app_id}, {place})"

    def sign_user_sig(self, user_id: str, expire: int | None = None) -> str:
        """Signs a UserSig for a user of the app: the token with which a chat client logs in.

        Args:
            user_id: User name, 1 to 32 bytes.
            expire: Lifetime in seconds. Defaults to 15,552,000 (180 days).
        """
        return self._native.sign_user_sig(user_id, expire)

    def prepare(self, op: str, /, *, extra_body: Mapping[str, Any] | None = None, **fields: Any) -> PreparedRequest:
        """Writes the request of a call without sending it, for callers with their own HTTP library.

        Args:
            op: The call's name, such as ``accounts.import_account``.
            extra_body: Raw fields by their wire names, added to the body.
            **fields: What the call takes.
        """
        return PreparedRequest(**self._native.prepare(op, fields, merged(self._defaults, {"extra_body": extra_body})))

    def parse(self, op: str, /, *, status: int, body: bytes | str, headers: Mapping[str, str] | None = None) -> Result:
        """Reads the answer to a prepared request. Returns the result or raises the error, as a call would.

        The result has the class of the call, which type checkers cannot see: annotate it, as in
        ``reply: SendMessageReply = im.parse("messages.send", ...)``, for which ``typing.cast`` satisfies a strict one.

        Args:
            op: The call's name, such as ``accounts.import_account``.
            status: The answer's HTTP status.
            body: The answer's body, decoded from any content encoding.
            headers: The answer's headers, if you have them.
        """
        # Headers of `http.client` are not a Mapping, but have `items`.
        named = {name.lower(): value for name, value in _as_dict("headers", headers).items()}
        if isinstance(body, str):
            # What is broken is for the core to read.
            body = body.encode("utf-8", "surrogatepass")
        elif not isinstance(body, (bytes, bytearray, memoryview)):
            message = f"expected bytes or text, got {type(body).__name__}"
            raise fault("InvalidInput", message, path="body", cure="pass the answer's whole body")
        body = bytes(body)
        return self._native.parse(op, status, body, named.get("date"), named.get("retry-after"))


class Client(_Base, Resources):
    """A client of the service for threads and scripts. Threads may share one.

    >>> with Client(1400000000, "the app's secret key") as im:
    ...     im.accounts.import_account(user_id="test", nick="Test")
    """

    def _open(self) -> None:
        calls = Calls(self._native, self._defaults)
        # Without options of the client's own a call goes straight to the native side.
        self._call = calls.call if self._defaults else calls.native_call
        self._run = calls.run

    def call(self, op: str, fields: Mapping[str, Any] | None = None, /, **fields_and_options: Any) -> Result:
        """Makes a call by its name, or by its path for what this version does not declare.

        >>> im.call("accounts.import_account", user_id="test", timeout=5)
        >>> im.call("v4/service/command", {"WireName": 1}, idempotent=True)

        A call by an undeclared path takes any fields under their wire names, is not rate limited unless ``rate_limits``
        names its path, and not retried unless ``idempotent`` is true.

        To type checkers the result is a plain ``Result``, although a declared call returns one of its own class. They
        know its fields from the method of the call's group: ``im.accounts.import_account(user_id="test")``.

        Args:
            op: The call's name, such as ``accounts.import_account``, or its path.
            fields: Fields of the call.
            **fields_and_options: Further fields, and options: see ``CallOptions``.
        """
        result: Result = self._call(op, _as_dict("fields", fields), fields_and_options)
        return result

    def close(self, *, wait: bool = False) -> None:
        """Closes the client. Further calls are refused.

        Args:
            wait: Lets the calls under way in other threads finish first; otherwise they end at once
                with ``CallCancelledError``.
        """
        if wait:
            self._native.refuse()
            while self._native.under_way():
                time.sleep(_LOOK)
        self._native.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Base, AsyncResources):
    """A client of the service for asyncio. Event loops may share one.

    >>> async with AsyncClient(1400000000, "the app's secret key") as im:
    ...     await im.accounts.import_account(user_id="test", nick="Test")
    """

    def _open(self) -> None:
        calls = AsyncCalls(self._native, self._defaults)
        self._call, self._run = calls.call, calls.run

    async def call(self, op: str, fields: Mapping[str, Any] | None = None, /, **fields_and_options: Any) -> Result:
        """Makes a call by its name, or by its path for what this version does not declare.

        >>> await im.call("accounts.import_account", user_id="test", timeout=5)
        >>> await im.call("v4/service/command", {"WireName": 1}, idempotent=True)

        A call by an undeclared path takes any fields under their wire names, is not rate limited unless ``rate_limits``
        names its path, and not retried unless ``idempotent`` is true.

        To type checkers the result is a plain ``Result``, although a declared call returns one of its own class. They
        know its fields from the method of the call's group: ``im.accounts.import_account(user_id="test")``.

        Args:
            op: The call's name, such as ``accounts.import_account``, or its path.
            fields: Fields of the call.
            **fields_and_options: Further fields, and options: see ``CallOptions``.
        """
        result: Result = await self._call(op, _as_dict("fields", fields), fields_and_options)
        return result

    async def aclose(self, *, wait: bool = False) -> None:
        """Closes the client. Further calls are refused.

        Args:
            wait: Lets the calls under way in other tasks finish first; otherwise they end at once
                with ``CallCancelledError``.
        """
        if wait:
            self._native.refuse()
            # The workers that end the calls never touch Python, so there is nobody to set an event.
            while self._native.under_way():  # noqa: ASYNC110
                await asyncio.sleep(_LOOK)
        self._native.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


# As programs import them.
Client.__module__ = AsyncClient.__module__ = "tencent_im"
