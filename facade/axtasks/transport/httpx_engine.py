"""An engine on a client of httpx: the one that was passed in, or one of our own where there may be a proxy."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import TYPE_CHECKING

import httpx

from axtasks.config.endpoint import is_local_http
from axtasks.errors import InvalidArgumentError

from .body import BodyDecoder, BodyError, BodyTooLargeError
from .errors import is_of_sending
from .models import ACCEPTED, ACCEPTED_ENCODING, JSON, Response, partial_response

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    import httpcore
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings


class Until(float):
    """A timeout in seconds that is over at a point in time, whatever happens in between.

    Args:
        seconds: the most seconds of one wait.
        ends: the monotonic time at which every wait is over.
    """

    __slots__ = ("ends",)
    ends: float

    def __new__(cls, seconds: float, ends: float) -> Until:
        """Makes the timeout."""
        until = float.__new__(cls, seconds)
        until.ends = ends
        return until


def left(timeout: float | None) -> float | None:
    """The seconds that one wait may take now; 0 or less if none.

    Args:
        timeout: a timeout as the HTTP library was given it.
    """
    return min(timeout, timeout.ends - monotonic()) if isinstance(timeout, Until) else timeout


class PunctualStream:
    """A connection whose waits end at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Data, as soon as there is any.

        Args:
            max_bytes: the most bytes to read.
            timeout: the most seconds to wait.
        """
        seconds = left(timeout)
        if seconds is not None and seconds <= 0:
            import httpcore

            raise httpcore.ReadTimeout("the time for the answer is over")
        return self._inner.read(max_bytes, seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Nothing, once all was sent.

        Args:
            buffer: what to send.
            timeout: the most seconds to wait.
        """
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """Closes the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> PunctualStream:
        """The connection, with TLS on it.

        Args:
            ssl_context: whom to trust.
            server_hostname: who the server has to be.
            timeout: the most seconds to wait.
        """
        return PunctualStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """What the connection tells of itself.

        Args:
            info: the name of what to tell.
        """
        return self._inner.get_extra_info(info)


class PunctualBackend:
    """Makes connections whose waits end at the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> PunctualStream:
        """A connection.

        Args:
            host: name or address of the server.
            port: its port.
            timeout: the most seconds to wait for each of its addresses.
            local_address: the address to connect from.
            socket_options: options of the socket.
        """
        return PunctualStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> PunctualStream:
        """A connection within this machine.

        Args:
            path: the socket's file.
            timeout: the most seconds to wait.
            socket_options: options of the socket.
        """
        return PunctualStream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Lets time pass.

        Args:
            seconds: how much.
        """
        self._inner.sleep(seconds)


class HttpxEngine:
    """Exchanges that block.

    Args:
        settings: how the client is set up.
        client: what sends; one of our own is made when None.
    """

    def __init__(self, settings: Settings, client: httpx.Client | None = None) -> None:
        self.settings = settings
        self.client = _own_client(settings) if client is None else client

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            content: its body.
            timeouts: how long it may take.
            ends: the monotonic time at which the answer has to be here.
        """
        read = Until(timeouts.read, ends)
        sending = _built(self.client, request, content, self.settings, timeouts=timeouts, read=read)
        response = self.client.send(sending, stream=True, follow_redirects=False)
        try:
            body = _body_of(response, self.settings)
            try:
                for piece in (response.content,) if response.is_stream_consumed else response.iter_raw():
                    body.add(piece)
                    if monotonic() > ends:
                        raise TimeoutError("the time for the answer is over")
                return _answer(response, body.whole())
            except (BodyError, BodyTooLargeError) as error:
                return partial_response(
                    error, _answer(response, body.received()), request=request, settings=self.settings
                )
        finally:
            response.close()

    def close(self) -> None:
        """Closes the connections."""
        self.client.close()


class AsyncHttpxEngine:
    """Exchanges that are awaited.

    Args:
        settings: how the client is set up.
        client: what sends; one of our own is made when None.
    """

    # The pool beneath may lose the slot of a request that is cancelled, and has 100.
    wears_out = True

    def __init__(self, settings: Settings, client: httpx.AsyncClient | None = None) -> None:
        self.settings = settings
        self.client = _own_async_client(settings) if client is None else client

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """The answer to a request.

        Args:
            request: what to send.
            content: its body.
            timeouts: how long it may take.
            ends: the monotonic time at which the answer has to be here.
        """
        import asyncio

        sending = _built(self.client, request, content, self.settings, timeouts=timeouts, read=timeouts.read)
        async with asyncio.timeout(ends - monotonic()):
            response = await self.client.send(sending, stream=True, follow_redirects=False)
            try:
                body = _body_of(response, self.settings)
                try:
                    if response.is_stream_consumed:
                        body.add(response.content)
                    else:
                        async for piece in response.aiter_raw():
                            body.add(piece)
                    return _answer(response, body.whole())
                except (BodyError, BodyTooLargeError) as error:
                    return partial_response(
                        error, _answer(response, body.received()), request=request, settings=self.settings
                    )
            finally:
                await response.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        await self.client.aclose()


def _trusted(settings: Settings) -> ssl.SSLContext | bool:
    """Whom to trust, in the form of httpx; True leaves that to httpx, which then looks into the environment."""
    if settings.ca_file is None:
        return True
    import ssl

    return ssl.create_default_context(cafile=settings.ca_file)


def _own_client(settings: Settings) -> httpx.Client:
    """A new blocking client, whose waits for an answer end at the deadline."""
    try:
        client = httpx.Client(verify=_trusted(settings), trust_env=not is_local_http(settings.base_url))
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    _refuse_cookies(client)
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # there is no public way
        pool = getattr(transport, "_pool", None)
        if pool is not None and hasattr(pool, "_network_backend"):
            pool._network_backend = PunctualBackend(pool._network_backend)  # noqa: SLF001
    return client


def _own_async_client(settings: Settings) -> httpx.AsyncClient:
    """A new awaiting client."""
    try:
        client = httpx.AsyncClient(verify=_trusted(settings), trust_env=not is_local_http(settings.base_url))
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    _refuse_cookies(client)
    return client


def _refuse_cookies(client: httpx.Client | httpx.AsyncClient) -> None:
    """Has a client keep none: what a server says in one answer is nothing to tell it with the next request."""
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))


def _built(
    client: httpx.Client | httpx.AsyncClient,
    request: PreparedRequest,
    content: bytes | None,
    settings: Settings,
    *,
    timeouts: Timeouts,
    read: float,
) -> httpx.Request:
    """The request in the form of httpx, with the key.

    Args:
        client: what is going to send it.
        request: what to send.
        content: its body.
        settings: how the client is set up.
        timeouts: how long it may take.
        read: the most seconds to wait for a piece of the answer.

    Raises:
        InvalidArgumentError: something in it cannot be sent.
    """
    headers = {"accept": ACCEPTED, "accept-encoding": ACCEPTED_ENCODING, "user-agent": settings.user_agent}
    if content is not None:
        headers["content-type"] = JSON
    made: httpx.Request | None = None
    reason = ""
    try:
        made = client.build_request(
            request.method,
            settings.base_url + request.path,
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
    made.headers["authorization"] = f"Bearer {settings.api_key.reveal()}"
    return made


def _answer(response: httpx.Response, content: bytes) -> Response:
    """What httpx received."""
    # Lower-case names, so that nobody has to know httpx's own mapping.
    return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)


def _body_of(response: httpx.Response, settings: Settings) -> BodyDecoder:
    """What the body of an answer is put together with."""
    # What was made rather than received is unpacked already.
    packed = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return BodyDecoder(packed, most_bytes=settings.limits.response_bytes)
