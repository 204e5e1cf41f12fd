"""Send requests: pick the engine, and turn its errors into those of this package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from axtasks.config.proxy import SOCKS, proxy_for
from axtasks.errors import ConfigurationError, DeadlineExceededError

from .errors import error_for_failure
from .models import encode_body
from .pool import CLOSED, AsyncEngineHolder, EngineHolder

if TYPE_CHECKING:
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.http_client import AsyncHttpClient, HttpClient
    from axtasks.config.options import Timeouts
    from axtasks.config.proxy import Proxy
    from axtasks.config.settings import Settings

    from .models import Response
    from .pool import AsyncEngine, Engine

ClientT = TypeVar("ClientT")
EngineT = TypeVar("EngineT")


class Transport(ABC, Generic[ClientT, EngineT]):
    """Sends the requests of one client: with the client that was passed in, or with an engine of its own."""

    def __init__(self, settings: Settings, http_client: ClientT | None) -> None:
        self.settings = settings
        self.closed = False
        self._http_client = http_client

    @abstractmethod
    def held_engine(self) -> EngineT:
        """Return the engine of our own, made if there is none."""

    @abstractmethod
    def make_httpx_engine(self, client: ClientT | None) -> EngineT:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""

    @abstractmethod
    def make_httpcore_engine(self, proxy: Proxy | None) -> EngineT:
        """Make an engine of our own, through a proxy where there is one."""

    def engine(self) -> EngineT:
        """Return the engine: on the client that was passed in, or our own.

        Raises:
            ConfigurationError: this client was closed, or the one that was passed in, or none can be made of what the
                environment says.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._http_client is None:
            return self.held_engine()
        if getattr(self._http_client, "is_closed", False):
            raise ConfigurationError("the http_client that was passed in is closed")
        return self.make_httpx_engine(self._http_client)

    def make_engine(self) -> EngineT:
        """Make an engine of our own.

        Raises:
            ConfigurationError: the environment names proxies or certificates that cannot be used.
        """
        try:
            proxy = proxy_for(self.settings.base_url)
            if proxy is not None and proxy.scheme in SOCKS:
                return self.make_httpx_engine(None)
            return self.make_httpcore_engine(proxy)
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(
                "the certificates of ca_file, SSL_CERT_FILE or SSL_CERT_DIR, or the proxy of HTTPS_PROXY, HTTP_PROXY or"
                f" ALL_PROXY cannot be used: {error}"
            ) from error

    def error_for(self, error: BaseException, request: PreparedRequest) -> BaseException:
        """Return the error to raise for one that came up while sending."""
        return error_for_failure(error, request, self.settings, closed=self.closed)

    @staticmethod
    def remaining_timeouts(request: PreparedRequest, timeouts: Timeouts, ends: float) -> Timeouts:
        """Return what is left of the timeouts after getting the key.

        Raises:
            DeadlineExceededError: nothing is left.
        """
        left = ends - monotonic()
        if left <= 0:
            raise DeadlineExceededError(
                f"getting the API key took all the time there was, so {request.operation_id} was not sent",
                operation_id=request.operation_id,
            )
        return timeouts.within(left)


class SyncTransport(Transport["HttpClient", "Engine"]):
    """Sends requests and blocks until their responses are there."""

    def __init__(self, settings: Settings, http_client: HttpClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool = EngineHolder()

    def held_engine(self) -> Engine:
        """Return the engine of our own, made if there is none."""
        return self._pool.get(self.make_engine)

    def make_httpx_engine(self, client: HttpClient | None) -> Engine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import HttpxEngine

        return HttpxEngine(self.settings, client)

    def make_httpcore_engine(self, proxy: Proxy | None) -> Engine:
        """Make an engine of our own, through a proxy where there is one."""
        from .httpcore_engine import HttpcoreEngine

        return HttpcoreEngine(self.settings, proxy)

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        engine, content = self.engine(), encode_body(request)
        ends = monotonic() + timeouts.total
        if not self.settings.api_key.is_known:
            self.settings.api_key.reveal()
            timeouts = self.remaining_timeouts(request, timeouts, ends)
        try:
            return engine.exchange(request, content, timeouts, ends)
        except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
            failure = self.error_for(error, request)
        raise failure

    def close(self) -> None:
        """Close the connections; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["AsyncHttpClient", "AsyncEngine"]):
    """Sends requests and awaits their responses."""

    def __init__(self, settings: Settings, http_client: AsyncHttpClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool = AsyncEngineHolder()

    def held_engine(self) -> AsyncEngine:
        """Return the engine of the running event loop, made if there is none."""
        return self._pool.get(self.make_engine)

    def make_httpx_engine(self, client: AsyncHttpClient | None) -> AsyncEngine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import AsyncHttpxEngine

        return AsyncHttpxEngine(self.settings, client)

    def make_httpcore_engine(self, proxy: Proxy | None) -> AsyncEngine:
        """Make an engine of our own, through a proxy where there is one."""
        from .httpcore_engine import AsyncHttpcoreEngine

        return AsyncHttpcoreEngine(self.settings, proxy)

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        engine, content = self.engine(), encode_body(request)
        ends = monotonic() + timeouts.total
        if not self.settings.api_key.is_known:
            from asyncio import to_thread

            await to_thread(self.settings.api_key.reveal)
            timeouts = self.remaining_timeouts(request, timeouts, ends)
        try:
            return await engine.exchange(request, content, timeouts, ends)
        except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
            failure = self.error_for(error, request)
        raise failure

    async def close(self) -> None:
        """Close the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
