"""The engines of our own: httpcore's network backends carry the bytes, h11 speaks HTTP/1.1."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

import httpcore

from axtasks.config.endpoint import parse_address

from .body import BodyError, BodyTooLargeError
from .connect import connect, connect_async, root_cause
from .errors import UnreachedError
from .http11 import PIECE_BYTES, Exchange, RequestWriter
from .idle import IdleConnections
from .models import partial_response
from .tls import context_for

if TYPE_CHECKING:
    import asyncio

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .models import Response

# More threads than that wait for each other: no server is helped by more connections.
MOST_AT_ONCE = 100
# How long a response may take to be read that arrived before the time for writing was over.
GRACE_SECONDS = 0.1
DEADLINE = "the time for the answer is over"


class HttpcoreEngine:
    """Exchanges that block, for any number of threads.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.idle: IdleConnections[Connection] = IdleConnections()
        self._address = parse_address(settings.base_url)
        self._context = context_for(settings)
        self._writer = RequestWriter(settings)
        self._slots: SimpleQueue[None] = SimpleQueue()
        for _ in range(MOST_AT_ONCE):
            self._slots.put(None)

    @property
    def active(self) -> int:
        """The number of requests that are under way."""
        return MOST_AT_ONCE - self._slots.qsize()

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """Send a request, and return the response.

        Raises:
            UnreachedError: there is no connection, so nothing was sent.
            TimeoutError: it took too long.
            ProtocolError: what was received is no response.
            OSError: the connection broke.
        """
        head = self._writer.request(request, content)
        try:
            self._slots.get(timeout=max(0.0, min(timeouts.connect, ends - monotonic())))
        except Empty:
            raise UnreachedError(TimeoutError("all connections were in use all the time")) from None
        exchange = Exchange(head, content, most_bytes=self.settings.limits.response_bytes)
        try:
            connection = self.idle.take() or self._connect(timeouts, ends)
            try:
                connection.carry_out(exchange, seconds=timeouts.read, ends=ends)
                return exchange.response()
            except (BodyError, BodyTooLargeError) as error:
                return partial_response(error, exchange.response(), request=request, settings=self.settings)
            finally:
                if exchange.is_reusable:
                    self.idle.keep(connection)
                else:
                    connection.close()
        finally:
            self._slots.put(None)

    def close(self) -> None:
        """Close the idle connections, and keep no more."""
        self.idle.close()

    def _connect(self, timeouts: Timeouts, ends: float) -> Connection:
        return Connection(connect(self._address, self._context, min(ends, monotonic() + timeouts.connect)))


class Connection:
    """A connection of the calling thread."""

    __slots__ = ("_stream", "kept_since")

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream
        self.kept_since = 0.0

    @property
    def is_quiet(self) -> bool:
        """True if the server has neither closed the connection nor sent unrequested data."""
        tls = self._stream.get_extra_info("ssl_object")
        return not self._stream.get_extra_info("is_readable") and not (tls is not None and tls.pending())

    def carry_out(self, exchange: Exchange, *, seconds: float, ends: float) -> None:
        """Carry out an exchange.

        Args:
            exchange: the exchange.
            seconds: the most seconds of one wait.
            ends: the deadline of all waits, as monotonic time.
        """
        steps = exchange.steps()
        step = next(steps)
        try:
            while True:
                try:
                    data = b""
                    if step is None:
                        data = self._stream.read(PIECE_BYTES, _wait(seconds, ends))
                    else:
                        self._stream.write(step, _wait(seconds, ends))
                except (OSError, httpcore.NetworkError, httpcore.TimeoutException) as error:
                    failure = root_cause(error)
                    if step is not None and isinstance(failure, TimeoutError):
                        seconds, ends = GRACE_SECONDS, monotonic() + GRACE_SECONDS
                    step = steps.throw(failure)
                else:
                    step = steps.send(data)
        except StopIteration:
            return

    def close(self) -> None:
        """Close it."""
        self._stream.close()


class AsyncHttpcoreEngine:
    """Exchanges that are awaited, on the event loop it is made on.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    # Requests that fail or are cancelled lose nothing but their own connections.
    wears_out = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.idle: IdleConnections[AsyncConnection] = IdleConnections()
        self.open: set[AsyncConnection] = set()
        self._address = parse_address(settings.base_url)
        self._context = context_for(settings)
        self._writer = RequestWriter(settings)

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """Send a request, and return the response.

        Raises:
            UnreachedError: there is no connection, so nothing was sent.
            TimeoutError: it took too long.
            ProtocolError: what was received is no response.
            OSError: the connection broke.
            RuntimeError: this was closed meanwhile.
        """
        exchange = Exchange(
            self._writer.request(request, content), content, most_bytes=self.settings.limits.response_bytes
        )
        connection = await self._idle_connection() or await self._connect(timeouts, ends)
        try:
            await connection.carry_out(exchange, seconds=timeouts.read, ends=ends)
            return exchange.response()
        except (BodyError, BodyTooLargeError) as error:
            return partial_response(error, exchange.response(), request=request, settings=self.settings)
        except OSError:
            if self.idle.is_closed:
                raise RuntimeError("the client was closed") from None
            raise
        finally:
            if exchange.is_reusable:
                self.idle.keep(connection)
            else:
                await connection.aclose()

    async def aclose(self) -> None:
        """Close the connections; requests that are still under way fail."""
        self.idle.close()
        for connection in [*self.open]:
            await connection.aclose()

    async def _idle_connection(self) -> AsyncConnection | None:
        """Return an idle connection on which reading has begun, and nothing came that was not asked for."""
        while (connection := self.idle.take()) is not None:
            if await connection.starts_quiet():
                return connection
            await connection.aclose()
        return None

    async def _connect(self, timeouts: Timeouts, ends: float) -> AsyncConnection:
        stream = await connect_async(self._address, self._context, min(ends, monotonic() + timeouts.connect))
        connection = AsyncConnection(stream, self.open)
        if self.idle.is_closed:
            await connection.aclose()
            raise RuntimeError("the client was closed")
        return connection


class AsyncConnection:
    """A connection of one event loop.

    Args:
        stream: the stream.
        open_: the open connections of the engine, which this one is added to.
    """

    __slots__ = ("_closing", "_is_closed", "_open", "_reading", "_stream", "kept_since")

    def __init__(self, stream: httpcore.AsyncNetworkStream, open_: set[AsyncConnection]) -> None:
        self._stream = stream
        self._open = open_
        self._is_closed = False
        # The read that was begun before the request was written.
        self._reading: asyncio.Task[bytes] | None = None
        self.kept_since = 0.0
        open_.add(self)

    @property
    def is_quiet(self) -> bool:
        """True if it is open, and the socket has neither unrequested data nor the end of the connection."""
        return not self._is_closed and not self._stream.get_extra_info("is_readable")

    async def starts_quiet(self) -> bool:
        """Begin to read; return False if there is data already, which may be buffered above the socket."""
        import asyncio

        self._reading = asyncio.ensure_future(self._stream.read(PIECE_BYTES))
        # Data that is buffered takes one turn of the event loop to be read, and one to be returned.
        try:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            await self.aclose()
            raise
        return not self._reading.done()

    async def carry_out(self, exchange: Exchange, *, seconds: float, ends: float) -> None:
        """Carry out an exchange; the arguments are those of `Connection.carry_out`."""
        steps = exchange.steps()
        step = next(steps)
        try:
            while True:
                try:
                    data = b""
                    if step is None:
                        data = await self._read(_wait(seconds, ends))
                    else:
                        await self._stream.write(step, _wait(seconds, ends))
                except (OSError, httpcore.NetworkError, httpcore.TimeoutException) as error:
                    failure = root_cause(error)
                    if step is not None and isinstance(failure, TimeoutError):
                        seconds, ends = GRACE_SECONDS, monotonic() + GRACE_SECONDS
                    step = steps.throw(failure)
                else:
                    step = steps.send(data)
        except StopIteration:
            return

    async def _read(self, seconds: float) -> bytes:
        reading, self._reading = self._reading, None
        if reading is None:
            return await self._stream.read(PIECE_BYTES, seconds)
        from asyncio import timeout

        async with timeout(seconds):
            return await reading

    def close(self) -> None:
        """Close it in a task of its own, as an idle connection is closed by whoever comes across it."""
        from asyncio import ensure_future

        self._closing = ensure_future(self.aclose())

    async def aclose(self) -> None:
        """Close it; a request that is under way on it fails."""
        if self._is_closed:
            return
        self._is_closed = True
        self._open.discard(self)
        try:
            if self._reading is not None:
                from asyncio import gather

                self._reading.cancel()
                await gather(self._reading, return_exceptions=True)
        finally:
            await self._stream.aclose()


def _wait(seconds: float, ends: float) -> float:
    """Return the seconds of one wait.

    Raises:
        TimeoutError: the deadline is over.
    """
    left = min(seconds, ends - monotonic())
    if left <= 0:
        raise TimeoutError(DEADLINE)
    return left
