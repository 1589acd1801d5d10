"""The server SDK for Tencent Chat (Tencent IM)."""

from typing import TYPE_CHECKING, Any

from . import _errors
from ._bulk import AsyncBulkRun, BulkRun, Progress
from ._client import AsyncClient, Client
from ._errors import *  # noqa: F403 (its __all__ is generated)
from ._events import Event, EventHook
from ._nan import without_nan
from ._native import (
    ItemResult,
    __version__,
    explain_user_sig,
    inspect_user_sig,
    parse_private_map_key,
    sign_private_map_key,
    sign_user_sig,
    verify_user_sig,
)
from ._prepared import PreparedRequest
from ._result import PrivateMapKey, Result, UserSig, UserSigExplanation
from ._signer import Signer

if TYPE_CHECKING:
    from .webhooks import Webhooks

__all__ = [
    "AsyncBulkRun",
    "AsyncClient",
    "BulkRun",
    "Client",
    "Event",
    "EventHook",
    "ItemResult",
    "PreparedRequest",
    "PrivateMapKey",
    "Progress",
    "Result",
    "Signer",
    "UserSig",
    "UserSigExplanation",
    "Webhooks",
    "__version__",
    "explain_user_sig",
    "inspect_user_sig",
    "parse_private_map_key",
    "sign_private_map_key",
    "sign_user_sig",
    "verify_user_sig",
    "without_nan",
]
__all__ += _errors.__all__

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # Programs that only make calls need none of it.
        if name == "Webhooks":
            from .webhooks import Webhooks

            return Webhooks
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
