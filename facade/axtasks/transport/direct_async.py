"""Exchanges over sockets of our own that are awaited: a few connections of one event loop, kept for a while."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, cast

from axtasks.config.endpoint import address_of

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
    """Exchanges that are awaited, on the event loop it is made on.

    Args:
        settings: how the client is set up.

    Raises:
        OSError: the certificates to trust cannot be used.
    """

    # Nothing is lost by requests that fail or are cancelled but their own connections.
    wears_out = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._loop = asyncio.get_running_loop()
        self._address = address_of(settings.base_url)
        self._context = context_for(settings)
        self._writer = Writer(settings)
        self.kept: IdleConnections[AsyncConnection] = IdleConnections()
        self._all: set[AsyncConnection] = set()

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
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
        """Closes the connections; requests that are still under way fail."""
        self.kept.close()
        for connection in [*self._all]:
            connection.fail(RuntimeError("the client was closed"))
            connection.close()
            await connection.gone

    async def _connected(self, timeouts: Timeouts, ends: float) -> AsyncConnection:
        """A new connection to the server.

        Raises:
            UnreachedError: there is none.
        """
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
    """A connection to the server.

    Args:
        living: where it stands for as long as it exists.
    """

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
        """Begins."""
        self._link = cast("asyncio.Transport", transport)
        self._living.add(self)

    @property
    def is_quiet(self) -> bool:
        """Whether it is open, and the server has neither hung up nor said anything unasked."""
        return not self._link.is_closing() and not has_news(self._link.get_extra_info("socket").fileno())

    async def exchange(self, data: bytes, incoming: Reader, *, seconds: float, ends: float) -> None:
        """Nothing, once all of the answer is in.

        Args:
            data: the request.
            incoming: what takes the answer.
            seconds: the most seconds of one wait.
            ends: the monotonic time at which all waits are over.
        """
        if self.gone.done():
            incoming.end()
        self._incoming, self._seconds, self._ends = incoming, seconds, ends
        self._done = done = self._loop.create_future()
        self._heard = monotonic()
        self._look()
        try:
            self._link.write(data)
            await done
        finally:
            self._incoming = self._done = None
            # Where this was cancelled at the same moment, nobody else looks at what went wrong.
            if done.done() and not done.cancelled():
                done.exception()

    def data_received(self, data: bytes) -> None:
        """Takes what came."""
        if self._incoming is None or self._done is None or self._done.done():
            # Nobody asked for it.
            self._link.abort()
            return
        self._heard = monotonic()
        try:
            if self._incoming.take(data):
                self._done.set_result(None)
        except Exception as error:  # noqa: BLE001  it is for whoever waits
            self.fail(error)

    def eof_received(self) -> None:
        """Takes note that the server has hung up."""
        if self._incoming is None or self._done is None or self._done.done():
            return
        try:
            self._incoming.end()
            self._done.set_result(None)
        except Exception as error:  # noqa: BLE001  it is for whoever waits
            self.fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Takes note that there is no connection any more."""
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
        """Ends the exchange under way, if there is one, with an error."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(error)

    def close(self) -> None:
        """Closes it."""
        self._link.abort()

    def _look(self) -> None:
        """Ends the exchange if its time is over, else looks again when that may be."""
        due = min(self._heard + self._seconds, self._ends)
        now = monotonic()
        if due <= now:
            self.fail(TimeoutError(OVER))
        elif self._watch is None or due < self._watch_due:
            # A look that comes too early sets the next one, so most exchanges need none of their own.
            if self._watch is not None:
                self._watch.cancel()
            self._watch_due = due
            self._watch = self._loop.call_later(due - now, self._look_again)

    def _look_again(self) -> None:
        self._watch = None
        if self._done is not None:
            self._look()
