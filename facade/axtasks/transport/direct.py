"""Blocking engine on sockets: keeps idle connections, and cuts each wait to the deadline."""

from __future__ import annotations

import socket
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from axtasks.config.endpoint import parse_address

from .body import BodyError, BodyTooLargeError
from .errors import UnreachedError
from .idle import IdleConnections, has_news
from .models import partial_response
from .outgoing import Writer
from .readers import reader
from .tls import context_for

if TYPE_CHECKING:
    import ssl

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.endpoint import Address
    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .models import Response
    from .readers import Reader

# More threads than that wait for a free connection.
MOST_AT_ONCE = 100
PIECE_BYTES = 65_536
OVER = "the time for the answer is over"


class DirectEngine:
    """Sends requests over blocking sockets, for any number of threads.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._address = parse_address(settings.base_url)
        self._context = context_for(settings)
        self._writer = Writer(settings)
        self.kept: IdleConnections[Connection] = IdleConnections()
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(MOST_AT_ONCE):
            self._places.put(None)

    @property
    def under_way(self) -> int:
        """The number of active requests."""
        return MOST_AT_ONCE - self._places.qsize()

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """Send a request, and return the response.

        Raises:
            UnreachedError: there is no connection, so nothing was sent.
            TimeoutError: it took too long.
            ProtocolError: what came is no answer.
            OSError: the connection broke.
        """
        data = self._writer.written(request, content)
        try:
            self._places.get(timeout=_left(timeouts.connect, ends))
        except Empty:
            raise UnreachedError(TimeoutError("all connections were in use all the time")) from None
        try:
            return self._exchanged(request, data, timeouts, ends)
        finally:
            self._places.put(None)

    def _exchanged(self, request: PreparedRequest, data: bytes, timeouts: Timeouts, ends: float) -> Response:
        connection = self.kept.take() or Connection(_connected(self._address, self._context, timeouts, ends))
        incoming = reader()(request.method, most_bytes=self.settings.limits.response_bytes)
        is_done = False
        try:
            connection.exchange(data, incoming, seconds=timeouts.read, ends=ends)
            is_done = incoming.may_go_on
            return incoming.answer()
        except (BodyError, BodyTooLargeError) as error:
            return partial_response(error, incoming.answer(), request=request, settings=self.settings)
        finally:
            if is_done:
                self.kept.keep(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close the connections."""
        self.kept.close()


class Connection:
    """A connection to the server."""

    __slots__ = ("_link", "kept_since")

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self.kept_since = 0.0

    @property
    def is_quiet(self) -> bool:
        """True if the server has neither closed it nor sent unrequested data."""
        return not has_news(self._link.fileno())

    def exchange(self, data: bytes, incoming: Reader, *, seconds: float, ends: float) -> None:
        """Send a request, and read its response to the end.

        Args:
            data: the request.
            incoming: the reader of the response.
            seconds: the timeout of one wait.
            ends: the deadline, as monotonic time.
        """
        link = self._link
        try:
            sent = 0
            while sent < len(data):
                link.settimeout(_left(seconds, ends))
                sent += link.send(data[sent:] if sent else data)
        except TimeoutError:
            raise
        except OSError:
            # The server may have refused without reading to the end, and its response may still be there.
            pass
        while True:
            link.settimeout(_left(seconds, ends))
            piece = link.recv(PIECE_BYTES)
            if not piece:
                incoming.end()
                return
            if incoming.take(piece):
                return

    def close(self) -> None:
        """Close it."""
        self._link.close()


def _left(seconds: float, ends: float) -> float:
    """Return the seconds of the next wait; raise TimeoutError if none are left."""
    left = min(seconds, ends - monotonic())
    if left <= 0:
        raise TimeoutError(OVER)
    return left


def _connected(address: Address, context: ssl.SSLContext | None, timeouts: Timeouts, ends: float) -> socket.socket:
    """Connect to a server, with TLS where there is a context; raise UnreachedError if that fails."""
    try:
        link = _linked(address, timeouts.connect, ends)
        if context is None:
            return link
        try:
            link.settimeout(_left(timeouts.connect, ends))
            return context.wrap_socket(link, server_hostname=address.host)
        except BaseException:
            link.close()
            raise
    except (OSError, ValueError) as error:
        raise UnreachedError(error) from error


def _linked(address: Address, seconds: float, ends: float) -> socket.socket:
    """Return a socket connected to the first of the server's addresses that can be reached."""
    failed: OSError | None = None
    for family, kind, protocol, _, place in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
        link = None
        try:
            link = socket.socket(family, kind, protocol)
            link.settimeout(_left(seconds, ends))
            link.connect(place)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            if link is not None:
                link.close()
            if not isinstance(error, OSError):
                raise
            failed = error
        else:
            return link
    raise failed or OSError(f"{address.host} has no address")
