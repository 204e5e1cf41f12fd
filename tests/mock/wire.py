"""One request by each way to the mock, with the whole response: all headers and bytes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from axtasks.mock import MockRequest, MockTransport

from tests.mock import raw
from tests.mock.doors import BASE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from axtasks.mock import Mock
    from axtasks.mock.messages import Headers

    from tests.mock.doors import Socket

CLOSE = ("Connection", "close")
OWN = {"host", "content-length", "transfer-encoding", "connection"}
"""Request headers that a door adds or changes."""


@dataclass(frozen=True)
class WireRequest:
    """A request; its body is sent in chunks if `chunks` are given."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    chunks: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class WireResponse:
    """A response; its headers have lower-case names and are sorted."""

    status: int
    headers: Headers
    body: bytes


def wire_response(status: int, headers: Headers, body: bytes) -> WireResponse:
    """Return a response with comparable headers."""
    return WireResponse(status, tuple(sorted((name.lower(), value) for name, value in headers)), body)


def by_handle(mock: Mock, sent: WireRequest) -> WireResponse:
    """Send a request directly to the core."""
    path, _, query = sent.target.partition("?")
    answer = mock.handle(MockRequest(sent.method, path, query, sent.headers, sent.body or b"".join(sent.chunks)))
    return wire_response(answer.status, answer.headers, answer.body)


def by_transport(mock: Mock, sent: WireRequest) -> WireResponse:
    """Send a request with a sync client of httpx."""
    with httpx.Client(transport=MockTransport(mock), trust_env=False) as client:
        return _of_httpx(client.send(_for_httpx(sent, iter(sent.chunks))))


def by_async_transport(mock: Mock, sent: WireRequest) -> WireResponse:
    """Send a request with an async client of httpx."""

    async def chunks() -> AsyncIterator[bytes]:
        for chunk in sent.chunks:
            yield chunk

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=MockTransport(mock), trust_env=False) as client:
            return await client.send(_for_httpx(sent, chunks()))

    return _of_httpx(asyncio.run(send()))


def _for_httpx(sent: WireRequest, chunks: Iterator[bytes] | AsyncIterator[bytes]) -> httpx.Request:
    url = httpx.URL(f"{BASE}{sent.target}")
    content = chunks if sent.chunks else sent.body or None
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.headers]
    request = httpx.Request(sent.method, url, headers=headers, content=content)
    request.method = sent.method  # httpx writes it in capitals
    return request


def _of_httpx(answer: httpx.Response) -> WireResponse:
    return wire_response(answer.status_code, tuple(answer.headers.multi_items()), answer.content)


def through(socket: Socket) -> Callable[[Mock, WireRequest], WireResponse]:
    """Return a function that sends a request over a connection of its own, and reads until it is closed."""

    def by_socket(mock: Mock, sent: WireRequest) -> WireResponse:
        body, headers = sent.body, sent.headers
        if sent.chunks:
            body, headers = chunked(sent.chunks), (*headers, ("Transfer-Encoding", "chunked"))
        return read(raw.exchange(socket.serve(mock), sent.method, sent.target, body, headers=headers))

    return by_socket


def chunked(chunks: tuple[bytes, ...]) -> bytes:
    """Encode a body in chunks."""
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def read(received: bytes) -> WireResponse:
    """Parse a response whose body is everything after its head."""
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return wire_response(int(first.split(" ")[1]), tuple((name, value.strip()) for name, _, value in pairs), body)
