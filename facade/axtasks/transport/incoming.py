"""An answer of HTTP/1.1 as it comes in, read the same way whoever waits for its bytes. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axtasks.bodies import Body

from .errors import ProtocolError
from .wire import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

# More than any server has to say before the body, and little enough to hold.
MOST_HEAD_BYTES = 100 * 1024
# What of an answer is quoted is never cut: half a key could not be told from other text.
LONGEST_QUOTE = 200
_SWITCHING = 101
_FIRST_FINAL = 200
_WITHOUT_BODY = (204, 304)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_END_OF_LINE = re.compile(rb"\r\n")
_NO_TRAILER = re.compile(rb"\r?\n")
_STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) ([1-9][0-9]{2})(?: .*)?")
_NAME = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
# What no line may have: somebody on the way may have read it as something else.
_UNSAFE = re.compile(rb"[\x00\v\f]|\r(?!\n)")
_LENGTH = re.compile(r"[0-9]{1,20}")
_BLANKS = " \t"
_FOLD = re.compile(r"\n[ \t]+")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,20})(?:;.*)?[ \t]*")


class Incoming:
    """An answer as it comes in.

    Args:
        method: what it answers.
        most_bytes: the most bytes its body may have once unpacked.

    Attributes:
        head: its status and headers, once they are here.
        is_whole: whether all of it is here.
        may_go_on: whether the connection can carry another exchange after this one.
    """

    __slots__ = ("_body", "_buffer", "_left", "_looked", "_method", "_most", "_next", "head", "is_whole", "may_go_on")

    def __init__(self, method: str, *, most_bytes: int) -> None:
        self.head: Answer | None = None
        self.is_whole = False
        self.may_go_on = False
        self._method = method
        self._most = most_bytes
        self._body = Body("", most_bytes=most_bytes)
        self._buffer = bytearray()
        # How much of the buffer was searched for the end of what is to be read next.
        self._looked = 0
        # The bytes of the body, or of a chunk of it, that are still to come.
        self._left = 0
        # What reads on, and tells whether it could.
        self._next: Callable[[], bool] = self._read_head

    def take(self, data: bytes) -> bool:
        """Takes what came next, and tells whether all is here now.

        Raises:
            ProtocolError: it is not HTTP.
            BodyError: the body cannot be unpacked.
            BodyTooLargeError: the body has more bytes than the limit.
        """
        self._buffer += data
        while not self.is_whole and self._next():
            pass
        if self.is_whole and self._buffer:
            # Nobody asked for what follows.
            self.may_go_on = False
        return self.is_whole

    def end(self) -> None:
        """Takes note that the server has hung up.

        Raises:
            ProtocolError: that was too early.
            BodyError: what was packed is not complete.
        """
        if self.is_whole:
            return
        if self._next == self._read_on:
            self._finish()
        elif self.head is not None:
            raise ProtocolError("the peer closed connection before the end of the body")
        elif self._buffer:
            raise ProtocolError("the peer closed connection before the end of the headers")
        else:
            raise ProtocolError("the server disconnected without an answer")

    def answer(self) -> Answer:
        """The answer, with as much of its body as is here.

        Raises:
            ProtocolError: not even its head is.
        """
        if self.head is None:
            raise ProtocolError("there is no answer yet")
        return self.head._replace(content=self._body.received())

    def _finish(self) -> bool:
        self._body.whole()
        self.is_whole = True
        return False

    def _until(self, end: re.Pattern[bytes]) -> bytes | None:
        """The beginning of the buffer up to an end, taken out of it with that; None where that is not here yet."""
        found = end.search(self._buffer, self._looked)
        if (len(self._buffer) if found is None else found.start()) > MOST_HEAD_BYTES:
            raise ProtocolError("the headers of the answer are too long")
        if found is None:
            self._looked = max(0, len(self._buffer) - 3)
            return None
        part = bytes(self._buffer[: found.start()])
        del self._buffer[: found.end()]
        self._looked = 0
        return part

    def _read_head(self) -> bool:
        head = self._until(_END_OF_HEAD)
        if head is None:
            return False
        first, _, rest = _text(head).partition("\n")
        found = _STATUS_LINE.fullmatch(first)
        if found is None:
            raise ProtocolError(f"the status line of the answer is illegal{_quoted(first)}")
        version, status_code, headers = found[1], int(found[2]), _headers(rest)
        if status_code == _SWITCHING:
            raise ProtocolError("the server speaks another protocol from here on, with status 101")
        if status_code >= _FIRST_FINAL:
            self.head = Answer(status_code, headers, b"")
            self._begin_body(version, status_code, headers)
        return True

    def _begin_body(self, version: str, status_code: int, headers: dict[str, str]) -> None:
        """Decides how long the body is, in the order of RFC 9112, 6.3."""
        self.may_go_on = version != "0" and not _says_close(headers.get("connection"))
        encoding, length = headers.get("transfer-encoding"), _length(headers.get("content-length"))
        if encoding is not None and encoding.lower() != "chunked":
            raise ProtocolError(f"the transfer encoding {encoding!r} was not asked for")
        if self._method == "HEAD" or status_code in _WITHOUT_BODY:
            self._finish()
            return
        self._body = Body(headers.get("content-encoding", ""), most_bytes=self._most)
        if encoding is not None:
            self._next = self._read_chunk_line
        elif length is not None:
            self._left = length
            self._next = self._read_rest
        else:
            self.may_go_on = False
            self._next = self._read_on

    def _keep(self, most: int) -> int:
        """Moves bytes from the buffer to the body, and tells how many."""
        piece = bytes(self._buffer) if len(self._buffer) <= most else bytes(self._buffer[:most])
        del self._buffer[: len(piece)]
        if piece:
            self._body.add(piece)
        return len(piece)

    def _read_rest(self) -> bool:
        self._left -= self._keep(self._left)
        return False if self._left else self._finish()

    def _read_on(self) -> bool:
        self._keep(len(self._buffer))
        return False

    def _read_chunk_line(self) -> bool:
        line = self._until(_END_OF_LINE)
        if line is None:
            return False
        found = _CHUNK.fullmatch(line)
        if found is None:
            raise ProtocolError("the size of a chunk is none")
        self._left = int(found[1], 16)
        self._next = self._read_chunk if self._left else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        self._left -= self._keep(self._left)
        if self._left:
            return False
        self._next = self._read_chunk_end
        return True

    def _read_chunk_end(self) -> bool:
        end = b"\r\n"
        if self._buffer[:2] != end[: len(self._buffer)]:
            raise ProtocolError("a chunk does not end where it should")
        if len(self._buffer) < len(end):
            return False
        del self._buffer[:2]
        self._next = self._read_chunk_line
        return True

    def _read_trailer(self) -> bool:
        end = _NO_TRAILER.match(self._buffer)
        if end is not None:
            del self._buffer[: end.end()]
            return self._finish()
        trailer = self._until(_END_OF_HEAD)
        if trailer is None:
            return False
        # Only looked at for being no headers: nothing in them is of use here.
        _headers(_text(trailer))
        return self._finish()


def _text(head: bytes) -> str:
    """The lines of a head, ended alike.

    Raises:
        ProtocolError: they have characters that no line may have.
    """
    if _UNSAFE.search(head) is not None:
        raise ProtocolError("a header of the answer has a character that is illegal there")
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    return text.replace("\r\n", "\n")


def _headers(text: str) -> dict[str, str]:
    """The headers by their names in lower case.

    Raises:
        ProtocolError: there is a line that is none.
    """
    headers: dict[str, str] = {}
    # A line that begins with a blank is the rest of the one before, as HTTP once allowed.
    for line in _FOLD.sub(" ", text).split("\n") if text else ():
        name, colon, value = line.partition(":")
        if not colon or _NAME.fullmatch(name) is None:
            raise ProtocolError(f"a header of the answer is illegal{_quoted(line)}")
        name, value = name.lower(), value.strip(_BLANKS)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _quoted(text: str) -> str:
    """The end of a message that quotes a text, if it is no longer than what anybody wants to read."""
    return f": {text!r}" if len(text) <= LONGEST_QUOTE else ""


def _says_close(options: str | None) -> bool:
    """Whether the server will hang up after its answer."""
    return options is not None and "close" in {option.strip().lower() for option in options.split(",")}


def _length(told: str | None) -> int | None:
    """The length of the body in bytes; None where it is not told.

    Raises:
        ProtocolError: it is told in several ways, or is none.
    """
    if told is None:
        return None
    lengths = {length.strip() for length in told.split(",")} if "," in told else {told}
    length = lengths.pop()
    if lengths or _LENGTH.fullmatch(length) is None:
        raise ProtocolError("the length of the answer is none")
    return int(length)
