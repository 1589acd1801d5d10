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
    WebhookError,
)
from ._native import __version__, inspect_user_sig, sign_user_sig, verify_user_sig
from ._prepared import PreparedRequest
from ._result import Result, UserSig

__all__ = [
    "AsyncClient",
    "AuthError",
    "CallCancelledError",
    "CallTimeoutError",
    "Client",
    "ConfigError",
    "ConflictError",
    "ContentRejectedError",
    "InternalError",
    "InvalidInputError",
    "NotFoundError",
    "PartialError",
    "PermissionDeniedError",
    "PreparedRequest",
    "ProtocolError",
    "QuotaError",
    "RateLimitedError",
    "Result",
    "ServerError",
    "SignatureError",
    "TencentImError",
    "TransportError",
    "UserSig",
    "WebhookError",
    "__version__",
    "inspect_user_sig",
    "sign_user_sig",
    "verify_user_sig",
]
