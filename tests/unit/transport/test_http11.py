"""Tests of the HTTP/1.1 reader: a response is read the same in pieces of any size."""

from __future__ import annotations

import gc
import gzip
import random
import tracemalloc
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

import h11
import pytest
from axtasks.transport.body import BodyError, BodyTooLargeError
from axtasks.transport.errors import ProtocolError
from axtasks.transport.http11 import Exchange
from axtasks.transport.models import MOST_HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

# None of this depends on what a server speaks.
pytestmark = pytest.mark.one_contract

LIMIT = 1_000


class Read(NamedTuple):
    """A response that was read, and the state of the connection after it."""

    status_code: int
    headers: dict[str, str]
    body: bytes
    may_go_on: bool = True


class Incoming(Exchange):
    """An exchange with its request written, which gets the response piece by piece."""

    def __init__(self, method: str, *, most_bytes: int) -> None:
        request = h11.Request(method=method, target="/", headers=[("Host", "any")])
        super().__init__(request, None, most_bytes=most_bytes)
        assert b"".join(self.pieces())

    def take(self, piece: bytes) -> bool:
        """Add a piece and return True if the response is complete; an empty piece is the end of the connection."""
        self.receive(piece)
        return self.is_complete


def read(pieces: Iterable[bytes], *, method: str = "GET") -> Read:
    """Return the response in these pieces, followed by the end of the connection."""
    incoming = Incoming(method, most_bytes=LIMIT)
    for piece in pieces:
        if incoming.take(piece):
            break
    else:
        incoming.take(b"")
    status_code, headers, content = incoming.response()
    return Read(status_code, dict(headers), content, incoming.is_reusable)


ANSWERS: dict[str, tuple[bytes, Read]] = {
    "with-length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello",
        Read(200, {"content-length": "5", "x-a": "b"}, b"hello"),
    ),
    "of-no-length": (b"HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n", Read(201, {"content-length": "0"}, b"")),
    "in-chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n00a;x=y\r\n0123456789\r\n0\r\n\r\n",
        Read(200, {"transfer-encoding": "chunked"}, b"abc0123456789"),
    ),
    "in-chunks-with-a-trailer": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n",
        Read(200, {"transfer-encoding": "chunked"}, b"a"),
    ),
    "chunks-before-length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        Read(200, {"content-length": "90", "transfer-encoding": "chunked"}, b"a"),
    ),
    "to-the-end": (b"HTTP/1.1 200 OK\r\n\r\nall of it", Read(200, {}, b"all of it", may_go_on=False)),
    "then-close": (
        b"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\na",
        Read(200, {"connection": "x, Close", "content-length": "1"}, b"a", may_go_on=False),
    ),
    "of-http-1.0": (
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
        Read(200, {"content-length": "1"}, b"a", may_go_on=False),
    ),
    "no-content": (b"HTTP/1.1 204 No Content\r\n\r\n", Read(204, {}, b"")),
    "not-modified": (
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
        Read(304, {"content-length": "7"}, b""),
    ),
    "after-others": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nLink: x\r\n\r\nHTTP/1.1 404\r\nContent-Length: 1\r\n\r\na",
        Read(404, {"content-length": "1"}, b"a"),
    ),
    "bare-line-feeds": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n\r\n", Read(200, {"content-length": "2"}, b"\r\n")),
    "names-again": (
        b"HTTP/1.1 200 OK\r\nX-A: b\r\nx-a: c\r\nContent-Length: 0\r\n\r\n",
        Read(200, {"x-a": "b, c", "content-length": "0"}, b""),
    ),
    "folded": (
        b"HTTP/1.1 200 OK\r\nX-A:\r\n  b\r\n\tc\r\nContent-Length: 0\r\n\r\n",
        Read(200, {"x-a": "b c", "content-length": "0"}, b""),
    ),
    "utf-8": (
        "HTTP/1.1 200 Schön\r\nX-A: ä\r\nContent-Length: 0\r\n\r\n".encode(),
        Read(200, {"x-a": "ä", "content-length": "0"}, b""),
    ),
    "latin-1": (
        b"HTTP/1.1 200 OK\r\nX-A: \xe4\r\nContent-Length: 0\r\n\r\n",
        Read(200, {"x-a": "ä", "content-length": "0"}, b""),
    ),
}

BROKEN = {
    "nothing": (b"", "the connection ended without an answer"),
    "no-http": (b"hello\r\n\r\n", "status line"),
    "no-status": (b"HTTP/1.1 OK\r\n\r\n", "status line"),
    "status-of-two-digits": (b"HTTP/1.1 20 OK\r\n\r\n", "status line"),
    "switching": (b"HTTP/1.1 101 Switching\r\n\r\n", "_SWITCH_UPGRADE"),
    "no-colon": (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "illegal header line"),
    "blank-in-name": (b"HTTP/1.1 200 OK\r\nX-A : b\r\n\r\n", "illegal header line"),
    "no-name": (b"HTTP/1.1 200 OK\r\n: b\r\n\r\n", "illegal header line"),
    "fold-of-nothing": (b"HTTP/1.1 200 OK\r\n X-A: b\r\n\r\n", "continuation line"),
    "null": (b"HTTP/1.1 200 OK\r\nX-A: b\x00\r\n\r\n", "illegal header line"),
    "carriage-return": (b"HTTP/1.1 200 OK\r\nX-A: b\rX-B: c\r\n\r\n", "illegal header line"),
    "cut-head": (b"HTTP/1.1 200 OK\r\nX-A", "unexpectedly closed connection"),
    "cut-body": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "without sending complete message body"),
    "cut-chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "incomplete chunked read"),
    "no-last-chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "incomplete chunked read"),
    "two-lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "Content-Length"),
    "negative-length": (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length"),
    "signed-length": (b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "Content-Length"),
    "another-encoding": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding"),
    "no-size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", "chunk"),
    "signed-size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n", "chunk"),
    "no-end-of-chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "chunk"),
    "no-trailer": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno trailer\r\n\r\n", "header"),
    "endless-head": (b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * MOST_HEAD_BYTES, "too long"),
    "endless-size": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"b" * MOST_HEAD_BYTES,
        "too long",
    ),
}


@pytest.mark.parametrize(("wire", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_the_same_however_it_is_cut(wire: bytes, expected: Read) -> None:
    assert read([wire]) == expected
    assert read(wire[at : at + 1] for at in range(len(wire))) == expected
    for at in range(1, len(wire)):
        assert read([wire[:at], wire[at:]]) == expected


@pytest.mark.parametrize(("wire", "reason"), BROKEN.values(), ids=BROKEN)
def test_an_incomplete_response_is_an_error_however_it_is_cut(wire: bytes, reason: str) -> None:
    for size in (len(wire) or 1, 1 if len(wire) < LIMIT else 1000):
        with pytest.raises(ProtocolError, match=reason):
            read(wire[at : at + size] for at in range(0, len(wire), size))


@pytest.mark.parametrize(("length", "is_quoted"), [(200, True), (300, False)])
def test_illegal_data_is_quoted_whole_or_not_at_all(length: int, is_quoted: bool) -> None:
    """Redaction cannot find half a key."""
    with pytest.raises(ProtocolError) as caught:
        read([b"x" * length + b"\r\n\r\n"])

    assert ("x" in str(caught.value)) is is_quoted


@pytest.mark.parametrize("name", ["with-length", "in-chunks", "no-content"])
def test_unsolicited_data_after_a_response_closes_the_connection(name: str) -> None:
    wire, expected = ANSWERS[name]

    assert read([wire + b"HTTP/1.1 200 OK\r\n"]) == expected._replace(may_go_on=False)


def test_the_answer_to_a_head_request_has_no_body() -> None:
    wire = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n"

    assert read([wire], method="HEAD") == Read(200, {"content-length": "5", "content-encoding": "gzip"}, b"")


def test_the_received_part_of_a_too_large_body_is_available() -> None:
    incoming = Incoming("GET", most_bytes=3)

    with pytest.raises(BodyTooLargeError):
        incoming.take(b"HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nhello")
    assert incoming.response()[::2] == (500, b"hel")
    assert not incoming.is_complete
    with pytest.raises(ProtocolError):
        Incoming("GET", most_bytes=3).response()


def test_a_packed_body_that_ends_too_early_is_an_error() -> None:
    with pytest.raises(BodyError, match="ends too early"):
        read([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b"])


@pytest.mark.parametrize("name", ["in-chunks", "to-the-end", "after-others"])
def test_an_answer_that_was_read_leaves_nothing_to_collect(name: str) -> None:
    """An object in a reference cycle would keep its body until the next garbage collection."""
    wire, _ = ANSWERS[name]
    here = WeakSet[Any]()

    gc.disable()
    try:
        incoming = Incoming("GET", most_bytes=LIMIT)
        here.add(incoming)
        for piece in (wire[:50], wire[50:], b""):
            if incoming.take(piece):
                break
        del incoming

        assert not here
    finally:
        gc.enable()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
# What comes first, and what comes after that again and again.
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "reason-phrase": (b"HTTP/1.1 200 ", b"OK"),
    "header": (b"HTTP/1.1 200 OK\r\nX-A: ", b"b"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "continued-header": (b"HTTP/1.1 200 OK\r\nX-A: b\r\n", b" c\r\n"),
    "answers-in-between": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "early-hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "lines-before": (b"", b"\r\n"),
    "chunk-size": (CHUNKED, b"0"),
    "blanks-after-a-chunk-size": (CHUNKED + b"1", b" "),
    "chunk-extension": (CHUNKED + b"1;", b"a=b;"),
    "chunk-extension-of-the-last": (CHUNKED + b"0;", b"a=b;"),
    "chunk-extensions": (CHUNKED, b"1;" + b"a=b;" * 250 + b"\r\na\r\n"),
    "short-chunk-extensions": (CHUNKED, b"1;" + b"a" * 20 + b"\r\na\r\n"),
    "trailer": (CHUNKED + b"0\r\nX-A: ", b"b"),
    "trailers": (CHUNKED + b"0\r\n", b"X-A: b\r\n"),
}
ENDLESS_BODIES: dict[str, tuple[bytes, bytes]] = {
    "of-no-length": (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
    "with-length": (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", b"a"),
    "of-one-chunk": (CHUNKED + b"fffffffff\r\n", b"a"),
    "of-small-chunks": (CHUNKED, b"1\r\na\r\n"),
    "packed": (PACKED, gzip.compress(b"a" * 100)),
    "packed-and-empty": (PACKED, gzip.compress(b"")),
    "packed-under-a-long-name": (PACKED + b"\x1f\x8b\x08\x08" + b"\0" * 6, b"a"),
}
PIECE_BYTES = 16_384


def taken(
    endless: tuple[bytes, bytes], incoming: Incoming, refused: type[Exception] = ProtocolError
) -> tuple[int, int, str]:
    """Feed a reader until it refuses; return the bytes it took, its peak memory, and the error."""
    first, again = endless
    rest = again * (PIECE_BYTES // len(again))
    size, reason = 0, ""
    tracemalloc.start()
    try:
        for piece in chain([first] if first else [], repeat(rest, 200)):
            size += len(piece)
            try:
                # A piece of its own each time, as a socket gives it.
                incoming.take(bytes(bytearray(piece)))
            except refused as error:
                reason = str(error)
                break
        return size, tracemalloc.get_traced_memory()[1], reason
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("endless", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_head_is_refused_early(endless: tuple[bytes, bytes]) -> None:
    size, memory, reason = taken(endless, Incoming("GET", most_bytes=MOST_HEAD_BYTES))

    assert reason
    assert size <= 4 * MOST_HEAD_BYTES
    assert memory <= 20 * MOST_HEAD_BYTES


@pytest.mark.parametrize("endless", ENDLESS_BODIES.values(), ids=ENDLESS_BODIES)
def test_a_body_without_an_end_is_refused_in_time(endless: tuple[bytes, bytes]) -> None:
    size, memory, reason = taken(endless, Incoming("GET", most_bytes=LIMIT), BodyTooLargeError)

    assert f"{LIMIT} bytes" in reason
    assert size <= 2 * PIECE_BYTES
    assert memory <= 20 * MOST_HEAD_BYTES


@pytest.mark.parametrize("chunk", [b"1\r\na\r\n", b"0001;a=b\r\na\r\n"], ids=["plain", "with-extensions"])
def test_a_body_of_many_small_chunks_is_read(chunk: bytes) -> None:
    count = 2 * MOST_HEAD_BYTES // len(chunk)
    incoming = Incoming("GET", most_bytes=count)
    wire = CHUNKED + chunk * count + b"0\r\n\r\n"

    for at in range(0, len(wire), PIECE_BYTES):
        incoming.take(wire[at : at + PIECE_BYTES])

    assert incoming.is_complete
    assert incoming.is_reusable
    assert incoming.response().content == b"a" * count


NOISE = (
    *(b"\r", b"\n", b"\r\n", b" ", b"\t", b":", b"\x00", b"\x0b", b"\x7f", b"\xff", b"0", b"9", b"a", b",", b";", b"-"),
    *(b"\x01", b"1", b"f", b"\xc3", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"HTTP/1.1 "),
)


def damaged(rng: random.Random) -> bytes:
    """Return a response with a few random bytes changed."""
    wire = bytearray(rng.choice([wire for wire, _ in ANSWERS.values()]))
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(wire) + 1)
        wire[at : at + rng.randint(0, 2)] = rng.choice((b"", *NOISE))
    return bytes(wire)


def outcome(pieces: Iterable[bytes]) -> Read | str:
    """Return the response; the error where it is refused."""
    try:
        return read(pieces)
    except ProtocolError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_answer_is_read_or_refused_alike_however_it_is_cut(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  # nothing here is a secret
    for _ in range(250):
        wire = damaged(rng)
        at = rng.randrange(len(wire) + 1)
        found = [outcome([piece for piece in pieces if piece]) for pieces in ([wire[:at], wire[at:]], [wire])]

        # Data behind the end may come before or after it is read, and an error may be noticed sooner or later.
        told = [None if isinstance(each, str) else each._replace(may_go_on=True) for each in found]
        assert told[0] == told[1], wire
