"""Asyncio engine on sockets: keeps the idle connections of one event loop."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, cast

from axtasks.config.endpoint import parse_address

from .body import BodyError, BodyTooLargeError
from .connecting import linked
from .direct import OVER
from .errors import UnreachedError
from .idle import IdleConnections, has_news
from .models import partial_response
from .outgoing import Writer
from .readers import reader
from .tls import context_for

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .models import Response
    from .readers import Reader


class AsyncDirectEngine:
    """Sends requests over the event loop it is made on.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    # Requests that fail or are cancelled cost their own connections only.
    wears_out = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._loop = asyncio.get_running_loop()
        self._address = parse_address(settings.base_url)
        self._context = context_for(settings)
        self._writer = Writer(settings)
        self.kept: IdleConnections[AsyncConnection] = IdleConnections()
        self._all: set[AsyncConnection] = set()

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """Send a request, and return the response.

        Raises:
            UnreachedError: there is no connection, so nothing was sent.
            TimeoutError: it took too long.
            ProtocolError: what came is no answer.
            OSError: the connection broke.
            RuntimeError: this was closed meanwhile.
        """
        data = self._writer.written(request, content)
        connection = self.kept.take() or await self._connected(timeouts, ends)
        incoming = reader()(request.method, most_bytes=self.settings.limits.response_bytes)
        is_done = False
        try:
            await connection.exchange(data, incoming, seconds=timeouts.read, ends=ends)
            is_done = incoming.may_go_on
            return incoming.answer()
        except (BodyError, BodyTooLargeError) as error:
            return partial_response(error, incoming.answer(), request=request, settings=self.settings)
        finally:
            if is_done:
                self.kept.keep(connection)
            else:
                connection.close()

    async def aclose(self) -> None:
        """Close the connections; active requests fail."""
        self.kept.close()
        for connection in [*self._all]:
            connection.fail(RuntimeError("the client was closed"))
            connection.close()
            await connection.gone

    async def _connected(self, timeouts: Timeouts, ends: float) -> AsyncConnection:
        """Connect to the server; raise UnreachedError if that fails."""
        try:
            async with asyncio.timeout(min(timeouts.connect, ends - monotonic())):
                link = await linked(self._address)
                try:
                    _, connection = await self._loop.create_connection(
                        lambda: AsyncConnection(self._all),
                        sock=link,
                        ssl=self._context,
                        server_hostname=self._address.host if self._context else None,
                    )
                except BaseException:
                    link.close()
                    raise
        except (OSError, ValueError) as error:
            raise UnreachedError(error) from error
        if self.kept.is_closed:
            connection.close()
            raise RuntimeError("the client was closed")
        return connection


class AsyncConnection(asyncio.Protocol):
    """A connection to the server; it is in `living` for as long as it is open."""

    def __init__(self, living: set[AsyncConnection]) -> None:
        self._living = living
        self._loop = asyncio.get_running_loop()
        self._incoming: Reader | None = None
        self._done: asyncio.Future[None] | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._seconds = self._ends = self._heard = self._watch_due = 0.0
        self.kept_since = 0.0
        self.gone: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport of asyncio."""
        self._link = cast("asyncio.Transport", transport)
        self._living.add(self)

    @property
    def is_quiet(self) -> bool:
        """True if it is open, and the server has neither closed it nor sent unrequested data."""
        return not self._link.is_closing() and not has_news(self._link.get_extra_info("socket").fileno())

    async def exchange(self, data: bytes, incoming: Reader, *, seconds: float, ends: float) -> None:
        """Send a request, and read its response to the end.

        Args:
            data: the request.
            incoming: the reader of the response.
            seconds: the timeout of one wait.
            ends: the deadline, as monotonic time.
        """
        if self.gone.done():
            incoming.end()
        self._incoming, self._seconds, self._ends = incoming, seconds, ends
        self._done = done = self._loop.create_future()
        self._heard = monotonic()
        self._check()
        try:
            self._link.write(data)
            await done
        finally:
            self._incoming = self._done = None
            # Where this was cancelled at the same time, nothing else retrieves the exception.
            if done.done() and not done.cancelled():
                done.exception()

    def data_received(self, data: bytes) -> None:
        """Give received data to the reader."""
        if self._incoming is None or self._done is None or self._done.done():
            # No request is waiting for it.
            self._link.abort()
            return
        self._heard = monotonic()
        try:
            if self._incoming.take(data):
                self._done.set_result(None)
        except Exception as error:  # noqa: BLE001  it is raised where the response is awaited
            self.fail(error)

    def eof_received(self) -> None:
        """End the response: the server has closed its side."""
        if self._incoming is None or self._done is None or self._done.done():
            return
        try:
            self._incoming.end()
            self._done.set_result(None)
        except Exception as error:  # noqa: BLE001  it is raised where the response is awaited
            self.fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """End or fail the active exchange: the connection is gone."""
        self._living.discard(self)
        if self._watch is not None:
            self._watch.cancel()
        if not self.gone.done():
            self.gone.set_result(None)
        if exc is None:
            self.eof_received()
        else:
            self.fail(exc)

    def fail(self, error: Exception) -> None:
        """End the active exchange, if there is one, with an error."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)

    def close(self) -> None:
        """Close it."""
        self._link.abort()

    def _check(self) -> None:
        """Fail the exchange if its time is over, else check again when it may be."""
        due = min(self._heard + self._seconds, self._ends)
        now = monotonic()
        if due <= now:
            self.fail(TimeoutError(OVER))
        elif self._watch is None or due < self._watch_due:
            # A check that comes too early sets the next one, so most exchanges need no timer of their own.
            if self._watch is not None:
                self._watch.cancel()
            self._watch_due = due
            self._watch = self._loop.call_later(due - now, self._check_again)

    def _check_again(self) -> None:
        self._watch = None
        if self._done is not None:
            self._check()
