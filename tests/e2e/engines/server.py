"""The nasty server, a forward proxy, and host names whose lookup is slow or whose first address is silent."""

from __future__ import annotations

import asyncio
import json
import socket
import socketserver
import ssl
import struct
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest import mock

from tests.model.chaos.proxy import HOST, Proxy
from tests.unit.support import RUN
from tests.unit.wire import reply

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import Callable, Iterable, Iterator

    import trustme

IPV6_HOST = "::1"
FAR_HOST = "far.nasty.test"
"""The server's host name for clients behind a proxy, which uses only the port and never resolves the name."""
SLOW, SILENT = "slow", "silent"
"""Kinds of names: the first lookup takes `LOOKUP_SECONDS`; the first address does not answer."""
LOOKUP_SECONDS = 6.0
PIECE_BYTES = 65_536
# Small, so that a client soon has to stop sending if the server does not read.
RECEIVE_BUFFER_BYTES = 65_536
PATIENCE_SECONDS = 10.0
DRIP_SECONDS = 0.02
# A drip ends well after the deadline of a call, so that a client without a deadline succeeds late.
MOST_DRIP_SECONDS = 3.0
# The same for data without end.
MOST_ENDLESS_SECONDS = 4.0
# A socket with a linger time of 0 is reset when it is closed.
NO_LINGERING = struct.pack("ii", 1, 0)
UNASKED = "unasked"
"""The id in responses that belong to no request."""


class Peer:
    """One connection, seen by the server.

    Attributes:
        link: the socket.
        server: the server.
        break_seconds: the wait before each read.
    """

    def __init__(self, link: socket.socket, server: NastyServer) -> None:
        self.link = link
        self.server = server
        self.break_seconds = 0.0
        self._received = b""

    def head(self) -> str:
        """Read the head of the next request.

        Raises:
            EOFError: the client closed the connection.
        """
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        text = head.decode("latin-1")
        self.server.saw_cookie |= "\r\ncookie:" in text.lower()
        return text

    def request(self) -> str:
        """Read the next request completely, and return the id in its path."""
        head = self.head()
        _, _, length = head.lower().partition("content-length: ")
        left = int(length.split("\r\n")[0] or 0) if length else 0
        while len(self._received) < left:
            left -= len(self._received)
            self._received = b""
            self._receive()
        self._received = self._received[left:]
        return asked_id(head)

    def _receive(self) -> None:
        if self.break_seconds:
            self.server.over.wait(self.break_seconds)
        piece = self.link.recv(PIECE_BYTES)
        if not piece:
            raise EOFError
        self._received += piece

    def send(self, data: bytes) -> None:
        """Send all bytes."""
        self.link.sendall(data)

    def send_on(self, pieces: Iterable[bytes], break_seconds: float = 0) -> None:
        """Send pieces until the time for endless data is over."""
        ends = monotonic() + self.server.endless_seconds
        for piece in pieces:
            self.link.sendall(piece)
            if monotonic() > ends or (break_seconds and self.server.over.wait(break_seconds)):
                return

    def drip(self, data: bytes) -> None:
        """Send byte by byte for some seconds, then the rest."""
        begun = monotonic()
        for at in range(len(data)):
            if monotonic() - begun > MOST_DRIP_SECONDS:
                self.link.sendall(data[at:])
                return
            self.link.sendall(data[at : at + 1])
            if self.server.over.wait(DRIP_SECONDS):
                return

    def secure(self, context: ssl.SSLContext | None = None) -> None:
        """Start TLS if the server speaks it.

        Args:
            context: the TLS context; the server's own when None.
        """
        chosen = context or self.server.context
        if chosen is not None:
            self.link = chosen.wrap_socket(self.link, server_side=True)

    def stay(self) -> None:
        """Keep the connection open until the client is done."""
        self.server.over.wait(PATIENCE_SECONDS)

    def reset(self) -> None:
        """Close the connection by a reset."""
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
        self.link.close()


Behaviour: TypeAlias = "Callable[[Peer], None]"


class NastyServer(socketserver.ThreadingTCPServer):
    """A server that misbehaves on its first connection, and answers well on all others.

    Args:
        behaviour: the behaviour on the first connection.
        host: the address to listen on.
        authority: the certificate authority of the server; it speaks no TLS when None.
        is_always_nasty: true if it misbehaves on every connection.

    Attributes:
        endless_seconds: how long it sends endless data.
        over: set when the client is done.
        idle: set once the client has its first response.
        struck: set by behaviours that misbehave between two calls, once they have done so.
        is_noticed: true if the idle connection has something to read after that.
        saw_cookie: true once a request had a cookie.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        behaviour: Behaviour,
        *,
        host: str = HOST,
        authority: trustme.CA | None = None,
        is_always_nasty: bool = False,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.behaviour = behaviour
        self.context = None if authority is None else server_context(authority, HOST, FAR_HOST)
        self.authority = authority
        self.is_always_nasty = is_always_nasty
        self.over = Event()
        self.idle = Event()
        self.struck = Event()
        self.is_noticed = False
        self.saw_cookie = False
        self.endless_seconds = MOST_ENDLESS_SECONDS
        self._links: list[socket.socket] = []
        super().__init__((host, 0), Connection)

    def server_bind(self) -> None:
        """Bind to the address, with a small buffer."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """Show an error in a behaviour; a connection that the client closed is none."""
        import sys

        if not isinstance(sys.exception(), (OSError, EOFError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typed for sockets alone

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def begin(self, link: socket.socket) -> Behaviour:
        """Return the behaviour for a new connection."""
        self._links.append(link)
        return self.behaviour if self.is_always_nasty or len(self._links) == 1 else answer_well

    @contextmanager
    def serving(self) -> Iterator[NastyServer]:
        """Serve while the `with` block lasts."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self.shutdown()
            thread.join()
            self.server_close()
            for link in self._links:
                with suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)


class Connection(socketserver.BaseRequestHandler):
    """Handler of one connection."""

    server: NastyServer
    request: socket.socket

    def handle(self) -> None:
        """Run the behaviour that the server gives."""
        behave = self.server.begin(self.request)
        peer = Peer(self.request, self.server)
        try:
            behave(peer)
        finally:
            # With TLS it is another socket than the accepted one.
            peer.link.close()


def answer_well(peer: Peer) -> None:
    """Answer each request with what it asks for."""
    peer.secure()
    while True:
        peer.send(response(peer.request()))


def response(run_id: str = UNASKED, **headers: str) -> bytes:
    """Return a response with a run of this id."""
    return reply(run(run_id), **headers)


def run(run_id: str = UNASKED) -> bytes:
    """Return a run of this id as JSON."""
    return json.dumps(RUN | {"id": run_id}).encode()


def asked_id(head: str) -> str:
    """Return the id that a request asks for: the last segment of its path."""
    return head.split(" ")[1].rpartition("/")[2]


def server_context(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """Return a TLS context with a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


class ForwardProxy(Proxy):
    """Forward proxy that tunnels bytes to the port in the first request, on this machine."""

    def __init__(self, host: str = HOST, context: ssl.SSLContext | None = None) -> None:
        super().__init__("", host=host, context=context)

    async def _reach(self, near: tuple[StreamReader, StreamWriter]) -> tuple[StreamReader, StreamWriter]:
        reader, writer = near
        head = await reader.readuntil(b"\r\n\r\n")
        method, target = head.decode("latin-1").split(" ")[:2]
        authority = target if method == "CONNECT" else target.split("/")[2]
        far = await asyncio.open_connection(HOST, int(authority.rpartition(":")[2]))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            far[1].write(head)
        return far


@contextmanager
def silent_port() -> Iterator[int]:
    """Yield a port of this machine that answers no connection attempt: its queue is full, and no one accepts."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind((HOST, 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield int(listener.getsockname()[1])


@contextmanager
def nasty_names() -> Iterator[None]:
    """Resolve host names that begin with `slow` and `silent` to this machine, slowly or with a silent first address."""
    genuine = socket.getaddrinfo
    known: set[str] = set()
    lock = Lock()

    def getaddrinfo(host: Any, port: Any, *rest: int, **more: int) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        kind = (name or "").partition("-")[0]
        if kind not in (SLOW, SILENT):
            return genuine(host, port, *rest, **more)
        if more.get("flags", 0) & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "a name is no address")
        with lock:
            is_new = name not in known
            known.add(name)
        if kind == SLOW and is_new:
            Event().wait(LOOKUP_SECONDS)
        ports = [unanswered, int(port)] if kind == SILENT else [int(port)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HOST, each)) for each in ports]

    with silent_port() as unanswered, mock.patch.object(socket, "getaddrinfo", getaddrinfo):
        yield


def has_ipv6() -> bool:
    """Return true if this machine has an IPv6 address."""
    try:
        with socket.create_server((IPV6_HOST, 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
