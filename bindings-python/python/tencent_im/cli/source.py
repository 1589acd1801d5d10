"""The bytes of an input file, line by line: plain, gzip or zstd, from a file or standard input.

A line is kept whole only up to a limit, so that memory stays bounded whatever the file is.
"""

from __future__ import annotations

import gzip
import io
import os
import shlex
import stat
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from . import FAILED
from .failures import Failure

#: Longest line, in bytes. An account has some 1,100 bytes at most.
MAX_LINE = 1 << 20
_BUFFER = 1 << 18
#: Compressed bytes that are unpacked at once: zstd may make 30,000 times as many of them.
_ZSTD_CHUNK = 4_096


class Source:
    """An input file.

    Args:
        path: Its path; ``-`` is standard input. ``.gz``, ``.zst`` and ``.zstd`` are unpacked.

    Raises:
        Failure: It cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.name = "standard input" if path == "-" else path
        self.is_standard_input = path == "-"
        suffix = Path(path).suffix.lower()
        #: Why reading ended before the end of the file.
        self.fault: Failure | None = None
        self._raw: IO[bytes]
        if path == "-":
            self._raw = sys.stdin.buffer
        else:
            try:
                self._raw = open(path, "rb", buffering=_BUFFER)  # noqa: SIM115, closed by close()
            except OSError as error:
                raise Failure(f"{path} cannot be read: {error.strerror}") from None
        self.size = _size(self._raw)
        """Bytes of the file as it is stored; None for a pipe."""
        self._bytes = _unpacked(self._raw, suffix)
        self._is_packed = self._bytes is not self._raw
        #: Bytes of the lines that were handed out.
        self._handed = 0

    @property
    def as_argument(self) -> str:
        """Its path as a shell takes it."""
        return "-" if self.is_standard_input else shlex.quote(self.name)

    @property
    def suffix(self) -> str:
        """The suffix that tells the format, such as ``.csv``; that of compression is left out."""
        path = Path(self.name)
        return (path.with_suffix("") if self._is_packed else path).suffix.lower()

    @property
    def position(self) -> int:
        """How far reading has come, in bytes of the file as it is stored."""
        if self._is_packed:
            return self._raw.tell() if self.size is not None else 0
        return self._handed

    @property
    def _is_cut(self) -> bool:
        """At the end of the file: whether it has become shorter than it was."""
        return self.size is not None and self.position < self.size

    def close(self) -> None:
        """Closes the file."""
        if not self.is_standard_input:
            self._raw.close()

    def lines(self) -> Iterator[bytes | None]:
        """Iterates over the lines with their ends; None for one that is longer than ``MAX_LINE``.

        A file that ends where it should not sets ``fault``.
        """
        number = 0
        try:
            while line := self._bytes.readline(MAX_LINE + 1):
                self._handed += len(line)
                if not line.endswith(b"\n") and len(line) <= MAX_LINE and self._is_cut:
                    # Half a row is not one.
                    break
                number += 1
                if len(line) <= MAX_LINE or line.endswith(b"\n"):
                    yield line
                    continue
                while line and not line.endswith(b"\n"):
                    line = self._bytes.readline(MAX_LINE)
                    self._handed += len(line)
                yield None
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self._end(number, f"the compressed data is broken or ends too early ({error})", "copy the file again")
        except OSError as error:
            self._end(number, error.strerror or str(error), None)
        except Exception as error:
            # That of zstandard, which is loaded only where it is needed.
            if type(error).__name__ != "ZstdError":
                raise
            self._end(number, f"the compressed data is broken ({error})", "copy the file again")
        if self.fault is None and self._is_cut:
            self._end(
                number, f"the file has become shorter: {self.position:,} bytes of {self.size:,}", "see who writes it"
            )

    def _end(self, number: int, reason: str, cure: str | None) -> None:
        message = f"{self.name}: reading ended after line {number:,}: {reason}"
        self.fault = Failure(message, cure=cure, exit_code=FAILED)


def _size(raw: IO[bytes]) -> int | None:
    try:
        status = os.fstat(raw.fileno())
    except (OSError, io.UnsupportedOperation):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _unpacked(raw: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return io.BufferedReader(_Gzip(raw), _BUFFER)
    if suffix in (".zst", ".zstd"):
        try:
            import zstandard
        except ImportError:
            raise Failure(
                "zstandard is not installed, which unpacks zstd", cure="pip install 'tencent-im[cli]'"
            ) from None
        return io.BufferedReader(_Zstd(raw, zstandard.ZstdDecompressor()), _BUFFER)
    return raw


class _Gzip(io.RawIOBase):
    """Unpacks gzip, and hands over what there is before it raises an error, unlike the library's own ``readinto``."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._file = gzip.GzipFile(fileobj=raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Zstd(io.RawIOBase):
    """Unpacks zstd, and notices an end that comes too early, unlike the library's own reader."""

    def __init__(self, raw: IO[bytes], decompressor: Any) -> None:
        self._raw = raw
        self._decompressor = decompressor
        self._frame: Any = None
        self._packed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if not self._packed:
                self._packed = self._raw.read(_ZSTD_CHUNK)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("the last frame is not whole")
                return 0
            if self._frame is None:
                self._frame = self._decompressor.decompressobj()
            self._ready = memoryview(self._frame.decompress(self._packed))
            self._packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = None
        count = min(len(self._ready), len(buffer))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
