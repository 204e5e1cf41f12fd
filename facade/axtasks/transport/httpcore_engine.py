"""The engine of our own: httpcore's network backends carry the bytes, h11 speaks HTTP/1.1."""

from __future__ import annotations

from collections import deque
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from axtasks.config.certificates import make_context
from axtasks.config.endpoint import is_https, parse_address

from .body import BodyError, BodyTooLargeError
from .connect import NETWORK_ERRORS, Route, connect, root_cause
from .errors import ProtocolError, ProxyRefusedError, UnreachedError
from .http11 import Exchange, RequestWriter
from .models import partial_response
from .network import is_quiet
from .steps import perform, remaining

if TYPE_CHECKING:
    from axtasks_api.operation import PreparedRequest
    from httpcore import NetworkStream

    from axtasks.config.options import Timeouts
    from axtasks.config.proxy import Proxy
    from axtasks.config.settings import Settings

    from .models import Response
    from .network import Network
    from .steps import Steps

# At most so many, for so long: servers and proxies close idle connections.
MOST_KEPT = 64
KEPT_SECONDS = 5.0
# How long a response may take to be read that arrived before the time for writing was over.
GRACE_SECONDS = 0.1


class IdleConnections:
    """The idle connections of an engine. Safe to share between threads; whoever gets surplus ones closes them."""

    def __init__(self) -> None:
        self._lock = Lock()
        # Each with the monotonic time since which it is idle; the one that was used last is the last.
        self._idle: deque[tuple[NetworkStream, float]] = deque()
        self.is_closed = False

    def take(self) -> NetworkStream | None:
        """Remove and return the connection that was used last; None if there is none."""
        with self._lock:
            return self._idle.pop()[0] if self._idle else None

    def keep(self, stream: NetworkStream) -> None:
        """Keep a connection whose exchange is complete."""
        with self._lock:
            self._idle.append((stream, monotonic()))

    def remove_surplus(self) -> list[NetworkStream]:
        """Remove and return the connections that are too many, idle for too long, or left once this is closed."""
        surplus = []
        with self._lock:
            oldest = monotonic() - KEPT_SECONDS
            while self._idle and (self.is_closed or len(self._idle) > MOST_KEPT or self._idle[0][1] <= oldest):
                surplus.append(self._idle.popleft()[0])
        return surplus


class HttpcoreEngine:
    """Sends requests as steps, the same for any number of threads and for an event loop.

    Raises:
        ConfigurationError: the certificates to trust cannot be used.
    """

    def __init__(self, settings: Settings, network: Network, proxy: Proxy | None = None) -> None:
        self.settings = settings
        self.proxy = proxy
        self.idle = IdleConnections()
        self.network = network
        context = make_context(settings) if is_https(settings.base_url) else None
        proxy_context = make_context(settings) if proxy is not None and proxy.scheme == "https" else None
        self._route = Route(parse_address(settings.base_url), context, proxy, proxy_context)
        self._writer = RequestWriter(settings, proxy if context is None else None)

    def steps(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Steps[Response]:
        """Send a request with its encoded body, if any, and return the response before `ends`, a monotonic time.

        Raises:
            UnreachedError: there is no connection, so nothing was sent.
            TimeoutError: it took too long.
            ProtocolError: what was received is no response.
            OSError: the connection broke.
        """
        exchange = Exchange(
            self._writer.request(request, content), content, most_bytes=self.settings.limits.response_bytes
        )
        if not (yield from perform(self.network.acquire, max(0.0, ends - monotonic()))):
            raise UnreachedError(TimeoutError("too many other requests were under way all the time"))
        try:
            stream = yield from self._idle_stream()
            if stream is None:
                connect_ends = min(ends, monotonic() + timeouts.connect)
                stream = yield from connect(self.network, self._route, connect_ends)
            try:
                yield from self.carry_out(stream, exchange, seconds=timeouts.read, ends=ends)
                response = exchange.response()
            except (BodyError, BodyTooLargeError) as error:
                response = partial_response(error, exchange.response(), request=request, settings=self.settings)
            finally:
                if exchange.is_reusable:
                    self.idle.keep(stream)
                yield from self._close_all(self.idle.remove_surplus() if exchange.is_reusable else [stream])
            # The proxy wants to know who is there.
            if self.proxy is not None and response.status_code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
                reason = f"the proxy refused: {response.status_code} Proxy Authentication Required"
                raise UnreachedError(ProxyRefusedError(reason, response.status_code), self.proxy)
            return response
        finally:
            self.network.slots.release()

    def close_steps(self) -> Steps[None]:
        """Close the idle connections, and keep no more; requests that are under way go on."""
        self.idle.is_closed = True
        yield from self._close_all(self.idle.remove_surplus())

    def carry_out(self, stream: NetworkStream, exchange: Exchange, *, seconds: float, ends: float) -> Steps[None]:
        """Carry out an exchange; a wait takes no more than some seconds, and ends at the deadline, a monotonic time.

        The server may have refused without reading to the end: where writing fails, a response that has already arrived
        is read, and the error counts only where there is none.
        """
        unsent: Exception | None = None
        try:
            for piece in exchange.pieces():
                yield from perform(stream.write, piece, remaining(ends, seconds))
        except NETWORK_ERRORS as error:
            unsent = root_cause(error)
            if isinstance(unsent, TimeoutError):
                seconds, ends = GRACE_SECONDS, monotonic() + GRACE_SECONDS
        try:
            while not exchange.is_complete:
                exchange.receive((yield from perform(stream.read, self.network.read_bytes, remaining(ends, seconds))))
        except (ProtocolError, *NETWORK_ERRORS) as error:
            if unsent is None or exchange.has_begun:
                raise error if isinstance(error, ProtocolError) else root_cause(error) from None
        if unsent is not None:
            exchange.is_reusable = False
            if not exchange.is_complete:
                raise unsent

    def _idle_stream(self) -> Steps[NetworkStream | None]:
        """Return an idle connection that a request may be sent on; None if there is none."""
        yield from self._close_all(self.idle.remove_surplus())
        while (stream := self.idle.take()) is not None:
            if is_quiet(stream):
                return stream
            yield from perform(self.network.close, stream)
        return None

    def _close_all(self, streams: list[NetworkStream]) -> Steps[None]:
        """Close connections, all of them even if closing one is cancelled."""
        try:
            while streams:
                yield from perform(self.network.close, streams.pop())
        finally:
            if streams:
                yield from self._close_all(streams)
