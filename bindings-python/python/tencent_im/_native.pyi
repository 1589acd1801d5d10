from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from typing_extensions import Self

from ._errors import PartialError, TencentImError
from ._result import PrivateMapKey, Result, UserSig, UserSigExplanation

_T = TypeVar("_T")
_Item = TypeVar("_Item")
_Reply = TypeVar("_Reply")

__version__: str

class Package: ...

package: Package
"""The classes and functions of this import, for the native part."""

def hide(value: _T) -> _T:
    """Wraps a value so that no ``repr`` shows it; for the settings of a client only. None stays None."""

class NativeClient:
    def __new__(cls, package: Package, settings: dict[str, Any]) -> NativeClient: ...
    def describe(self) -> tuple[int, str | None, str | None]: ...
    def call(self, op: str, input: dict[str, Any], options: Mapping[str, Any]) -> Any: ...
    def start(
        self, queue: LoopQueue, future: Any, op: str, input: dict[str, Any], options: Mapping[str, Any]
    ) -> StartedCall: ...
    def prepare(self, op: str, input: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]: ...
    def parse(self, op: str, status: int, body: bytes, date: str | None, retry_after: str | None) -> Result: ...
    def sign_user_sig(self, user_id: str, expire: int | None = None) -> str: ...
    def check_options(self, options: Mapping[str, Any]) -> None: ...
    def refuse(self) -> None: ...
    def under_way(self) -> int: ...
    def close(self) -> None: ...

class LoopQueue:
    pid: int
    def __new__(cls, package: Package) -> LoopQueue: ...
    def fileno(self) -> int | None: ...
    def drain(self) -> None: ...
    def wait(self) -> bool: ...
    def close(self) -> None: ...

class StartedCall:
    def cancel(self, future: Any) -> BaseException: ...

class ItemResult(Generic[_Item, _Reply]):
    """What became of one item of a run."""

    @property
    def number(self) -> int:
        """The item's number, counted from 0 in the order of the source."""
    @property
    def item(self) -> _Item:
        """The item as it was given."""
    @property
    def outcome(self) -> Literal["done", "failed", "refused", "unknown", "duplicate"]:
        """``done``; ``failed`` at the service; ``refused`` before anything was sent; ``unknown`` if the answer was lost
        and the call is not safe to retry; ``duplicate`` if the same item came before."""
    @property
    def ok(self) -> bool:
        """Whether the service did it."""
    @property
    def error(self) -> TencentImError | None:
        """Why it is failed, refused or unknown, with ``code``, ``cause`` and ``cure``; ``path`` names the field."""
    @property
    def reply(self) -> _Reply | None:
        """What the service says about a done item, for calls that say more than that."""

class NativeBulk:
    def __new__(
        cls,
        client: NativeClient,
        op: str,
        fields: dict[str, Any],
        options: Mapping[str, Any],
        in_flight: int | None,
        source: str | None,
        checkpoint: str | bytes | None,
        resume: str | None,
    ) -> Self: ...
    def next_chunk(self, source: Iterator[Any], but: int) -> list[ItemResult[Any, Any]] | None: ...
    def turn(self, but: int) -> None: ...
    def pull(self, source: Iterator[Any]) -> None: ...
    def stop(self) -> None: ...
    def offer(self, items: list[Any], is_all: bool) -> None: ...
    def end(self, exception: BaseException | None) -> None: ...
    def take(self) -> list[ItemResult[Any, Any]]: ...
    def room(self) -> int: ...
    def finish(self) -> bool: ...
    def is_waiting(self) -> bool: ...
    def wake(self, queue: LoopQueue, future: Any) -> None: ...
    def progress(self) -> tuple[tuple[int, int, int, int, int, int, int, int, int], float]: ...
    def checkpoint(self) -> str: ...
    def close(self, but: int) -> None: ...

class NativePages:
    def __new__(cls, package: Package, op: str, params: str, cursor: str | None) -> NativePages: ...
    def facts(self) -> str: ...
    def next(self) -> str | None: ...
    def turn(self, reply: str) -> None: ...
    def cursor(self, taken: int) -> str | None: ...

class NativeReceiver:
    def __new__(cls, package: Package, settings: dict[str, Any]) -> NativeReceiver:
        """Opens a receiver. The settings are those of ``WebhookSettings`` in the core, None for what is not given;
        ``token`` is a list. The environment fills in the app and the token."""
    def sdk_app_id(self) -> int: ...
    def verifies(self) -> bool: ...
    def check_request(self, method: str, content_type: str | None, body_bytes: int | None) -> None: ...
    def read(self, query: str, body: bytes, now: int) -> Result:
        """Gives the event's record: ``command``, ``kind``, ``id``, ``platform``, ``client_ip``, ``event_time`` (Unix
        milliseconds), ``accounts``, ``body``. What is not known is left out. The body is of its generated class."""

class CallMachine:
    def __new__(cls, package: Package, settings: dict[str, Any]) -> CallMachine: ...
    def start(
        self, op: str, input: str, options: str | None, now: tuple[int, int], entropy: int
    ) -> tuple[int, dict[str, Any]]: ...
    def poll(self, id: int, now: tuple[int, int], entropy: int) -> dict[str, Any]: ...
    def on_reply(
        self,
        id: int,
        status: int,
        body: bytes,
        date: str | None,
        now: tuple[int, int],
        entropy: int,
        retry_after: str | None,
        encoding: str | None,
    ) -> dict[str, Any]: ...
    def on_failure(self, id: int, kind: str, now: tuple[int, int], entropy: int, detail: str) -> dict[str, Any]: ...
    def cancel(self, id: int) -> dict[str, Any]: ...
    def under_way(self) -> int: ...

class NativeSigner:
    def __new__(cls, sdk_app_id: int | str | None = None, secret_key: str | None = None) -> Self: ...
    @property
    def sdk_app_id(self) -> int:
        """The app."""
    def sign(self, user_id: str, *, expire: int | None = 15552000, now: float | None = None) -> str:
        """Signs a UserSig for a user, 1 to 32 bytes.

        ``expire`` is its lifetime in seconds from ``now``, in Unix seconds.
        """
    def sign_many(
        self, user_ids: Iterable[str], *, expire: int | None = 15552000, now: float | None = None
    ) -> list[str]:
        """Signs one UserSig for each user, or none: an error names the user as ``user_ids[3]``."""

def sign_user_sig(
    user_id: str,
    *,
    sdk_app_id: int | str | None = None,
    secret_key: str | None = None,
    expire: int | None = 15552000,
    now: float | None = None,
) -> str: ...
def answer_webhook(command: str, accounts: Sequence[str], decision: dict[str, Any]) -> bytes: ...
def check_webhook(command: str) -> None: ...
def webhook_refusal() -> bytes: ...
def list_webhooks() -> list[dict[str, Any]]: ...
def sign_webhook(token: str, request_time: int) -> str: ...
def verify_user_sig(
    user_sig: str,
    *,
    secret_key: str | Sequence[str] | None = None,
    sdk_app_id: int | str | None = None,
    user_id: str | None = None,
    now: float | None = None,
    leeway: int | None = None,
    allow_userbuf: bool | None = None,
) -> UserSig: ...
def inspect_user_sig(user_sig: str, *, now: float | None = None) -> UserSig: ...
def explain_user_sig(
    user_sig: str,
    *,
    secret_key: str | Sequence[str] | None = None,
    sdk_app_id: int | str | None = None,
    user_id: str | None = None,
    region: str | None = None,
    now: float | None = None,
) -> UserSigExplanation: ...
def sign_private_map_key(
    *,
    user_id: str,
    expire: int,
    room_id: int | None = None,
    room_name: str | None = None,
    privileges: Sequence[str] | None = None,
    sdk_app_id: int | str | None = None,
    secret_key: str | None = None,
    now: float | None = None,
) -> str: ...
def parse_private_map_key(private_map_key: str) -> PrivateMapKey: ...
def meaning_of_code(op: str, code: Any) -> tuple[str | None, str | None]: ...
def partial_error(op: str | None, failed: Sequence[tuple[str, int | None]]) -> PartialError: ...
def explain_code(code: int) -> list[dict[str, Any]]:
    """Returns every meaning of a code (code, kind, cause, cure, retry, wait_ms, calls); none if it is undocumented."""

def search_codes(words: str) -> list[dict[str, Any]]:
    """Finds the meanings that have all the words, in any order and case."""

def regions() -> dict[str, str]:
    """The regions by name, each with its domain. The first is the default."""

def calls() -> dict[str, str | None]:
    """The calls by name, each with the call to use instead if it is deprecated."""

def panic_for_test() -> None: ...
