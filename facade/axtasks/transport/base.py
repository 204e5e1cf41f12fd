"""Send requests: pick the engine, and turn its errors into those of this package."""

from __future__ import annotations

from abc import ABC, abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from axtasks.config.proxy import SOCKS, proxy_for
from axtasks.errors import ConfigurationError, DeadlineExceededError

from .errors import error_for_failure
from .models import encode_body
from .pool import CLOSED, AsyncEngineHolder, EngineHolder
from .steps import perform, run, run_async

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.http_client import AsyncHttpClient, HttpClient
    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .models import Response
    from .network import Network
    from .pool import Engine
    from .steps import Steps

ClientT = TypeVar("ClientT")
HolderT = TypeVar("HolderT", bound=EngineHolder | AsyncEngineHolder)


class Transport(ABC, Generic[ClientT, HolderT]):
    """Sends the requests of one client: with the client that was passed in, or with an engine of its own."""

    def __init__(self, settings: Settings, http_client: ClientT | None, holder: HolderT) -> None:
        self.settings = settings
        self.closed = False
        self._http_client = http_client
        self._pool = holder

    @abstractmethod
    def make_httpx_engine(self, client: ClientT | None) -> Engine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""

    @abstractmethod
    def make_network(self) -> Network:
        """Make what opens the connections of an engine."""

    @abstractmethod
    def reveal_key(self) -> str | Awaitable[str]:
        """Run the program that prints the API key."""

    def engine(self) -> Engine:
        """Return the engine: on the client that was passed in, or our own.

        Raises:
            ConfigurationError: this client was closed, or the one that was passed in, or none can be made of what the
                environment says.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._http_client is None:
            return self._pool.get(self.make_engine)
        if getattr(self._http_client, "is_closed", False):
            raise ConfigurationError("the http_client that was passed in is closed")
        return self.make_httpx_engine(self._http_client)

    def make_engine(self) -> Engine:
        """Make an engine of our own.

        Raises:
            ConfigurationError: the environment names proxies or certificates that cannot be used.
        """
        from .httpcore_engine import HttpcoreEngine

        try:
            proxy = proxy_for(self.settings.base_url)
            if proxy is not None and proxy.scheme in SOCKS:
                return self.make_httpx_engine(None)
            return HttpcoreEngine(self.settings, self.make_network(), proxy)
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(
                "the certificates of ca_file, SSL_CERT_FILE or SSL_CERT_DIR, or the proxy of HTTPS_PROXY, HTTP_PROXY or"
                f" ALL_PROXY cannot be used: {error}"
            ) from error

    def steps(self, request: PreparedRequest, timeouts: Timeouts) -> Steps[Response]:
        """Send a request, and return the response.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        engine, content = self.engine(), encode_body(request)
        ends = monotonic() + timeouts.total
        if not self.settings.api_key.is_known:
            yield from perform(self.reveal_key)
            left = ends - monotonic()
            if left <= 0:
                raise DeadlineExceededError(
                    f"getting the API key took all the time there was, so {request.operation_id} was not sent",
                    operation_id=request.operation_id,
                )
            timeouts = timeouts.within(left)
        try:
            return (yield from engine.steps(request, content, timeouts, ends))
        except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
            failure = error_for_failure(error, request, self.settings, closed=self.closed)
        raise failure


class SyncTransport(Transport["HttpClient", EngineHolder]):
    """Sends requests and blocks until their responses are there."""

    def __init__(self, settings: Settings, http_client: HttpClient | None) -> None:
        super().__init__(settings, http_client, EngineHolder())

    def make_httpx_engine(self, client: HttpClient | None) -> Engine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import HttpxEngine

        return HttpxEngine(self.settings, client)

    def make_network(self) -> Network:
        """Make what opens the connections of an engine."""
        from .network import Network

        return Network()

    def reveal_key(self) -> str:
        """Run the program that prints the API key."""
        return self.settings.api_key.reveal()

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response; see `Transport.steps`."""
        return run(self.steps(request, timeouts))

    def close(self) -> None:
        """Close the connections; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["AsyncHttpClient", AsyncEngineHolder]):
    """Sends requests and awaits their responses."""

    def __init__(self, settings: Settings, http_client: AsyncHttpClient | None) -> None:
        super().__init__(settings, http_client, AsyncEngineHolder())

    def make_httpx_engine(self, client: AsyncHttpClient | None) -> Engine:
        """Make an engine on a client of httpx or httpx2; None for a new one of httpx."""
        from .httpx_engine import AsyncHttpxEngine

        return AsyncHttpxEngine(self.settings, client)

    def make_network(self) -> Network:
        """Make what opens the connections of an engine."""
        from .network import AsyncNetwork

        # The steps call the same methods; `run_async` awaits what they return.
        return cast("Network", AsyncNetwork())

    async def reveal_key(self) -> str:
        """Run the program that prints the API key."""
        from asyncio import to_thread

        return await to_thread(self.settings.api_key.reveal)

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Response:
        """Send a request, and return the response; see `Transport.steps`."""
        return await run_async(self.steps(request, timeouts))

    async def close(self) -> None:
        """Close the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
