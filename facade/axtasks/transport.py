"""Sending requests. The only module that names httpx, which is imported when the first request goes out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from axtasks_api.operation import SUCCESSES

from .bodies import ACCEPTED_ENCODING, Body, BodyError, BodyTooLargeError
from .deadlines import PunctualBackend, Until
from .errors import ConfigurationError, ConnectionFailedError, InvalidArgumentError, ResponseTooLargeError
from .pools import CLOSED, AsyncPool, Pool
from .transport_errors import failure, is_of_sending

if TYPE_CHECKING:
    import ssl
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


def encoded(request: PreparedRequest) -> bytes:
    """The body as JSON.

    Raises:
        InvalidArgumentError: something in it is not of JSON, such as a NaN or an object of a class.
    """
    try:
        return json.dumps(request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent as JSON: {error}") from error


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
            ConfigurationError: this client was closed, or cannot be made of what the environment says.
        """
        if self.closed:
            raise ConfigurationError(CLOSED)
        if self._given is not None:
            if getattr(self._given, "is_closed", False):
                raise ConfigurationError("the http_client that was passed in is closed")
            return self._given
        return self.own()

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

    def trusted(self) -> ssl.SSLContext | bool:
        """Whom to trust, in the form of httpx; True leaves that to httpx, which then looks into the environment."""
        if self.settings.ca_file is None:
            return True
        import ssl

        return ssl.create_default_context(cafile=self.settings.ca_file)

    def built(
        self, client: httpx.Client | httpx.AsyncClient, request: PreparedRequest, timeouts: Timeouts, read: float
    ) -> httpx.Request:
        """The request in the form of httpx, with the key.

        Args:
            client: what is going to send it.
            request: what to send.
            timeouts: how long it may take.
            read: the most seconds to wait for a piece of the answer.

        Raises:
            InvalidArgumentError: something in it cannot be sent.
        """
        content = None if request.body is None else encoded(request)
        headers = {
            "accept": "application/json, application/problem+json",
            "accept-encoding": ACCEPTED_ENCODING,
            "user-agent": self.settings.user_agent,
        }
        if content is not None:
            headers["content-type"] = "application/json"
        made: Any = None
        reason = ""
        try:
            made = client.build_request(
                request.method,
                self.settings.base_url + request.path,
                params=list(request.query) or None,
                content=content,
                headers=headers,
                timeout=(timeouts.connect, read, timeouts.read, timeouts.connect),
            )
        except Exception as error:
            if not is_of_sending(error):
                raise
            reason = f"{type(error).__name__}: {error}"
        if made is None:
            raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {reason}")
        made.headers["authorization"] = f"Bearer {self.settings.api_key.reveal()}"
        request_made: httpx.Request = made
        return request_made

    def body_of(self, response: httpx.Response) -> Body:
        """What the body of an answer is put together with."""
        # What was made rather than received is unpacked already.
        packed = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
        return Body(packed, most_bytes=self.settings.limits.response_bytes)

    def spoilt(
        self, error: BodyError | BodyTooLargeError, response: httpx.Response, body: Body, request: PreparedRequest
    ) -> Answer:
        """The answer whose body is not whole: a refusal says enough without it.

        Raises:
            ResponseTooLargeError: it is a success, with more of a body than the limit.
            BodyError: it is a success, and its body cannot be unpacked.
        """
        if response.status_code not in SUCCESSES:
            return answer(response, body.received())
        if isinstance(error, BodyError):
            raise error
        hide = self.settings.api_key.hidden_in_text
        headers = {hide(name.lower()): hide(value) for name, value in response.headers.items()}
        raise ResponseTooLargeError(
            f"{request.operation_id} was answered with more than {self.settings.limits.response_bytes} bytes; ask for"
            " less at once, or give the client other limits: Limits(response_bytes=...)",
            status_code=response.status_code,
            operation_id=request.operation_id,
            request_id=headers.get("x-request-id"),
        ).about(method=request.method, path=request.path, headers=headers)


def answer(response: httpx.Response, content: bytes) -> Answer:
    """What httpx received."""
    # Lower-case names, so that nobody has to know httpx's own mapping.
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)


class SyncTransport(Transport["httpx.Client"]):
    """Sends requests and waits for the answers."""

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        super().__init__(settings, http_client)
        self._pool: Pool[httpx.Client] = Pool()

    def own(self) -> httpx.Client:
        """The client of our own, for all threads."""
        return self._pool.get(self.made)

    def make(self) -> httpx.Client:
        """A new blocking client, whose waits for an answer end at the deadline."""
        import httpx

        client = httpx.Client(verify=self.trusted())
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
        client = self.open()
        ends = monotonic() + timeouts.total
        sending = self.built(client, request, timeouts, Until(timeouts.read, ends))
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
        body = self.body_of(response)
        try:
            for piece in (response.content,) if response.is_stream_consumed else response.iter_raw():
                body.add(piece)
                if monotonic() > ends:
                    raise TimeoutError("the time for the answer is over")
            return answer(response, body.whole())
        except (BodyError, BodyTooLargeError) as error:
            return self.spoilt(error, response, body, request)

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
        return self._pool.get(self.made).client

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

        return httpx.AsyncClient(verify=self.trusted())

    async def send(self, request: PreparedRequest, timeouts: Timeouts) -> Answer:
        """The answer to a request.

        Raises:
            TransportError: none came, or not in time.
            ResponseTooLargeError: it has more of a body than the limit.
        """
        import asyncio

        client = self.open()
        if not self.settings.api_key.is_known:
            await asyncio.to_thread(self.settings.api_key.reveal)
        sending = self.built(client, request, timeouts, timeouts.read)
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
        body = self.body_of(response)
        try:
            if response.is_stream_consumed:
                body.add(response.content)
            else:
                async for piece in response.aiter_raw():
                    body.add(piece)
            return answer(response, body.whole())
        except (BodyError, BodyTooLargeError) as error:
            return self.spoilt(error, response, body, request)

    async def close(self) -> None:
        """Closes the connections; those of a client that was passed in stay open."""
        self.closed = True
        await self._pool.close()
