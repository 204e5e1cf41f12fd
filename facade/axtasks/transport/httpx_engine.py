"""An engine on a client of httpx: the one that was passed in, or a new one where there may be a proxy."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import httpx

from axtasks.config.endpoint import is_local_http
from axtasks.errors import InvalidArgumentError

from .body import ACCEPTED_ENCODING, BodyDecoder, BodyError, BodyTooLargeError
from .errors import is_of_sending
from .models import ACCEPTED, JSON, Response, partial_response

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    import httpcore
    from axtasks_api_beta.operation import PreparedRequest

    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .http_client import AsyncHttpClient, HttpClient, HttpRequest, ReceivedResponse, RequestBuilder

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


class DeadlineTimeout(float):
    """A timeout of one wait, in seconds, that carries the deadline of the whole exchange, as monotonic time."""

    __slots__ = ("ends",)
    ends: float

    def __new__(cls, seconds: float, ends: float) -> DeadlineTimeout:
        """Make the timeout."""
        timeout = float.__new__(cls, seconds)
        timeout.ends = ends
        return timeout


class DeadlineStream:
    """A connection of httpcore whose reads end at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read data as soon as there is any."""
        if isinstance(timeout, DeadlineTimeout):
            timeout = min(timeout, timeout.ends - monotonic())
            if timeout <= 0:
                import httpcore

                raise httpcore.ReadTimeout("the time for the answer is over")
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of the data."""
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> DeadlineStream:
        """Return the connection with TLS on it."""
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """Return a property of the connection."""
        return self._inner.get_extra_info(info)


class DeadlineBackend:
    """A network backend of httpcore whose connections are `DeadlineStream`s."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> DeadlineStream:
        """Connect to a host."""
        return DeadlineStream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> DeadlineStream:
        """Connect to a Unix socket."""
        return DeadlineStream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        self._inner.sleep(seconds)


class HttpxEngine:
    """Sends requests with the client that was passed in; with a new one of httpx when None is passed."""

    def __init__(self, settings: Settings, client: HttpClient | None = None) -> None:
        self.settings = settings
        self.client: HttpClient = _set_deadlines(_new_client(httpx.Client, settings)) if client is None else client

    def exchange(self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float) -> Response:
        """Send a request, and return the response."""
        read = DeadlineTimeout(timeouts.read, ends)
        httpx_request = _build_request(self.client, request, content, self.settings, timeouts=timeouts, read=read)
        response = self.client.send(httpx_request, stream=True, follow_redirects=False)
        try:
            body = _body_decoder(response, self.settings)
            try:
                for chunk in (response.content,) if response.is_stream_consumed else response.iter_raw():
                    body.add(chunk)
                    if monotonic() > ends:
                        raise TimeoutError("the time for the answer is over")
                return _to_response(response, body.whole())
            except (BodyError, BodyTooLargeError) as error:
                return partial_response(
                    error, _to_response(response, body.received()), request=request, settings=self.settings
                )
        finally:
            response.close()

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


class AsyncHttpxEngine:
    """Sends requests with the client that was passed in; with a new one of httpx when None is passed."""

    # The connection pool of httpx may lose the slot of a request that is cancelled, and has 100.
    wears_out = True

    def __init__(self, settings: Settings, client: AsyncHttpClient | None = None) -> None:
        self.settings = settings
        self.client: AsyncHttpClient = _new_client(httpx.AsyncClient, settings) if client is None else client

    async def exchange(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Response:
        """Send a request, and return the response."""
        import asyncio

        httpx_request = _build_request(
            self.client, request, content, self.settings, timeouts=timeouts, read=timeouts.read
        )
        async with asyncio.timeout(ends - monotonic()):
            response = await self.client.send(httpx_request, stream=True, follow_redirects=False)
            try:
                body = _body_decoder(response, self.settings)
                try:
                    if response.is_stream_consumed:
                        body.add(response.content)
                    else:
                        async for chunk in response.aiter_raw():
                            body.add(chunk)
                    return _to_response(response, body.whole())
                except (BodyError, BodyTooLargeError) as error:
                    return partial_response(
                        error, _to_response(response, body.received()), request=request, settings=self.settings
                    )
            finally:
                await response.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()


def _verify(settings: Settings) -> ssl.SSLContext | bool:
    """Return `verify` for httpx; True for the certificates that the environment names, or the usual ones."""
    if settings.ca_file is None:
        return True
    import ssl

    return ssl.create_default_context(cafile=settings.ca_file)


def _new_client(client_class: type[ClientT], settings: Settings) -> ClientT:
    """Make a client of httpx."""
    try:
        client = client_class(verify=_verify(settings), trust_env=not is_local_http(settings.base_url))
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from None
    # No cookies: requests are independent of each other.
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _set_deadlines(client: httpx.Client) -> httpx.Client:
    """Have the reads of a client end at the deadline."""
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # there is no public way
        pool = getattr(transport, "_pool", None)
        if pool is not None and hasattr(pool, "_network_backend"):
            pool._network_backend = DeadlineBackend(pool._network_backend)  # noqa: SLF001
    return client


def _build_request(
    client: RequestBuilder,
    request: PreparedRequest,
    content: bytes | None,
    settings: Settings,
    *,
    timeouts: Timeouts,
    read: float,
) -> HttpRequest:
    """Build the request, with the key; `read` is the timeout of one wait for data.

    Raises:
        InvalidArgumentError: something in it cannot be sent.
    """
    headers = {"accept": ACCEPTED, "accept-encoding": ACCEPTED_ENCODING, "user-agent": settings.user_agent}
    if content is not None:
        headers["content-type"] = JSON
    built: HttpRequest | None = None
    reason = ""
    try:
        built = client.build_request(
            request.method,
            settings.base_url + request.path,
            params=request.query or None,
            content=content,
            headers=headers,
            timeout=(timeouts.connect, read, timeouts.read, timeouts.connect),
        )
    except Exception as error:
        if not is_of_sending(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    if built is None:
        raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {reason}")
    built.headers["authorization"] = f"Bearer {settings.api_key.reveal()}"
    return built


def _to_response(response: ReceivedResponse, content: bytes) -> Response:
    """Return a response of the client as one of our own, with lower-case header names."""
    return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)


def _body_decoder(response: ReceivedResponse, settings: Settings) -> BodyDecoder:
    """Return the decoder for the body of a response."""
    # A body that was read already, as of a mock transport, is decompressed.
    encoding = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return BodyDecoder(encoding, most_bytes=settings.limits.response_bytes)
