"""Decode the body of a response: decompress gzip, and stop at a limit. No I/O."""

from __future__ import annotations

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
    """Decodes a body with a `Content-Encoding`, which may be empty, chunk by chunk; `most_bytes` limits its size."""

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._most = most_bytes
        self._chunks: list[bytes] = []
        self._size = 0
        self._compressed_size = 0
        self._encoding = encoding.strip().lower()
        # True within a member of gzip.
        self._is_within = False
        if self._encoding in _GZIP:
            # Imported late: few responses are compressed.
            import zlib

            self._zlib = zlib
            self._decompressor = zlib.decompressobj(_GZIP_WINDOW)

    def add(self, chunk: bytes) -> None:
        """Add the next chunk as it was received.

        Raises:
            BodyError: it cannot be decompressed, or has an encoding that was not accepted.
            BodyTooLargeError: there is more than the limit, compressed or not; what was within it is kept.
        """
        if self._encoding in _PLAIN:
            self._keep(chunk)
        elif self._encoding in _GZIP:
            self._decompress(chunk)
            self._compressed_size += len(chunk)
            if self._compressed_size > _MOST_COMPRESSED_PER_BYTE * self._most + _MOST_COMPRESSED_BYTES_MORE:
                raise BodyTooLargeError(
                    f"the packed body is more than twice as long as the limit of {self._most} bytes"
                )
        else:
            raise BodyError(f"the body is packed as {self._encoding!r}, and {ACCEPTED_ENCODING} was asked for")

    def received(self) -> bytes:
        """Return the body received so far."""
        return self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)

    def whole(self) -> bytes:
        """Return the whole body, at its end; raise BodyError if the compressed body is not complete."""
        if self._is_within:
            raise BodyError("the packed body ends too early")
        return self.received()

    def _decompress(self, chunk: bytes) -> None:
        """Decompress a chunk, a bounded number of bytes at a time; several members of gzip in a row are one body."""
        while chunk:
            self._is_within = True
            try:
                part = self._decompressor.decompress(chunk, self._most + 1)
            except self._zlib.error as error:
                raise BodyError(f"the packed body cannot be unpacked: {error}") from None
            if part:
                self._keep(part)
            chunk = self._decompressor.unconsumed_tail
            if self._decompressor.eof:
                chunk = self._decompressor.unused_data
                self._decompressor = self._zlib.decompressobj(_GZIP_WINDOW)
                self._is_within = False

    def _keep(self, chunk: bytes) -> None:
        room = self._most - self._size
        self._chunks.append(chunk[:room])
        self._size += len(chunk)
        if len(chunk) > room:
            raise BodyTooLargeError(f"the body has more than {self._most} bytes")
