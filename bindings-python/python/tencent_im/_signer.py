"""Signing UserSigs for one app."""

from __future__ import annotations

from typing import final

from ._native import NativeSigner, package


@final
class Signer(NativeSigner):
    """Signs UserSigs for one app: the tokens with which chat clients log in. Threads may share one.

    The app id and the key default to ``TENCENT_IM_SDK_APP_ID`` and ``TENCENT_IM_SECRET_KEY``.
    """

    __slots__ = ()

    #: Errors are of the classes of this import.
    _package = package


Signer.__module__ = "tencent_im"
