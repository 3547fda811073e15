"""Content codings of request bodies (RFC 9110, 8.4.1), unfolded piece by piece and never further than asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

KNOWN: Final = ("gzip", "deflate")
"""What a body may be compressed with, one coding at a time."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB: Final = zlib.MAX_WBITS
_BARE: Final = -zlib.MAX_WBITS
_PLAIN: Final = frozenset({"", "identity"})
_ZLIB_METHOD: Final = 8


class UnknownCoding(Exception):
    """The coding is none that is known, or there are several."""


class BrokenCoding(Exception):
    """The bytes are not compressed as they were said to be."""


def coding_of(headers: Iterable[str]) -> str | None:
    """The coding that all ``Content-Encoding`` headers together name, None for plain bytes; raises UnknownCoding."""
    named = [name for header in headers for name in header.lower().replace(" ", "").split(",")]
    codings = ["gzip" if name == "x-gzip" else name for name in named if name not in _PLAIN]
    if not codings:
        return None
    if len(codings) > 1 or codings[0] not in KNOWN:
        raise UnknownCoding
    return codings[0]


class Unfolding:
    """Decompresses one body."""

    def __init__(self, coding: str) -> None:
        """``coding`` is one of ``KNOWN``."""
        self._coding = coding
        self._stream: zlib._Decompress | None = None
        self._whole = False

    def feed(self, piece: bytes, most: int) -> bytes:
        """What comes out of the next piece: all of it, or where that is more than ``most`` bytes, just more than that.

        Raises BrokenCoding.
        """
        unfolded = bytearray()
        while piece and len(unfolded) <= most:
            if self._stream is None:
                self._stream = self._begin(piece[0])
            try:
                unfolded += self._stream.decompress(piece, most - len(unfolded) + 1)
            except zlib.error:
                raise BrokenCoding from None
            self._whole = self._stream.eof
            piece = self._stream.unused_data
            if self._whole:
                # A gzip file may have several members, one after the other.
                self._stream = None
        return bytes(unfolded)

    def finish(self) -> None:
        """Raise BrokenCoding where the end is missing."""
        if not self._whole:
            raise BrokenCoding

    def _begin(self, first: int) -> zlib._Decompress:
        if self._coding == "gzip":
            return zlib.decompressobj(_GZIP)
        if self._whole:
            raise BrokenCoding
        # Some clients leave out the wrapping that the standard asks for.
        return zlib.decompressobj(_ZLIB if first & 0x0F == _ZLIB_METHOD else _BARE)
