"""Send requests: picks the engine, and turns its errors into those of this package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from axtasks.errors import ConfigurationError, ConnectionFailedError, DeadlineExceededError

from .errors import error_for_failure
from .models import encode_body
from .pool import CLOSED, AsyncEngineHolder, EngineHolder
from .tls import is_direct

if TYPE_CHECKING:
    import httpx
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .models import Response
    from .pool import Places

ClientT = TypeVar("ClientT")
EngineT = TypeVar("EngineT")

# What is left to a request whose time was over just when it had its turn.
SHORTEST_SECONDS = 0.001


class Engine(Protocol):
    """What carries requests and waits for the answers."""

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            content: its body; None for no body at all.
            timeouts: how long it may take.
            ends: the monotonic time at which the answer has to be here.
        """
        ...

    def close(self) -> None:
        """Closes the connections."""
        ...


class AsyncEngine(Protocol):
    """What carries requests on one event loop and awaits the answers.

    Attributes:
        wears_out: whether requests that end without an answer may cost it something that it has little of.
    """

    wears_out: bool

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            content: its body; None for no body at all.
            timeouts: how long it may take.
            ends: the monotonic time at which the answer has to be here.
        """
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...


class Transport(ABC, Generic[ClientT, EngineT]):
    """What carries the requests of one client: the client of httpx that was passed in, or an engine of our own."""

    def __init__(self, settings: Settings, http_client: ClientT | None) -> None:
        self.settings = settings
        self.closed = False
        self._given = http_client

    @abstractmethod
    def through_httpx(self, client: ClientT | None) -> EngineT:
        """An engine that uses a client of httpx, or makes one where there is none."""

    @abstractmethod
    def direct(self) -> EngineT:
        """An engine without httpx, for where there is no proxy."""

    def given(self) -> EngineT | None:
        """What uses the client that was passed in; None where none was.

        Raises:
            ConfigurationError: this client was closed, or the one that was passed in.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._given is None:
            return None
        if getattr(self._given, "is_closed", False):
            raise ConfigurationError("the http_client that was passed in is closed")
        return self.through_httpx(self._given)

    def made(self) -> EngineT:
        """A new engine of our own.

        Raises:
            ConfigurationError: the environment names proxies or certificates that cannot be used.
        """
        try:
            return self.direct() if is_direct(self.settings) else self.through_httpx(None)
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(
                "the certificates of ca_file, SSL_CERT_FILE or SSL_CERT_DIR, or the proxy of HTTPS_PROXY, HTTP_PROXY or"
                f" ALL_PROXY cannot be used: {error}"
            ) from error

    @staticmethod
    def left(request: PreparedRequest, timeouts: Timeouts, gone_seconds: float) -> Timeouts:
        """How long a request may still take, after getting the key took some time.

        Raises:
            DeadlineExceededError: there is no time left.
        """
        if gone_seconds >= timeouts.total:
            raise DeadlineExceededError(
                f"getting the API key took all the time there was, so {request.operation_id} was not sent",
                operation_id=request.operation_id,
            )
        return timeouts.within(timeouts.total - gone_seconds)


class SyncTransport(Transport["httpx.Client", Engine]):
    """Sends requests and waits for the answers."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        super().__init__(settings, http_client)
        self._pool: EngineHolder[Engine] = EngineHolder()

    def through_httpx(self, client: httpx.Client | None) -> Engine:
        """An engine that uses a client of httpx, or makes one where there is none."""
        from .httpx_engine import HttpxEngine

        return HttpxEngine(self.settings, client)

    def direct(self) -> Engine:
        """An engine without httpx, for where there is no proxy."""
        from .direct import DirectEngine

        return DirectEngine(self.settings)

    def borrowed(self) -> AbstractContextManager[Engine]:
        """What sends, for as long as it is needed.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        given = self.given()
        return self._pool.borrowed(self.made) if given is None else nullcontext(given)

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """The answer to a request.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        with self.borrowed() as engine:
            return self._exchanged(engine, request, timeouts)

    def _exchanged(self, engine: Engine, request: PreparedRequest, timeouts: Timeouts) -> Response:
        content = encode_body(request)
        if not self.settings.api_key.is_known:
            began = monotonic()
            self.settings.api_key.reveal()
            timeouts = self.left(request, timeouts, monotonic() - began)
        try:
            return engine.exchange(request, content, timeouts, monotonic() + timeouts.total)
        except BaseException as error:  # noqa: BLE001  # what is raised of it is decided below
            failed = error_for_failure(error, request, self.settings, closed=self.closed)
        raise failed

    def close(self) -> None:
        """Closes the connections, after the last request under way; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["httpx.AsyncClient", AsyncEngine]):
    """Sends requests and awaits the answers."""

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool: AsyncEngineHolder[AsyncEngine] = AsyncEngineHolder()

    def through_httpx(self, client: httpx.AsyncClient | None) -> AsyncEngine:
        """An engine that uses a client of httpx, or makes one where there is none."""
        from .httpx_engine import AsyncHttpxEngine

        return AsyncHttpxEngine(self.settings, client)

    def direct(self) -> AsyncEngine:
        """An engine without httpx, for where there is no proxy."""
        from .direct_async import AsyncDirectEngine

        return AsyncDirectEngine(self.settings)

    def open(self) -> AsyncEngine:
        """What sends: through the client that was passed in, or the engine of the running event loop.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        given = self.given()
        return self._pool.get(self.made).client if given is None else given

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            timeouts: how long it may take, waiting for a place among the requests under way included.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        given = self.given()
        if given is not None:
            return await self._exchanged(given, request, timeouts)
        held = self._pool.get(self.made)
        places = held.places
        if not places.take():
            timeouts = await self._waited(places, request, timeouts)
            try:
                # It may have been closed or replaced meanwhile.
                held = self._pool.get(self.made)
            except BaseException:
                places.give_back()
                raise
        held.under_way += 1
        try:
            return await self._exchanged(held.client, request, timeouts)
        except BaseException:
            held.failures += held.client.wears_out
            raise
        finally:
            places.give_back()
            held.under_way -= 1
            if held.is_worn_out and not held.under_way:
                # Left to those who hold it, it would stay open for as long as somebody keeps an error that it raised.
                _ = held.begin_to_close()

    @staticmethod
    async def _waited(places: Places, request: PreparedRequest, timeouts: Timeouts) -> Timeouts:
        """How long a request may still take, after it got its place.

        Raises:
            ConnectionFailedError: no place was free in all that time.
        """
        began = monotonic()
        if not await places.wait(timeouts.total):
            raise ConnectionFailedError(
                f"{request.operation_id} was not sent: too many other requests were under way all the time",
                operation_id=request.operation_id,
            )
        return timeouts.within(max(timeouts.total - (monotonic() - began), SHORTEST_SECONDS))

    async def _exchanged(self, engine: AsyncEngine, request: PreparedRequest, timeouts: Timeouts) -> Response:
        content = encode_body(request)
        if not self.settings.api_key.is_known:
            from asyncio import to_thread

            began = monotonic()
            await to_thread(self.settings.api_key.reveal)
            timeouts = self.left(request, timeouts, monotonic() - began)
        try:
            return await engine.exchange(request, content, timeouts, monotonic() + timeouts.total)
        except BaseException as error:  # noqa: BLE001  # what is raised of it is decided below
            failed = error_for_failure(error, request, self.settings, closed=self.closed)
        raise failed

    async def close(self) -> None:
        """Closes the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
