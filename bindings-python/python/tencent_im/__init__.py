"""The server SDK for Tencent Chat (Tencent IM)."""

from ._bulk import AsyncBulkRun, BulkRun, Progress
from ._client import AsyncClient, Client
from ._errors import (
    AuthError,
    CallCancelledError,
    CallTimeoutError,
    ConfigError,
    ConflictError,
    ContentRejectedError,
    InternalError,
    InvalidInputError,
    NotFoundError,
    PartialError,
    PermissionDeniedError,
    ProtocolError,
    QuotaError,
    RateLimitedError,
    ServerError,
    SignatureError,
    TencentImError,
    TransportError,
)
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

__all__ = [
    "AsyncBulkRun",
    "AsyncClient",
    "AuthError",
    "BulkRun",
    "CallCancelledError",
    "CallTimeoutError",
    "Client",
    "ConfigError",
    "ConflictError",
    "ContentRejectedError",
    "Event",
    "EventHook",
    "InternalError",
    "InvalidInputError",
    "ItemResult",
    "NotFoundError",
    "PartialError",
    "PermissionDeniedError",
    "PreparedRequest",
    "PrivateMapKey",
    "Progress",
    "ProtocolError",
    "QuotaError",
    "RateLimitedError",
    "Result",
    "ServerError",
    "SignatureError",
    "Signer",
    "TencentImError",
    "TransportError",
    "UserSig",
    "UserSigExplanation",
    "__version__",
    "explain_user_sig",
    "inspect_user_sig",
    "parse_private_map_key",
    "sign_private_map_key",
    "sign_user_sig",
    "verify_user_sig",
    "without_nan",
]
