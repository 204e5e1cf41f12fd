"""Exchanges over sockets of our own that block: a few connections, kept for a while, each wait cut to the deadline."""

from __future__ import annotations

import socket
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from axtasks.config.endpoint import address_of

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

# More threads than that wait for each other: no server is helped by more connections.
MOST_AT_ONCE = 100
PIECE_BYTES = 65_536
OVER = "the time for the answer is over"


class DirectEngine:
    """Exchanges that block, for any number of threads.

    Args:
        settings: how the client is set up.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._address = address_of(settings.base_url)
        self._context = context_for(settings)
        self._writer = Writer(settings)
        self.kept: IdleConnections[Connection] = IdleConnections()
        self._places: SimpleQueue[None] = SimpleQueue()
        for _ in range(MOST_AT_ONCE):
            self._places.put(None)

    @property
    def under_way(self) -> int:
        """How many requests there are now."""
        return MOST_AT_ONCE - self._places.qsize()

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            content: its body.
            timeouts: how long it may take.
            ends: the monotonic time at which the answer has to be here.

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
        """Closes the connections."""
        self.kept.close()


class Connection:
    """A connection to the server.

    Args:
        link: the socket.
    """

    __slots__ = ("_link", "kept_since")

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self.kept_since = 0.0

    @property
    def is_quiet(self) -> bool:
        """Whether the server has neither hung up nor said anything unasked."""
        return not has_news(self._link.fileno())

    def exchange(self, data: bytes, incoming: Reader, *, seconds: float, ends: float) -> None:
        """Nothing, once all of the answer is in.

        Args:
            data: the request.
            incoming: what takes the answer.
            seconds: the most seconds of one wait.
            ends: the monotonic time at which all waits are over.
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
            # It may have refused without reading to the end, and what it said may still be there.
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
        """Closes it."""
        self._link.close()


def _left(seconds: float, ends: float) -> float:
    """How long one wait may be.

    Raises:
        TimeoutError: not at all any more.
    """
    left = min(seconds, ends - monotonic())
    if left <= 0:
        raise TimeoutError(OVER)
    return left


def _connected(address: Address, context: ssl.SSLContext | None, timeouts: Timeouts, ends: float) -> socket.socket:
    """A new connection to a server.

    Raises:
        UnreachedError: there is none.
    """
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
    """A socket that is connected to the first of the server's addresses that can be reached."""
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
