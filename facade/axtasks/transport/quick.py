"""Read HTTP/1.1 responses with httptools, in a fraction of the time. No I/O.

As soon as something is unusual, all that was received is read again with h11, which decides: so a response is the same
with and without httptools.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httptools

from .body import BodyDecoder
from .models import MOST_HEAD_BYTES, Response, join_headers

if TYPE_CHECKING:
    from .incoming import Incoming

_FINAL = 200
_BLANKS = b" \t"
# What httptools lets pass in a reason phrase.
_ODD = re.compile(rb"[^\t -~\x80-\xff]")


class QuickIncoming:
    """Reads one response with httptools.

    Args:
        method: the method of the request.
        most_bytes: the most bytes of the decompressed body.

    Attributes:
        is_whole: True once all of it is here.
        may_go_on: True if the connection can be used for another exchange after this one.
    """

    __slots__ = (
        "_beside",
        "_body",
        "_careful",
        "_found",
        "_head",
        "_headers",
        "_is_complete",
        "_is_odd",
        "_method",
        "_most",
        "_parser",
        "_taken",
        "is_whole",
        "may_go_on",
    )

    def __init__(self, method: str, *, most_bytes: int) -> None:
        self.is_whole = False
        self.may_go_on = False
        self._method = method
        self._most = most_bytes
        self._taken: list[bytes] = []
        self._careful: Incoming | None = None
        self._is_complete = False
        self._is_odd = False
        self._headers: list[tuple[bytes, bytes]] = []
        self._found: list[bytes] = []
        self._head: Response | None = None
        self._body = BodyDecoder("", most_bytes=most_bytes)
        self._beside = 0
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        if method == "HEAD":
            # Of such an answer httptools would wait for the body.
            self._by_h11()

    def take(self, data: bytes) -> bool:
        """Add received data; return True once the response is complete.

        Raises:
            ProtocolError: it is not HTTP, or too much of it is not of the body.
            BodyError: the body cannot be decompressed.
            BodyTooLargeError: the body has more bytes than the limit.
        """
        if self.is_whole:
            self.may_go_on = False
            return True
        # Before an answer httptools takes empty lines.
        self._is_odd = self._is_odd or not (self._taken or data.startswith(b"H"))
        self._taken.append(data)
        self._beside += len(data)
        if self._careful is None and self._heard(data):
            self._keep_found()
        else:
            self._by_h11()
        return self.is_whole

    def end(self) -> None:
        """End the response: the server has closed the connection.

        Raises:
            ProtocolError: that was too early.
            BodyError: the compressed body is not complete.
        """
        if not self.is_whole:
            careful = self._by_h11()
            careful.end()
            self.is_whole = careful.is_whole

    def answer(self) -> Response:
        """Return the response, with as much of its body as is here.

        Raises:
            ProtocolError: not even its head is.
        """
        if self._careful is None and self._head is not None:
            return self._head.with_content(self._body.received())
        return self._by_h11().answer()

    def _heard(self, data: bytes) -> bool:
        """Feed httptools; return False where h11 has to decide."""
        if self._parser is None:
            return False
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            # Data after the response was not requested, so it does not matter.
            self.may_go_on = False
            return self._is_complete and not self._is_odd
        # All that came is kept for h11, so no more of it than that may be something else than the body.
        return not self._is_odd and self._beside <= MOST_HEAD_BYTES

    def _keep_found(self) -> None:
        """Add the chunks that were found to the body."""
        found, self._found = self._found, []
        for piece in found:
            self._body.add(piece)
        if self._is_complete:
            self._body.whole()
            self.is_whole = True
            # It holds this object, which would stay until somebody collects garbage.
            self._parser = None
            self._taken.clear()

    def _by_h11(self) -> Incoming:
        """Return the h11 reader, fed with all that was received."""
        if self._careful is None:
            from .incoming import Incoming

            self.is_whole = self.may_go_on = False
            self._parser = None
            self._careful = Incoming(self._method, most_bytes=self._most)
        careful = self._careful
        pieces, self._taken = self._taken, []
        for piece in pieces:
            self.is_whole = careful.take(piece)
            self.may_go_on = careful.may_go_on
        return careful

    def on_message_begin(self) -> None:
        """Begin a message: another one after the response ends the connection."""
        self.may_go_on = False

    def on_status(self, phrase: bytes) -> None:
        """Check the reason phrase."""
        self._is_odd = self._is_odd or _ODD.search(phrase) is not None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        if self._head is None:
            name, value = name.lower(), value.strip(_BLANKS)
            if name == b"transfer-encoding":
                # The one value that is the same in any letters.
                value = value.lower()
                self._is_odd = self._is_odd or value != b"chunked" or (name, value) in self._headers
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Make the head of the response."""
        status = 0 if self._parser is None else self._parser.get_status_code()
        if status < _FINAL:
            # Between such an answer and the one that follows httptools takes empty lines too.
            self._is_odd = True
        elif self._head is None:
            headers = join_headers(self._headers)
            self._head = Response(status, headers, b"")
            self._body = BodyDecoder(headers.get("content-encoding", ""), most_bytes=self._most)

    def on_body(self, piece: bytes) -> None:
        """Keep a chunk of the body."""
        if not self._is_complete:
            self._found.append(piece)
            self._beside -= len(piece)

    def on_message_complete(self) -> None:
        """Mark the response complete."""
        if not self._is_complete:
            self._is_complete = True
            self.may_go_on = self._parser is not None and self._parser.should_keep_alive()
