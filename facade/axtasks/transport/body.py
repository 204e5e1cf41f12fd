"""Decode the body of a response: decompress gzip, and stop at a limit. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


# Other encodings are refused, since not every decompressor can be stopped in time.
ACCEPTED_ENCODING = "gzip"
_PLAIN = ("", "identity")
_GZIP = ("gzip", "x-gzip")
_GZIP_WINDOW = 31
# The compressed body may be twice as long as the limit, and this much more. Without that, a body of empty gzip members
# would never end.
_MOST_COMPRESSED_PER_BYTE = 2
_MOST_COMPRESSED_BYTES_MORE = 1024


class BodyError(Exception):
    """A body that cannot be decompressed, or ends too early."""


class BodyTooLargeError(Exception):
    """A body with more bytes than the limit."""


class BodyDecoder:
    """Decodes the body of a response, chunk by chunk.

    Args:
        encoding: the `Content-Encoding` of the response; empty for none.
        most_bytes: the most bytes of the decompressed body.
    """

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._chunks: list[bytes] = []
        self._size = 0
        self._compressed_size = 0
        self._encoding = encoding.strip().lower()
        self._decompressor = GzipDecompressor() if self._encoding in _GZIP else None

    def add(self, chunk: bytes) -> None:
        """Add the next chunk as it was received.

        Raises:
            BodyError: it cannot be decompressed, or has an encoding that was not accepted.
            BodyTooLargeError: there is more than the limit, compressed or not; what was within it is kept.
        """
        if self._decompressor is None:
            if self._encoding not in _PLAIN:
                raise BodyError(f"the body is packed as {self._encoding!r}, and {ACCEPTED_ENCODING} was asked for")
            self._keep(chunk)
            return
        for part in self._decompressor.decompress(chunk, at_most=self._most + 1):
            self._keep(part)
        self._compressed_size += len(chunk)
        if self._compressed_size > _MOST_COMPRESSED_PER_BYTE * self._most + _MOST_COMPRESSED_BYTES_MORE:
            raise BodyTooLargeError(f"the packed body is more than twice as long as the limit of {self._most} bytes")

    def received(self) -> bytes:
        """Return the body received so far."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def whole(self) -> bytes:
        """Return the whole body, at its end.

        Raises:
            BodyError: the compressed body is not complete.
        """
        if self._decompressor is not None and not self._decompressor.is_complete:
            raise BodyError("the packed body ends too early")
        return self.received()

    def _keep(self, chunk: bytes) -> None:
        room = self._most - self._size
        self._chunks.append(chunk[:room])
        self._size += len(chunk)
        if len(chunk) > room:
            raise BodyTooLargeError(f"the body has more than {self._most} bytes")


class GzipDecompressor:
    """Decompresses gzip, chunk by chunk and a bounded number of bytes at a time."""

    def __init__(self) -> None:
        # Imported late: few responses are compressed.
        import zlib

        self._zlib = zlib
        self._inner = zlib.decompressobj(_GZIP_WINDOW)
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        """True at the end of a gzip member, and before the first."""
        return not self._has_begun

    def decompress(self, chunk: bytes, *, at_most: int) -> Iterator[bytes]:
        """Yield the content of a chunk in parts of at most so many bytes."""
        while chunk:
            self._has_begun = True
            try:
                part = self._inner.decompress(chunk, at_most)
            except self._zlib.error as error:
                raise BodyError(f"the packed body cannot be unpacked: {error}") from None
            if part:
                yield part
            chunk = self._inner.unconsumed_tail
            if self._inner.eof:
                # Several gzip members in a row are one body.
                chunk = self._inner.unused_data
                self._inner = self._zlib.decompressobj(_GZIP_WINDOW)
                self._has_begun = False
