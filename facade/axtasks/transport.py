"""Sending requests. The only module that names httpx, which is imported when the first request goes out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from .errors import (
    AxError,
    ConfigurationError,
    ConnectionFailedError,
    InvalidArgumentError,
    RequestTimeoutError,
    TransportError,
)
from .pools import CLOSED, AsyncPool, Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    import httpx
    from axtasks_api.operation import PreparedRequest

    from .config import Settings
    from .timeouts import Timeouts

ClientT = TypeVar("ClientT")

# What is left to a request whose time was over just when it had its turn.
SHORTEST_SECONDS = 0.001


class Answer(NamedTuple):
    """An answer as it came: its status, its headers with lower-case names, its body."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


def arguments_of(settings: Settings, request: PreparedRequest, timeouts: Timeouts) -> dict[str, Any]:
    """What httpx needs to know to send a request.

    Raises:
        InvalidArgumentError: something in the body is not of JSON.
    """
    typed = {} if request.body is None else {"content-type": "application/json"}
    return {
        "method": request.method,
        "url": settings.base_url + request.path,
        "params": list(request.query) or None,
        "content": None if request.body is None else encoded(request),
        "headers": {
            **typed,
            "authorization": f"Bearer {settings.api_key.reveal()}",
            "accept": "application/json, application/problem+json",
            "user-agent": settings.user_agent,
        },
        "timeout": (timeouts.connect, timeouts.read, timeouts.read, timeouts.connect),
        # A redirect could carry the key to another host.
        "follow_redirects": False,
    }


def encoded(request: PreparedRequest) -> bytes:
    """The body as JSON.

    Raises:
        InvalidArgumentError: something in it is not of JSON, such as a NaN or an object of a class.
    """
    try:
        return json.dumps(request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent as JSON: {error}") from error


def answer_of(response: httpx.Response) -> Answer:
    """What httpx received."""
    # Lower-case names, so that nobody has to know httpx's own mapping.
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)


def own_errors() -> tuple[type[Exception], ...]:
    """Everything httpx raises of its own."""
    import httpx

    return (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, httpx.CookieConflict)


def translate(error: Exception, request: PreparedRequest, settings: Settings) -> AxError:
    """The error of ours that stands for one of httpx."""
    import httpx

    what = f"{request.operation_id} ({request.method} {request.path})"
    told = settings.api_key.hidden_in_text(str(error))
    reason = f"{type(error).__name__}: {told}" if told else type(error).__name__
    # Without a connection nothing was sent.
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.InvalidURL):
        return ConnectionFailedError(
            f"{settings.base_url} was not reached for {what}: {reason}", operation_id=request.operation_id
        )
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeoutError(f"{what} was not answered in time: {reason}", operation_id=request.operation_id)
    return TransportError(f"{what} got no usable answer: {reason}", operation_id=request.operation_id)


def tellable(error: Exception, settings: Settings) -> Exception | None:
    """The error of httpx as a cause; None if it shows the key, since it may quote what a server sent."""
    return error if settings.api_key.hidden_in_text(str(error)) == str(error) else None


class Transport(ABC, Generic[ClientT]):
    """One pool of connections: the client that was passed in, or one of our own, made at the first request."""

    def __init__(self, settings: Settings, http_client: ClientT | None) -> None:
        self.settings = settings
        self.closed = False
        self._given = http_client

    @abstractmethod
    def own(self) -> ClientT:
        """The client of our own."""

    @abstractmethod
    def make(self) -> ClientT:
        """A new client of httpx."""

    def open(self) -> ClientT:
        """The client that sends.

        Raises:
            ConfigurationError: this client was closed.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._given is not None:
            if getattr(self._given, "is_closed", False):
                raise ConfigurationError("the http_client that was passed in is closed")
            return self._given
        return self.own()


class SyncTransport(Transport["httpx.Client"]):
    """Sends requests and waits for the answers."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        super().__init__(settings, http_client)
        self._pool: Pool[httpx.Client] = Pool()

    def own(self) -> httpx.Client:
        """The client of our own, for all threads."""
        return self._pool.get(self.make)

    def make(self) -> httpx.Client:
        """A new blocking client."""
        import httpx

        return httpx.Client()

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        """The answer to a request.

        Raises:
            TransportError: none came.
        """
        client = self.open()
        try:
            return answer_of(client.request(**arguments_of(self.settings, request, timeouts)))
        except own_errors() as error:
            raise translate(error, request, self.settings) from tellable(error, self.settings)

    def close(self) -> None:
        """Closes the connections; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["httpx.AsyncClient"]):
    """Sends requests and awaits the answers."""

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool: AsyncPool[httpx.AsyncClient] = AsyncPool()

    def own(self) -> httpx.AsyncClient:
        """The client of our own, for the running event loop."""
        return self._pool.get(self.make).client

    @asynccontextmanager
    async def place(self, request: PreparedRequest, timeouts: Timeouts) -> AsyncIterator[Timeouts]:
        """A place among the requests under way, and how long this one may still take.

        Args:
            request: what is to be sent.
            timeouts: how long it may take, waiting for the place included.

        Raises:
            ConnectionFailedError: no place was free in all that time.
        """
        if self.closed or self._given is not None:
            yield timeouts
            return
        from asyncio import timeout

        places = self._pool.get(self.make).places
        if places.locked():
            began = monotonic()
            try:
                async with timeout(timeouts.total):
                    await places.acquire()
            except TimeoutError as error:
                raise ConnectionFailedError(
                    f"{request.operation_id} was not sent: too many other requests were under way all the time",
                    operation_id=request.operation_id,
                ) from error
            left = timeouts.total - (monotonic() - began)
            timeouts = timeouts.within(max(left, SHORTEST_SECONDS))
        else:
            await places.acquire()
        try:
            # Looked up anew, as it may have been replaced meanwhile, and held for as long as it is used.
            held = self._pool.get(self.make)
            try:
                yield timeouts
            except BaseException:
                held.failures += 1
                raise
        finally:
            places.release()

    def make(self) -> httpx.AsyncClient:
        """A new awaiting client."""
        import httpx

        return httpx.AsyncClient()

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        """The answer to a request.

        Raises:
            TransportError: none came.
        """
        client = self.open()
        try:
            return answer_of(await client.request(**arguments_of(self.settings, request, timeouts)))
        except own_errors() as error:
            raise translate(error, request, self.settings) from tellable(error, self.settings)

    async def close(self) -> None:
        """Closes the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
