"""Send requests: hold the engine, and turn its errors into those of this package."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast
from weakref import finalize

from axtasks.concurrency import Forkable, SharedCalls, outcome_within
from axtasks.config.proxy import SOCKS, proxy_for
from axtasks.errors import ConfigurationError, DeadlineExceededError

from .errors import UnreachedError, error_for_failure
from .steps import perform, run, run_async

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import AsyncGenerator, Awaitable

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.http_client import AsyncHttpClient, HttpClient
    from axtasks.config.options import Timeouts
    from axtasks.config.proxy import Proxy
    from axtasks.config.settings import Settings

    from .httpcore_engine import HttpcoreEngine
    from .httpx_engine import HttpxEngine
    from .models import Response
    from .steps import Steps

    Engine = HttpcoreEngine | HttpxEngine

CLOSED = "this client is closed; make a new one"
# Connections of the parent process. Closing them here might end them there, so they are referenced and left alone.
_inherited: list[object] = []


class Transport(Forkable):
    """Sends the requests of one client: with the client that was passed in, or with an engine of its own.

    Attributes:
        is_awaited: True if what steps return is awaited.
    """

    is_awaited: ClassVar[bool]

    def __init__(self, settings: Settings, http_client: HttpClient | AsyncHttpClient | None) -> None:
        self.settings = settings
        self.closed = False
        self._lock = Lock()
        self._http_client = http_client
        # Concurrent requests share one run of the program that prints the key, also if it fails.
        self._key_runs = SharedCalls(settings.api_key.make_known)
        super().__init__()

    @abstractmethod
    def held_engine(self) -> Engine:
        """Return the engine of its own, made if there is none."""

    @abstractmethod
    def reveal_key(self, seconds: float) -> Awaitable[None] | None:
        """Run the program that prints the API key; one that takes longer goes on, and the next request waits for it.

        Raises:
            TimeoutError: it takes longer than some seconds.
        """

    def engine(self) -> Engine:
        """Return the engine: on the client that was passed in, or its own.

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
        return self._make_httpx_engine()

    def make_engine(self) -> Engine:
        """Make an engine of its own; raise ConfigurationError if its proxy or its certificates cannot be used."""
        from .httpcore_engine import HttpcoreEngine
        from .network import AsyncNetwork, Network

        if self.closed:
            raise ConfigurationError(CLOSED)
        proxy = proxy_for(self.settings.base_url)
        if proxy is None or proxy.scheme not in SOCKS:
            # An awaiting one has the same methods.
            network = cast("Network", AsyncNetwork()) if self.is_awaited else Network()
            return HttpcoreEngine(self.settings, network, proxy)
        try:
            return self._make_httpx_engine(proxy)
        except (ValueError, ImportError) as error:
            raise ConfigurationError(
                f"the proxy that {proxy.variable} names, {proxy.url}, cannot be used: {error}", variable=proxy.variable
            ) from error

    def _make_httpx_engine(self, proxy: Proxy | None = None) -> Engine:
        """Make an engine on the client that was passed in; on a new one of httpx, which uses the proxy, if none was."""
        from .httpx_engine import HttpxEngine

        return HttpxEngine(self.settings, self._http_client, is_awaited=self.is_awaited, proxy=proxy)

    def steps(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts) -> Steps[Response]:
        """Send a request, and return the response.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        engine = self.engine()
        ends = monotonic() + timeouts.total
        try:
            if not self.settings.api_key.is_known:
                try:
                    yield from perform(self.reveal_key, timeouts.total)
                    timeouts = timeouts.within(max(0.001, ends - monotonic()))
                except TimeoutError:
                    raise DeadlineExceededError(
                        f"getting the API key took all the time there was, so {request.operation_id} was not sent",
                        operation_id=request.operation_id,
                    ) from None
                except OSError as error:
                    raise UnreachedError(error) from None
            return (yield from engine.steps(request, content, timeouts, ends))
        except BaseException as error:  # noqa: BLE001  # which error is raised for it is decided below
            failure = error_for_failure(error, request, self.settings, closed=self.closed, proxy=engine.proxy)
        raise failure


class SyncTransport(Transport):
    """Sends requests and blocks until their responses are there; all threads of a process share the engine."""

    is_awaited = False

    def __init__(self, settings: Settings, http_client: HttpClient | None) -> None:
        self._engine: Engine | None = None
        self._closer: finalize[[Steps[None]], SyncTransport] | None = None
        super().__init__(settings, http_client)

    def held_engine(self) -> Engine:
        """Return the engine of its own, made if there is none."""
        with self._lock:
            if self._engine is None:
                self._engine = self.make_engine()
                self._closer = finalize(self, run, self._engine.close_steps())
            return self._engine

    def reveal_key(self, seconds: float) -> None:
        """Run the program that prints the API key."""
        self._key_runs.start().result(seconds)

    def send(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts) -> Response:
        """Send a request, and return the response; see `Transport.steps`."""
        return run(self.steps(request, content, timeouts))

    def close(self) -> None:
        """Close the connections, but for those of a client that was passed in; requests that are under way go on."""
        with self._lock:
            self.closed = True
            closer, self._closer, self._engine = self._closer, None, None
        if closer is not None:
            closer()

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        self._lock = Lock()
        if self._closer is not None:
            self._closer.detach()
            _inherited.append(self._engine)
        self._closer = self._engine = None


class AsyncTransport(Transport):
    """Sends requests and awaits their responses; each event loop has an engine, as it has its own connections."""

    is_awaited = True

    def __init__(self, settings: Settings, http_client: AsyncHttpClient | None) -> None:
        # With each engine the generator that closes it at the end of its loop.
        self._held: dict[AbstractEventLoop, tuple[Engine, AsyncGenerator[None]]] = {}
        super().__init__(settings, http_client)

    def held_engine(self) -> Engine:
        """Return the engine of the running event loop, made if there is none."""
        # Imported late: the blocking client does without it.
        from asyncio import get_running_loop

        loop = get_running_loop()
        held = self._held.get(loop)
        if held is None:
            with self._lock:
                engine = self.make_engine()
                held = engine, _start_closer(engine)
                # The engines of loops that ended were closed with them.
                others = {other: each for other, each in self._held.items() if not other.is_closed()}
                self._held = {**others, loop: held}
        return held[0]

    async def reveal_key(self, seconds: float) -> None:
        """Run the program that prints the API key."""
        await outcome_within(seconds, self._key_runs.start())

    async def send(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts) -> Response:
        """Send a request, and return the response; see `Transport.steps`."""
        return await run_async(self.steps(request, content, timeouts))

    async def close(self) -> None:
        """Close the connections, as `SyncTransport.close` does; those of loops in other threads soon after."""
        from asyncio import ensure_future, get_running_loop, run_coroutine_threadsafe, shield

        with self._lock:
            self.closed = True
            all_held, self._held = self._held, {}
        for loop, (engine, closer) in all_held.items():
            if loop is get_running_loop():
                # It goes on if the caller is cancelled.
                await shield(ensure_future(closer.aclose()))
            elif loop.is_running():
                run_coroutine_threadsafe(run_async(engine.close_steps()), loop)

    def after_fork(self) -> None:
        """Leave the connections to the parent."""
        self._lock = Lock()
        _inherited.append(self._held)
        self._held = {}


def _start_closer(engine: Engine) -> AsyncGenerator[None]:
    """Return a generator that closes the engine when its loop ends, or when nothing references it any more."""
    closer = _close_at_end(engine)
    # A step of it ends with StopIteration.
    with suppress(StopIteration):
        closer.asend(None).send(None)
    return closer


async def _close_at_end(engine: Engine) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await run_async(engine.close_steps())
