"""A request for callers with their own HTTP library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PreparedRequest:
    """A request to send. The URL holds a UserSig: do not log it; ``repr`` leaves it out."""

    method: str
    """Always ``POST``."""
    url: str
    """The whole URL."""
    headers: dict[str, str]
    """Headers to send."""
    body: bytes
    """The JSON body."""
    timeout: float
    """How long to wait for the whole answer, in seconds."""

    def __repr__(self) -> str:
        url = self.url.partition("?")[0]
        return f"PreparedRequest(method={self.method!r}, url='{url}?…', body={len(self.body)} bytes)"


# As programs import them.
PreparedRequest.__module__ = "tencent_im"
