"""The server SDK for Tencent Chat (Tencent IM)."""

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
    "AsyncClient",
    "AuthError",
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
    "NotFoundError",
    "PartialError",
    "PermissionDeniedError",
    "PreparedRequest",
    "PrivateMapKey",
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
