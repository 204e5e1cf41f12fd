"""Socket servers whose responses a test controls byte by byte."""

from __future__ import annotations

import socketserver
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterator, Sequence

DRIP_SECONDS = 0.01
# A drip ends by itself well after any deadline of a test, so that a client which does not keep its own would succeed.
MOST_DRIPS = 4000


class Wire(socketserver.ThreadingTCPServer):
    """A server that answers each request with the next of its scripted responses.

    Attributes:
        heard: the beginnings of the requests, as text.
        connections: the number of connections.
        hung_up: set when a connection was closed from this side.
        over: set at the end of the test, so that no slow response goes on.
    """

    daemon_threads = True

    def __init__(self, answers: Sequence[Iterator[bytes] | bytes], context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = iter(answers)
        self.context = context
        self.heard: list[str] = []
        self.connections = 0
        self.over = Event()
        self.hung_up = Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore errors: clients disconnect at will here."""

    def shutdown_request(self, request: Any) -> None:
        """Close the connection."""
        super().shutdown_request(request)
        self.hung_up.set()

    @property
    def port(self) -> int:
        """The port of the server."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self.port}"


class Handler(socketserver.BaseRequestHandler):
    """One connection."""

    server: Wire
    request: socket.socket

    def handle(self) -> None:
        """Handle a connection, by TLS if there is a context."""
        self.server.connections += 1
        if self.server.context is None:
            self.answer()
            return
        with self.server.context.wrap_socket(self.request, server_side=True) as self.request:
            self.answer()

    def answer(self) -> None:
        """Answer requests until the client disconnects, or the script ends."""
        while (heard := whole_request(self.request)) and (said := next(self.server.answers, None)) is not None:
            self.server.heard.append(heard)
            for piece in (said,) if isinstance(said, bytes) else said:
                self.request.sendall(piece)
                if not isinstance(said, bytes) and self.server.over.wait(DRIP_SECONDS):
                    return
            if b"close" in (said if isinstance(said, bytes) else b""):
                return


def whole_request(connection: socket.socket) -> str:
    """Read a request up to the end of its head; those of these tests have no body."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return ""
        received += piece
    return received.decode("latin-1")


@contextmanager
def wired(*answers: Iterator[bytes] | bytes, context: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Yield a server with these responses."""
    with Wire(answers, context) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return the bytes of a response."""
    told = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        "\r\n".join([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items()), "", ""]).encode()
        + body
    )


def dripping(answer: bytes, *, begin_at: int) -> Iterator[bytes]:
    """Yield a response byte by byte from an offset on."""
    yield answer[:begin_at]
    for at in range(begin_at, min(len(answer), begin_at + MOST_DRIPS)):
        yield answer[at : at + 1]
    yield answer[begin_at + MOST_DRIPS :]


SPACES = reply(b'{"spaces": [], "pagination": {"has_more": false}}')
