"""Send requests: pick the engine, and turn its errors into those of this package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext, suppress
from time import monotonic
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from axtasks.errors import ConfigurationError, ConnectionFailedError, DeadlineExceededError

from .errors import error_for_failure
from .models import encode_body
from .pool import CLOSED, AsyncEngineHolder, EngineHolder
from .tls import is_direct

if TYPE_CHECKING:
    from asyncio import Semaphore

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .http_client import AsyncHttpClient, HttpClient
    from .models import Response

ClientT = TypeVar("ClientT")
EngineT = TypeVar("EngineT")

# The timeout of a request that got its slot in the last instant.
SHORTEST_SECONDS = 0.001


class Engine(Protocol):
    """Sends requests and blocks until their responses are there."""

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """Send a request, and return the response.

        Args:
            request: the request.
            content: its encoded body; None for no body at all.
            timeouts: limits of connecting and of single waits for data.
            ends: the deadline of the whole exchange, as monotonic time.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncEngine(Protocol):
    """Sends requests on one event loop; the arguments are those of `Engine`.

    Attributes:
        wears_out: True if requests that end without a response may cost it connections for good.
    """

    wears_out: bool

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """Send a request, and return the response."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class Transport(ABC, Generic[ClientT, EngineT]):
    """Sends the requests of one client: with the client that was passed in, or with an engine of its own."""

    def __init__(self, settings: Settings, http_client: ClientT | None) -> None:
        self.settings = settings
        self.closed = False
        self._http_client = http_client

    @abstractmethod
    def make_httpx_engine(self, client: ClientT | None) -> EngineT:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""

    @abstractmethod
    def make_direct_engine(self) -> EngineT:
        """Make an engine without httpx, for where there is no proxy."""

    def passed_in_engine(self) -> EngineT | None:
        """Return an engine on the client that was passed in; None where none was.

        Raises:
            ConfigurationError: this client was closed, or the one that was passed in.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._http_client is None:
            return None
        if getattr(self._http_client, "is_closed", False):
            raise ConfigurationError("the http_client that was passed in is closed")
        return self.make_httpx_engine(self._http_client)

    def make_engine(self) -> EngineT:
        """Make an engine of our own.

        Raises:
            ConfigurationError: the environment names proxies or certificates that cannot be used.
        """
        try:
            return self.make_direct_engine() if is_direct(self.settings) else self.make_httpx_engine(None)
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(
                "the certificates of ca_file, SSL_CERT_FILE or SSL_CERT_DIR, or the proxy of HTTPS_PROXY, HTTP_PROXY or"
                f" ALL_PROXY cannot be used: {error}"
            ) from error

    @staticmethod
    def remaining_timeouts(request: PreparedRequest, timeouts: Timeouts, elapsed_seconds: float) -> Timeouts:
        """Return what is left of the timeouts after getting the key.

        Raises:
            DeadlineExceededError: nothing is left.
        """
        if elapsed_seconds >= timeouts.total:
            raise DeadlineExceededError(
                f"getting the API key took all the time there was, so {request.operation_id} was not sent",
                operation_id=request.operation_id,
            )
        return timeouts.within(timeouts.total - elapsed_seconds)


class SyncTransport(Transport["HttpClient", Engine]):
    """Sends requests and blocks until their responses are there."""

    def __init__(self, settings: Settings, http_client: HttpClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool: EngineHolder[Engine] = EngineHolder()

    def make_httpx_engine(self, client: HttpClient | None) -> Engine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import HttpxEngine

        return HttpxEngine(self.settings, client)

    def make_direct_engine(self) -> Engine:
        """Make an engine without httpx, for where there is no proxy."""
        from .httpcore_engine import HttpcoreEngine

        return HttpcoreEngine(self.settings)

    def borrow_engine(self) -> AbstractContextManager[Engine]:
        """Lend the engine for a `with` block.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        engine = self.passed_in_engine()
        return self._pool.borrow(self.make_engine) if engine is None else nullcontext(engine)

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        with self.borrow_engine() as engine:
            content = encode_body(request)
            if not self.settings.api_key.is_known:
                started_at = monotonic()
                self.settings.api_key.reveal()
                timeouts = self.remaining_timeouts(request, timeouts, monotonic() - started_at)
            try:
                return engine.exchange(request, content, timeouts, monotonic() + timeouts.total)
            except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
                failure = error_for_failure(error, request, self.settings, closed=self.closed)
            raise failure

    def close(self) -> None:
        """Close the connections after the last active request; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["AsyncHttpClient", AsyncEngine]):
    """Sends requests and awaits their responses."""

    def __init__(self, settings: Settings, http_client: AsyncHttpClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool: AsyncEngineHolder[AsyncEngine] = AsyncEngineHolder()

    def make_httpx_engine(self, client: AsyncHttpClient | None) -> AsyncEngine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import AsyncHttpxEngine

        return AsyncHttpxEngine(self.settings, client)

    def make_direct_engine(self) -> AsyncEngine:
        """Make an engine without httpx, for where there is no proxy."""
        from .httpcore_engine import AsyncHttpcoreEngine

        return AsyncHttpcoreEngine(self.settings)

    def open(self) -> AsyncEngine:
        """Return the engine: on the client that was passed in, or that of the running event loop.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        engine = self.passed_in_engine()
        return self._pool.get(self.make_engine).engine if engine is None else engine

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response; waiting for a slot counts to the timeouts.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        engine = self.passed_in_engine()
        if engine is not None:
            return await self._exchange(engine, request, timeouts)
        slots = self._pool.get(self.make_engine).slots
        timeouts = await self._acquire(slots, request, timeouts)
        try:
            # Asked for only now: while this waited, the engine may have been closed or replaced.
            held = self._pool.get(self.make_engine)
        except BaseException:
            slots.release()
            raise
        held.active += 1
        try:
            return await self._exchange(held.engine, request, timeouts)
        except BaseException:
            held.failures += held.engine.wears_out
            raise
        finally:
            slots.release()
            held.active -= 1
            if held.is_worn_out and not held.active:
                # Otherwise it would stay open for as long as a caller keeps an error that it raised.
                _ = held.begin_to_close()

    @staticmethod
    async def _acquire(slots: Semaphore, request: PreparedRequest, timeouts: Timeouts) -> Timeouts:
        """Acquire a slot, and return what is left of the timeouts.

        Raises:
            ConnectionFailedError: no slot was free in all that time.
        """
        if not slots.locked():
            await slots.acquire()
            return timeouts
        from asyncio import timeout

        started_at = monotonic()
        with suppress(TimeoutError):
            async with timeout(timeouts.total):
                await slots.acquire()
            return timeouts.within(max(timeouts.total - (monotonic() - started_at), SHORTEST_SECONDS))
        raise ConnectionFailedError(
            f"{request.operation_id} was not sent: too many other requests were under way all the time",
            operation_id=request.operation_id,
        )

    async def _exchange(self, engine: AsyncEngine, request: PreparedRequest, timeouts: Timeouts) -> Response:
        content = encode_body(request)
        if not self.settings.api_key.is_known:
            from asyncio import to_thread

            started_at = monotonic()
            await to_thread(self.settings.api_key.reveal)
            timeouts = self.remaining_timeouts(request, timeouts, monotonic() - started_at)
        try:
            return await engine.exchange(request, content, timeouts, monotonic() + timeouts.total)
        except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
            failure = error_for_failure(error, request, self.settings, closed=self.closed)
        raise failure

    async def close(self) -> None:
        """Close the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
