"""Decode the body of a response: unpacks gzip, and stops at a limit. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


# What is asked for; a packing that was not is refused, since not every unpacker can be stopped in time.
ACCEPTED_ENCODING = "gzip"
_PLAIN = ("", "identity")
_GZIP = ("gzip", "x-gzip")
_GZIP_WINDOW = 31
# How much longer than what is in it a packed text may be. Without that, empty ones in a row would never end.
_MOST_PACKED_PER_BYTE = 2
_MOST_PACKED_BYTES_MORE = 1024


class BodyError(Exception):
    """A body that cannot be unpacked, or ends too early."""


class BodyTooLargeError(Exception):
    """A body with more bytes than the limit."""


class BodyDecoder:
    """The body of an answer as it comes in.

    Args:
        encoding: the `Content-Encoding` of the answer; an empty text for none.
        most_bytes: the most bytes it may have once unpacked.
    """

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._pieces: list[bytes] = []
        self._size = 0
        self._packed_size = 0
        self._encoding = encoding.strip().lower()
        self._unpacker = Unpacker() if self._encoding in _GZIP else None

    def add(self, piece: bytes) -> None:
        """Takes the next piece as it came over the wire.

        Raises:
            BodyError: it cannot be unpacked, or is packed in a way that was not asked for.
            BodyTooLargeError: there is more than the limit, packed or not; what was within it is kept.
        """
        if self._unpacker is None:
            if self._encoding not in _PLAIN:
                raise BodyError(f"the body is packed as {self._encoding!r}, and {ACCEPTED_ENCODING} was asked for")
            self._keep(piece)
            return
        for unpacked in self._unpacker.unpacked(piece, at_most=self._most + 1):
            self._keep(unpacked)
        self._packed_size += len(piece)
        if self._packed_size > _MOST_PACKED_PER_BYTE * self._most + _MOST_PACKED_BYTES_MORE:
            raise BodyTooLargeError(f"the packed body is more than twice as long as the limit of {self._most} bytes")

    def received(self) -> bytes:
        """What is here so far."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def whole(self) -> bytes:
        """All of it, at its end.

        Raises:
            BodyError: what was packed is not complete.
        """
        if self._unpacker is not None and not self._unpacker.is_complete:
            raise BodyError("the packed body ends too early")
        return self.received()

    def _keep(self, piece: bytes) -> None:
        room = self._most - self._size
        self._pieces.append(piece[:room])
        self._size += len(piece)
        if len(piece) > room:
            raise BodyTooLargeError(f"the body has more than {self._most} bytes")


class Unpacker:
    """Undoes gzip, piece by piece and a bounded number of bytes at a time."""

    def __init__(self) -> None:
        # Imported late: few answers are packed.
        import zlib

        self._zlib = zlib
        self._inner = zlib.decompressobj(_GZIP_WINDOW)
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        """Whether it stopped where something packed ends, or nothing ever came."""
        return not self._has_begun

    def unpacked(self, packed: bytes, *, at_most: int) -> Iterator[bytes]:
        """What is in a piece, in parts.

        Args:
            packed: the piece.
            at_most: the most bytes of one part.
        """
        while packed:
            self._has_begun = True
            try:
                part = self._inner.decompress(packed, at_most)
            except self._zlib.error as error:
                raise BodyError(f"the packed body cannot be unpacked: {error}") from None
            if part:
                yield part
            packed = self._inner.unconsumed_tail
            if self._inner.eof:
                # Several packed texts in a row are one.
                packed = self._inner.unused_data
                self._inner = self._zlib.decompressobj(_GZIP_WINDOW)
                self._has_begun = False
