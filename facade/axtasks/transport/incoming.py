"""Read HTTP/1.1 responses with h11. No I/O."""

from __future__ import annotations

from functools import lru_cache

import h11

from .body import BodyDecoder
from .errors import ProtocolError
from .models import MOST_BESIDE_A_BYTE, MOST_HEAD_BYTES, Response, join_headers

LONGEST_MESSAGE = 300
_END = h11.EndOfMessage()
_SWITCHING = 101
_BOTH_DONE = {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


class Incoming:
    """Reads one response with h11.

    Args:
        method: the method of the request.
        most_bytes: the most bytes of the decompressed body.

    Attributes:
        is_whole: True once all of it is here.
        may_go_on: True if the connection can be used for another exchange after this one.
    """

    __slots__ = ("_beside", "_body", "_head", "_most", "_reader", "is_whole", "may_go_on")

    def __init__(self, method: str, *, most_bytes: int) -> None:
        self.is_whole = False
        self.may_go_on = False
        # How many bytes may still come that are not of the body: heads, chunk sizes and their extensions, trailers.
        self._beside = MOST_HEAD_BYTES
        self._head: Response | None = None
        self._most = most_bytes
        self._body = BodyDecoder("", most_bytes=most_bytes)
        self._reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD_BYTES)
        self._reader.send(_sent(method))
        self._reader.send(_END)

    def take(self, data: bytes) -> bool:
        """Add received data; return True once the response is complete.

        Raises:
            ProtocolError: it is not HTTP, or too much of it is not of the body.
            BodyError: the body cannot be decompressed.
            BodyTooLargeError: the body has more bytes than the limit.
        """
        try:
            self._reader.receive_data(data)
            self._read()
        except h11.ProtocolError as error:
            raise ProtocolError(_told(error)) from error
        self._beside -= len(data)
        if self._beside < 0 and not self.is_whole:
            raise ProtocolError("what comes beside the body is too long")
        return self.is_whole

    def end(self) -> None:
        """End the response: the server has closed the connection.

        Raises:
            ProtocolError: that was too early.
            BodyError: the compressed body is not complete.
        """
        if self.is_whole:
            return
        if self._head is None and not self._reader.trailing_data[0]:
            raise ProtocolError("the server disconnected without an answer")
        self.take(b"")

    def answer(self) -> Response:
        """Return the response, with as much of its body as is here.

        Raises:
            ProtocolError: not even its head is.
        """
        if self._head is None:
            raise ProtocolError("there is no answer yet")
        return self._head.with_content(self._body.received())

    def _read(self) -> None:
        """Read as many events as there are."""
        reader = self._reader
        while not self.is_whole:
            event = reader.next_event()
            if event is h11.NEED_DATA:
                return
            if isinstance(event, h11.Data):
                self._beside += len(event.data) * (1 + MOST_BESIDE_A_BYTE)
                self._body.add(bytes(event.data))
            elif isinstance(event, h11.Response):
                headers = join_headers(event.headers)
                self._head = Response(event.status_code, headers, b"")
                self._body = BodyDecoder(headers.get("content-encoding", ""), most_bytes=self._most)
            elif isinstance(event, h11.EndOfMessage):
                self._body.whole()
                self.is_whole = True
                # Data after the response was not requested.
                self.may_go_on = reader.states == _BOTH_DONE and reader.trailing_data == (b"", False)
            elif not isinstance(event, h11.InformationalResponse) or event.status_code == _SWITCHING:
                raise ProtocolError("the server speaks another protocol from here on")


@lru_cache(maxsize=16)
def _sent(method: str) -> h11.Request:
    """Return a request of that method: for some methods responses have no body, whatever they say."""
    return h11.Request(method=method, target="/", headers=[("Host", "any")])


def _told(error: h11.ProtocolError) -> str:
    """Return the text of an error; a long quote is left out, since half a key in it would not be redacted."""
    text = str(error)
    return text if len(text) <= LONGEST_MESSAGE else text.partition(":")[0]
