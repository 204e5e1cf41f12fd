"""Connections to the served mock after a response: kept for the next request, or closed."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import pytest
from axtasks.mock import Clock, Mock, MockServer
from axtasks.mock import default_world as known
from axtasks.mock.operations.request import BODY_LIMIT
from axtasks.mock.serving import server
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.mock import raw, wire
from tests.mock.support import AUTHORIZED, NOW, PROJECT_TASK, TASKS, task_path

if TYPE_CHECKING:
    import asyncio

    from axtasks.mock import MockRequest, MockResponse

    from tests.mock.doors import Socket

pytestmark = [pytest.mark.one_door, pytest.mark.one_contract]

PATIENCE_SECONDS = 10
CHAT = task_path(known.CHAT_QUALITY)
KEY, TYPED, CHUNKED = "Authorization: Bearer k", "Content-Type: application/json", "Transfer-Encoding: chunked"


class Broken(Mock):
    """A mock that raises an error for the path `/broken`."""

    def handle(self, request: MockRequest) -> MockResponse:
        """Raise an error, or return the response."""
        if request.path == "/broken":
            raise RuntimeError("broken")
        return super().handle(request)


@dataclass(frozen=True)
class Exchange:
    """A request, and the response that it gets.

    Attributes:
        name: its name in the test's id.
        first: the request line without the version.
        headers: the headers except `Host`.
        body: the body as it is sent.
        status: the status of the response; None if the connection ends without one.
        version: the HTTP version.
        fault: the fault that hits it; empty for none.
    """

    name: str
    first: str
    headers: tuple[str, ...]
    status: int | None
    body: bytes = b""
    version: str = "HTTP/1.1"
    fault: str = ""

    def sent(self) -> bytes:
        """Return the request as bytes."""
        length = [f"Content-Length: {len(self.body)}"] if self.body and CHUNKED not in self.headers else []
        return "\r\n".join(
            [f"{self.first} {self.version}", "Host: localhost", *self.headers, *length, "", ""]
        ).encode() + (self.body)


def struck(fault: str, status: int | None) -> Exchange:
    """Return a request that a fault hits."""
    return Exchange(fault, f"GET {CHAT}", (KEY,), status, fault=f"times=1, {fault}")


LARGE = wire.chunked((b" " * BODY_LIMIT, b"{}"))
KEPT = [
    Exchange("200", f"GET {CHAT}", (KEY,), 200),
    Exchange("204", f"DELETE {CHAT}", (KEY,), 204),
    Exchange("head", f"HEAD {TASKS}", (KEY,), 405),
    Exchange("400", f"POST {TASKS}", (KEY, TYPED), 400, b"{"),
    Exchange("401", f"GET {CHAT}", (), 401),
    Exchange("401 before a body", f"POST {TASKS}", (TYPED,), 401, b"{}"),
    Exchange("404", "GET /v2/nothing", (KEY,), 404),
    Exchange("404 before a body", "POST /v2/nothing", (KEY, TYPED, CHUNKED), 404, wire.chunked((b"{}",))),
    Exchange("405", f"PUT {TASKS}", (KEY,), 405),
    Exchange("413", f"POST {TASKS}", (KEY, TYPED), 413, b" " * (BODY_LIMIT + 1)),
    Exchange("413 in chunks", f"POST {TASKS}", (KEY, TYPED, CHUNKED), 413, LARGE),
    Exchange("415", f"POST {TASKS}", (KEY,), 415, b"{}"),
    *(struck(fault, status) for fault, status in (("status:503", 503), ("html-502", 502), ("delay:1ms", 200))),
    *(struck(fault, 200) for fault in ("empty", "garbage", "slow-drip:0", "extra-field")),
]
CLOSED = [
    Exchange("asked to", f"GET {CHAT}", (KEY, "Connection: close"), 200),
    Exchange("HTTP/1.0", f"GET {CHAT}", (KEY,), 200, version="HTTP/1.0"),
    Exchange("no HTTP", "GET", (), 400),
    Exchange("an impossible length", f"POST {TASKS}", (KEY, "Content-Length: many"), 400),
    Exchange("two lengths", f"POST {TASKS}", (KEY, "Content-Length: 3"), 400, b"{}"),
    Exchange("a length and chunks", f"POST {TASKS}", (KEY, TYPED, CHUNKED, "Content-Length: 2"), 400, b"{}"),
    Exchange("500", "GET /broken", (KEY,), 500),
    struck("truncate", 200),
    struck("accept-then-drop", None),
    struck("reset", None),
]


@pytest.mark.parametrize("exchange", KEPT, ids=lambda each: each.name)
def test_connections_that_are_kept(exchange: Exchange, socket: Socket) -> None:
    """After the response the connection takes another request, and nothing is sent before that."""
    with connected(socket, exchange.fault) as connection, connection.makefile("rb") as stream:
        connection.sendall(exchange.sent())
        assert status_of(stream, exchange.first) == exchange.status
        connection.sendall(Exchange("next", "GET /v2/spaces", (KEY,), 200).sent())

        assert status_of(stream, "GET") == 200


@pytest.mark.parametrize("exchange", CLOSED, ids=lambda each: each.name)
def test_connections_that_are_closed(exchange: Exchange, socket: Socket) -> None:
    """After the response the mock closes the connection."""
    with connected(socket, exchange.fault) as connection, connection.makefile("rb") as stream:
        connection.sendall(exchange.sent())
        try:
            found = status_of(stream, exchange.first)
            rest = stream.read()
        except ConnectionResetError:
            found, rest = None, b""

    assert (found, rest) == (exchange.status, b"")


def connected(served: Socket, fault: str) -> socket.socket:
    """Connect to a fresh mock behind the socket, with a fault armed unless it is empty."""
    address = urlsplit(served.serve(Broken(clock=Clock(NOW, frozen=True), faults=fault or ())))
    return socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS)


def status_of(stream: BinaryIO, first: str) -> int | None:
    """Read one response as far as it comes, and return its status; None at the end of the connection."""
    line = stream.readline()
    if not line:
        return None
    length = 0
    while field := stream.readline().strip():
        name, _, value = field.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    if not first.startswith("HEAD"):
        stream.read(length)
    return int(line.split()[1])


@pytest.mark.parametrize("protocol", [HttpToolsProtocol, H11Protocol], ids=["httptools", "h11"])
def test_a_target_in_raw_utf8(protocol: type[asyncio.Protocol], monkeypatch: pytest.MonkeyPatch) -> None:
    """A target in UTF-8 is read as if it were percent-encoded; a body that looks like a request line is unchanged."""
    monkeypatch.setattr(server, "AutoHTTPProtocol", protocol)
    mock = Mock(clock=Clock(NOW, frozen=True))
    body = json.dumps({**PROJECT_TASK, "name": "GET /é HTTP/1.1\r\n"}, ensure_ascii=False).encode()
    typed = (*AUTHORIZED, ("Content-Type", "application/json"))
    with MockServer(mock) as served:
        assert raw.exchange(served.url, "POST", TASKS, body, headers=typed).startswith(b"HTTP/1.1 201")
        found = raw.exchange(served.url, "GET", f"{TASKS}?name=%20/é&limit=1")

    assert found.startswith(b"HTTP/1.1 200")
    assert json.loads(found.partition(b"\r\n\r\n")[2])["tasks"][0]["name"] == "GET /é HTTP/1.1\r\n"
    assert mock.journal.exchanges()[-1].query == "name=%20/%C3%A9&limit=1"


@pytest.mark.parametrize("protocol", [HttpToolsProtocol, H11Protocol], ids=["httptools", "h11"])
def test_a_target_in_absolute_form(protocol: type[asyncio.Protocol], monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is sent to a proxy: it means the path that it has, of the mock's own operations too."""
    monkeypatch.setattr(server, "AutoHTTPProtocol", protocol)
    with MockServer(control_from="nobody") as served:
        found = raw.exchange(served.url, "GET", f"HTTP://api.example{TASKS}?limit=1")
        barred = raw.exchange(served.url, "GET", "http://api.example/__mock/health")

    assert (found[:12], barred[:12]) == (b"HTTP/1.1 200", b"HTTP/1.1 403")
