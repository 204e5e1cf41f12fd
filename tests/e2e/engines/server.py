"""A server that misbehaves as a case wants it, a proxy in front of it, and names that are slow or half dead."""

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
"""The server's name for clients behind a proxy. Nobody looks it up: the proxy goes by the port alone."""
SLOW, SILENT = "slow", "silent"
"""Kinds of names: the first lookup takes `LOOKUP_SECONDS`; the first address does not answer."""
LOOKUP_SECONDS = 6.0
PIECE_BYTES = 65_536
# Small, so that what a server does not read stops the client soon.
RECEIVE_BUFFER_BYTES = 65_536
PATIENCE_SECONDS = 10.0
DRIP_SECONDS = 0.02
# A drip ends by itself well after the deadline of a call, so that a client without one succeeds, but late.
MOST_DRIP_SECONDS = 3.0
# The same for what is said without end.
MOST_ENDLESS_SECONDS = 4.0
# A socket that lingers for no time at all is reset when it is closed.
NO_LINGERING = struct.pack("ii", 1, 0)
UNASKED = "unasked"
"""The id in responses that no call asked for."""


class Peer:
    """One connection, as the server has it.

    Attributes:
        link: the socket.
        server: the server.
        break_seconds: how long to wait before each read.
    """

    def __init__(self, link: socket.socket, server: NastyServer) -> None:
        self.link = link
        self.server = server
        self.break_seconds = 0.0
        self._received = b""

    def head(self) -> str:
        """Read the head of the next request.

        Raises:
            EOFError: the client hung up.
        """
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        text = head.decode("latin-1")
        self.server.saw_cookie |= "\r\ncookie:" in text.lower()
        return text

    def request(self) -> str:
        """Read the next request to its end, and return the id that it asks for."""
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
        """Send all of it."""
        self.link.sendall(data)

    def send_on(self, pieces: Iterable[bytes], break_seconds: float = 0) -> None:
        """Send piece after piece, for as long as the client takes them and the server has time."""
        ends = monotonic() + self.server.endless_seconds
        for piece in pieces:
            self.link.sendall(piece)
            if monotonic() > ends or (break_seconds and self.server.over.wait(break_seconds)):
                return

    def drip(self, data: bytes) -> None:
        """Send byte by byte, and after some seconds the rest."""
        begun = monotonic()
        for at in range(len(data)):
            if monotonic() - begun > MOST_DRIP_SECONDS:
                self.link.sendall(data[at:])
                return
            self.link.sendall(data[at : at + 1])
            if self.server.over.wait(DRIP_SECONDS):
                return

    def secure(self, context: ssl.SSLContext | None = None) -> None:
        """Begin TLS, where the server speaks it.

        Args:
            context: with whose certificate; the server's own is used when None.
        """
        chosen = context or self.server.context
        if chosen is not None:
            self.link = chosen.wrap_socket(self.link, server_side=True)

    def stay(self) -> None:
        """Leave the connection as it is until the client is done."""
        self.server.over.wait(PATIENCE_SECONDS)

    def reset(self) -> None:
        """Close the connection by a reset."""
        self.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGERING)
        self.link.close()


Behaviour: TypeAlias = "Callable[[Peer], None]"


class NastyServer(socketserver.ThreadingTCPServer):
    """A server that misbehaves on its first connection, and answers well on all others unless told otherwise.

    Args:
        behaviour: plays the first connection.
        host: the address to listen on.
        authority: who vouches for the server; it speaks no TLS when None.
        is_always_nasty: whether it misbehaves on each connection.

    Attributes:
        endless_seconds: how long it says what has no end.
        over: set when the client is done.
        idle: set once the client has its first response.
        struck: set by behaviours that misbehave between two calls, once they have.
        saw_cookie: whether a request came with a cookie.
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
        self.saw_cookie = False
        self.endless_seconds = MOST_ENDLESS_SECONDS
        self._links: list[socket.socket] = []
        super().__init__((host, 0), Connection)

    def server_bind(self) -> None:
        """Bind to the address, with a small buffer."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        super().server_bind()

    def handle_error(self, request: object, client_address: object) -> None:
        """Show a fault of a behaviour; clients may hang up at will."""
        import sys

        if not isinstance(sys.exception(), (OSError, EOFError)):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typed for sockets alone

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def begin(self, link: socket.socket) -> Behaviour:
        """Return what plays a new connection."""
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
    """Plays one connection."""

    server: NastyServer
    request: socket.socket

    def handle(self) -> None:
        """Play it as the server says."""
        behave = self.server.begin(self.request)
        peer = Peer(self.request, self.server)
        try:
            behave(peer)
        finally:
            # With TLS it is another socket than the one that was accepted.
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
    """A proxy of HTTP that passes on byte by byte, to whatever port of this machine the first request names."""

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
    """Hold a port of this machine that answers no attempt to connect: nobody accepts, and its queue is full."""
    with socket.socket() as listener, socket.socket() as first:
        listener.bind((HOST, 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        yield int(listener.getsockname()[1])


@contextmanager
def nasty_names() -> Iterator[None]:
    """Have names that begin with `slow` and `silent` lead to this machine, as slowly or as badly as they say."""
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
    """Return whether this machine has an address of IPv6."""
    try:
        with socket.create_server((IPV6_HOST, 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
