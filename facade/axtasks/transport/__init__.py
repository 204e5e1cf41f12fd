"""Sending requests, over httpx, which is imported when the first request goes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from axtasks.bodies import BodyError, BodyTooLargeError
from axtasks.deadlines import PunctualBackend, Until
from axtasks.errors import ConfigurationError, ConnectionFailedError, DeadlineExceededError
from axtasks.pools import CLOSED, AsyncPool, Pool
from axtasks.servers import is_clear

from .errors import failure
from .wire import answer, body_of, built, spoilt

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    import httpx
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config import Settings
    from axtasks.timeouts import Timeouts

    from .wire import Answer

ClientT = TypeVar("ClientT")

# What is left to a request whose time was over just when it had its turn.
SHORTEST_SECONDS = 0.001


class Transport(ABC, Generic[ClientT]):
    """One pool of connections: the client that was passed in, or one of our own, made at the first request."""

    def __init__(self, settings: Settings, http_client: ClientT | None) -> None:
        self.settings = settings
        self.closed = False
        self._given = http_client

    @abstractmethod
    def make(self) -> ClientT:
        """A new client of httpx."""

    def given(self) -> ClientT | None:
        """The client that was passed in; None where one of our own is used.

        Raises:
            ConfigurationError: this client was closed, or the one that was passed in.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if getattr(self._given, "is_closed", False):
            raise ConfigurationError("the http_client that was passed in is closed")
        return self._given

    def made(self) -> ClientT:
        """A new client of httpx.

        Raises:
            ConfigurationError: the environment names proxies or certificates that cannot be used.
        """
        import httpx

        try:
            return self.make()
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
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

    def trusted(self) -> ssl.SSLContext | bool:
        """Whom to trust, in the form of httpx; True leaves that to httpx, which then looks into the environment."""
        if self.settings.ca_file is None:
            return True
        import ssl

        return ssl.create_default_context(cafile=self.settings.ca_file)


class SyncTransport(Transport["httpx.Client"]):
    """Sends requests and waits for the answers."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        super().__init__(settings, http_client)
        self._pool: Pool[httpx.Client] = Pool()

    def borrowed(self) -> AbstractContextManager[httpx.Client]:
        """The client that sends, for as long as it is needed.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        given = self.given()
        return self._pool.borrowed(self.made) if given is None else nullcontext(given)

    def make(self) -> httpx.Client:
        """A new blocking client, whose waits for an answer end at the deadline."""
        import httpx

        client = httpx.Client(verify=self.trusted(), trust_env=not is_clear(self.settings.base_url))
        for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # there is no public way
            pool = getattr(transport, "_pool", None)
            if pool is not None and hasattr(pool, "_network_backend"):
                pool._network_backend = PunctualBackend(pool._network_backend)  # noqa: SLF001
        return client

    def send(self, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        """The answer to a request.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        with self.borrowed() as client:
            return self._exchanged(client, request, timeouts)

    def _exchanged(self, client: httpx.Client, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        if not self.settings.api_key.is_known:
            began = monotonic()
            self.settings.api_key.reveal()
            timeouts = self.left(request, timeouts, monotonic() - began)
        ends = monotonic() + timeouts.total
        sending = built(client, request, self.settings, timeouts=timeouts, read=Until(timeouts.read, ends))
        try:
            response = client.send(sending, stream=True, follow_redirects=False)
            try:
                return self.received(response, request, ends)
            finally:
                response.close()
        except BaseException as error:  # noqa: BLE001  # what is raised of it is decided below
            failed = failure(error, request, self.settings, closed=self.closed)
        raise failed

    def received(self, response: httpx.Response, request: PreparedRequest, ends: float) -> Answer:
        """The answer, read to its end.

        Args:
            response: what has begun to come.
            request: what it answers.
            ends: the monotonic time at which it has to be here.
        """
        body = body_of(response, self.settings)
        try:
            for piece in (response.content,) if response.is_stream_consumed else response.iter_raw():
                body.add(piece)
                if monotonic() > ends:
                    raise TimeoutError("the time for the answer is over")
            return answer(response, body.whole())
        except (BodyError, BodyTooLargeError) as error:
            return spoilt(error, response, body, request=request, settings=self.settings)

    def close(self) -> None:
        """Closes the connections, after the last request under way; those of a client that was passed in stay open."""
        self.closed = True
        self._pool.close()


class AsyncTransport(Transport["httpx.AsyncClient"]):
    """Sends requests and awaits the answers."""

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        super().__init__(settings, http_client)
        self._pool: AsyncPool[httpx.AsyncClient] = AsyncPool()

    def open(self) -> httpx.AsyncClient:
        """The client that sends: the one passed in, or that of the running event loop.

        Raises:
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        given = self.given()
        return self._pool.get(self.made).client if given is None else given

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

        places = self._pool.get(self.made).places
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
            held = self._pool.get(self.made)
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

        return httpx.AsyncClient(verify=self.trusted(), trust_env=not is_clear(self.settings.base_url))

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        """The answer to a request.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        import asyncio

        client = self.open()
        if not self.settings.api_key.is_known:
            began = monotonic()
            await asyncio.to_thread(self.settings.api_key.reveal)
            timeouts = self.left(request, timeouts, monotonic() - began)
        sending = built(client, request, self.settings, timeouts=timeouts, read=timeouts.read)
        try:
            async with asyncio.timeout(timeouts.total):
                response = await client.send(sending, stream=True, follow_redirects=False)
                try:
                    return await self.received(response, request)
                finally:
                    await response.aclose()
        except BaseException as error:  # noqa: BLE001  # what is raised of it is decided below
            failed = failure(error, request, self.settings, closed=self.closed)
        raise failed

    async def received(self, response: httpx.Response, request: PreparedRequest) -> Answer:
        """The answer, read to its end.

        Args:
            response: what has begun to come.
            request: what it answers.
        """
        body = body_of(response, self.settings)
        try:
            if response.is_stream_consumed:
                body.add(response.content)
            else:
                async for piece in response.aiter_raw():
                    body.add(piece)
            return answer(response, body.whole())
        except (BodyError, BodyTooLargeError) as error:
            return spoilt(error, response, body, request=request, settings=self.settings)

    async def close(self) -> None:
        """Closes the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
