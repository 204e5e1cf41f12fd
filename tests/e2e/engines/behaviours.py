"""Behaviours of the nasty server on the first connection: each function misbehaves in one way."""

from __future__ import annotations

import socket
import ssl
import zlib
from itertools import chain, count, repeat
from typing import TYPE_CHECKING

import trustme

from tests.e2e.engines.server import (
    PATIENCE_SECONDS,
    PIECE_BYTES,
    Peer,
    answer_well,
    response,
    run,
    server_context,
)
from tests.model.chaos.proxy import HOST
from tests.unit.wire import reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.e2e.engines.server import Behaviour

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
GARBAGE = b"\x00\xff garbage\r\n\r\n"
# A megabyte per write, so that the server's own work does not slow the stream.
MEGABYTE = 1_000_000
SLOW_READ_SECONDS = 0.005


# Between two calls


def close_while_idle(peer: Peer) -> None:
    """Answer one request, and close the connection."""
    peer.send(response(peer.request()))
    peer.server.idle.wait(PATIENCE_SECONDS)
    peer.link.shutdown(socket.SHUT_WR)
    peer.server.is_noticed = True
    peer.server.struck.set()
    peer.stay()


def close_on_request(peer: Peer) -> None:
    """Answer one request, and close when the next begins to arrive, without reading it."""
    peer.send(response(peer.request()))
    peer.server.struck.set()
    peer.link.recv(1, socket.MSG_PEEK)


def say_while_idle(said: bytes) -> Behaviour:
    """Answer one request, and send bytes that belong to no request once the response has arrived."""

    def behave(peer: Peer) -> None:
        peer.secure()
        peer.send(response(peer.request()))
        peer.server.idle.wait(PATIENCE_SECONDS)
        peer.send(said)
        peer.server.is_noticed = True
        peer.server.struck.set()
        answer_well(peer)

    return behave


def say_in_one_segment(said: bytes) -> Behaviour:
    """Answer one request, and send bytes that belong to no request in the same segment."""

    def behave(peer: Peer) -> None:
        peer.send(response(peer.request()) + said)
        peer.server.struck.set()
        answer_well(peer)

    return behave


# While a request is sent


def reset_on_head(peer: Peer) -> None:
    """Reset the connection after the head of a request."""
    peer.head()
    peer.reset()


def refuse_and_stay(peer: Peer) -> None:
    """Answer 413 to the head of a request, and neither read on nor close."""
    peer.head()
    peer.send(reply(b"{}", "413 Content Too Large"))
    peer.stay()


def refuse_and_close(peer: Peer) -> None:
    """Answer 413 to the head of a request, and close."""
    peer.head()
    peer.send(reply(b"{}", "413 Content Too Large", Connection="close"))


def read_slowly(peer: Peer) -> None:
    """Read a request in small pieces, with a break after each."""
    peer.break_seconds = SLOW_READ_SECONDS
    peer.send(response(peer.request()))
    answer_well(peer)


def never_read(peer: Peer) -> None:
    """Read no byte of the request."""
    peer.stay()


# The response


def cut(end: int) -> Behaviour:
    """Send the first bytes of a response, up to `end`, and close."""

    def behave(peer: Peer) -> None:
        peer.send(response(peer.request())[:end])

    return behave


def cut_in_chunk(peer: Peer) -> None:
    """Send the beginning of a chunk, and close."""
    peer.request()
    peer.send(CHUNKED + b"\r\nff\r\n{")


def say(*, before: bytes = b"", after: bytes = b"") -> Behaviour:
    """Answer a request with bytes before or after the response, then answer well."""

    def behave(peer: Peer) -> None:
        peer.send(before + response(peer.request()) + after)
        answer_well(peer)

    return behave


def send_204_with_body(peer: Peer) -> None:
    """Answer 204 with a complete second response as its body."""
    peer.request()
    peer.send(reply(response(), "204 No Content"))
    answer_well(peer)


def lengths(*told: str, close: bool = False) -> Behaviour:
    """Answer with these `Content-Length` headers, in which `N` is replaced by the right length."""

    def behave(peer: Peer) -> None:
        body = run(peer.request())
        lines = "".join(f"Content-Length: {each.replace('N', str(len(body)))}\r\n" for each in told)
        peer.send(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{lines}\r\n".encode() + body)
        if not close:
            answer_well(peer)

    return behave


def both_lengths(peer: Peer) -> None:
    """Answer in chunks, and with a `Content-Length` that is too short."""
    body = run(peer.request())
    peer.send(CHUNKED + b"Content-Length: 7\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    answer_well(peer)


def chunks_with_trailers(peer: Peer) -> None:
    """Answer in two chunks with an extension and trailers."""
    body = run(peer.request())
    peer.send(CHUNKED + b"Trailer: X-Sum\r\n\r\n5;a=b\r\n%b\r\n" % body[:5])
    peer.send(b"%x\r\n%b\r\n0\r\nX-Sum: 1\r\nContent-Length: 3\r\n\r\n" % (len(body) - 5, body[5:]))
    answer_well(peer)


def http10(peer: Peer) -> None:
    """Answer in HTTP/1.0 without a length: the end of the connection ends the body."""
    peer.send(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + run(peer.request()))


def many_cookies(peer: Peer) -> None:
    """Answer with a hundred cookies."""
    cookies = b"".join(b"Set-Cookie: c%d=%b; Path=/\r\n" % (number, b"x" * 60) for number in range(100))
    whole = response(peer.request())
    status, _, rest = whole.partition(b"\r\n")
    peer.send(status + b"\r\n" + cookies + rest)
    answer_well(peer)


def ssh_banner(peer: Peer) -> None:
    """Send the banner of an SSH server."""
    peer.send(b"SSH-2.0-OpenSSH_9.6\r\n")
    peer.stay()


def drip_head(peer: Peer) -> None:
    """Send the head of a response byte by byte."""
    whole = response(peer.request(), X_Padding="x" * 1000)
    peer.drip(whole)
    answer_well(peer)


def deep_json(peer: Peer) -> None:
    """Answer with JSON of a million nested lists."""
    peer.request()
    peer.send(reply(b"[" * 1_000_000 + b"]" * 1_000_000))
    answer_well(peer)


# TLS


def silent_tls(peer: Peer) -> None:
    """Send no TLS handshake."""
    peer.stay()


def drip_tls(peer: Peer) -> None:
    """Send the TLS handshake byte by byte."""
    assert peer.server.context is not None
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    handshake = peer.server.context.wrap_bio(heard, said, server_side=True)
    heard.write(peer.link.recv(PIECE_BYTES))
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:
        peer.drip(said.read())
    peer.stay()


def wrong_name(peer: Peer) -> None:
    """Present a certificate for another host name."""
    assert peer.server.authority is not None
    peer.secure(server_context(peer.server.authority, "another.nasty.test"))
    answer_well_within_tls(peer)


def unknown_authority(peer: Peer) -> None:
    """Present a certificate of an unknown authority."""
    peer.secure(server_context(trustme.CA(), HOST))
    answer_well_within_tls(peer)


def answer_well_within_tls(peer: Peer) -> None:
    """Answer well over TLS, though the client should have refused the certificate."""
    while True:
        peer.send(response(peer.request()))


# Without end


def endless(beginning: bytes, pieces: Callable[[], Iterator[bytes]], *, break_seconds: float = 0) -> Behaviour:
    """Answer with a beginning, then send pieces without end.

    Args:
        beginning: the first bytes.
        pieces: returns an iterator over the pieces.
        break_seconds: the wait after each piece, so that the client can keep up.
    """

    def behave(peer: Peer) -> None:
        peer.request()
        peer.send_on(chain([beginning], pieces()), break_seconds)

    return behave


def headers_for_ever() -> Iterator[bytes]:
    """Yield headers without end, 60 at a time."""
    for number in count():
        yield b"".join(b"X-%d-%d: %b\r\n" % (number, each, b"x" * 1000) for each in range(60))


def bomb(status: str) -> Behaviour:
    """Answer with a compressed body of zeros without end."""
    head = b"HTTP/1.1 %b\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" % status.encode()
    return endless(head, zeros_for_ever)


def zeros_for_ever() -> Iterator[bytes]:
    """Yield chunks of a gzip body that decompresses to a thousand times its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    first = packer.compress(bytes(10 * MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(10 * MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    yield b"%x\r\n%b\r\n" % (len(first), first)
    yield from repeat(b"%x\r\n%b\r\n" % (len(again), again))


endless_heads = endless(b"HTTP/1.1 200 OK\r\n", headers_for_ever)
endless_line = endless(b"HTTP/1.1 200 OK\r\nX-Endless: ", lambda: repeat(b"x" * MEGABYTE))
endless_extension = endless(CHUNKED + b"\r\n5;a=", lambda: repeat(b"x" * MEGABYTE))
endless_extensions = endless(CHUNKED + b"\r\n", lambda: repeat(b"1;a=%b\r\n{\r\n" % (b"x" * 1000)))
endless_trailers = endless(CHUNKED + b"\r\n2\r\n{}\r\n0\r\n", headers_for_ever)
endless_1xx = endless(b"", lambda: repeat(HINTS * 20), break_seconds=0.002)

ENDLESS: dict[str, Behaviour] = {
    "heads": endless_heads,
    "chunk extension": endless_extension,
    "1xx": endless(b"", lambda: repeat(HINTS * 1000)),
    "gzip bomb": bomb("200 OK"),
    "refused gzip bomb": bomb("400 Bad Request"),
}
"""The behaviours that memory is measured with."""
