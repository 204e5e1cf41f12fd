"""An engine on a client of httpx: the one that was passed in, or a new one where there is a SOCKS proxy."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from axtasks.config.certificates import make_context
from axtasks.config.credentials import RedactedDict
from axtasks.errors import InvalidArgumentError

from .body import ACCEPTED_ENCODING, BodyDecoder, BodyError, BodyTooLargeError
from .errors import is_of_sending
from .models import ACCEPTED, DEADLINE, JSON, Response, most_body_bytes, partial_response
from .steps import perform

if TYPE_CHECKING:
    from axtasks_api.operation import PreparedRequest

    from axtasks.config.http_client import AsyncHttpClient, HttpClient, ReceivedResponse, RequestBuilder
    from axtasks.config.options import Timeouts
    from axtasks.config.settings import Settings

    from .steps import Steps

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)


class HttpxEngine:
    """Sends requests with the client that was passed in; with a new one of httpx when None is passed."""

    def __init__(self, settings: Settings, client: HttpClient | None = None) -> None:
        self.settings = settings
        self.client: HttpClient = _new_client(httpx.Client, settings) if client is None else client

    def steps(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Steps[Response]:
        """Send a request, and return the response; the arguments are those of `HttpcoreEngine.steps`."""
        built = _build_request(self.client, request, content, self.settings, timeouts)
        return (yield from perform(self._exchange, built, request, ends))

    def _exchange(self, built: object, request: PreparedRequest, ends: float) -> Response:
        response = self.client.send(built, stream=True, follow_redirects=False)
        try:
            body = _body_decoder(response, self.settings)
            try:
                for chunk in (response.content,) if response.is_stream_consumed else response.iter_raw():
                    body.add(chunk)
                    if monotonic() > ends:
                        raise TimeoutError(DEADLINE)
                return _to_response(response, body.whole())
            except (BodyError, BodyTooLargeError) as error:
                received = _to_response(response, body.received())
                return partial_response(error, received, request=request, settings=self.settings)
        finally:
            response.close()
            if (stream := _abandoned_stream(self.client, response)) is not None:
                stream.close()

    def close_steps(self) -> Steps[None]:
        """Close the connections."""
        yield from perform(self.client.close)


class AsyncHttpxEngine:
    """Sends requests with the client that was passed in; with a new one of httpx when None is passed."""

    def __init__(self, settings: Settings, client: AsyncHttpClient | None = None) -> None:
        self.settings = settings
        self.client: AsyncHttpClient = _new_client(httpx.AsyncClient, settings) if client is None else client

    def steps(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Steps[Response]:
        """Send a request, and return the response; the arguments are those of `HttpcoreEngine.steps`."""
        built = _build_request(self.client, request, content, self.settings, timeouts)
        exchange = perform(self._exchange, built, request, ends)
        # The driver awaits it.
        return (yield from cast("Steps[Response]", exchange))

    async def _exchange(self, built: object, request: PreparedRequest, ends: float) -> Response:
        from asyncio import timeout

        async with timeout(ends - monotonic()):
            response = await self.client.send(built, stream=True, follow_redirects=False)
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
                    received = _to_response(response, body.received())
                    return partial_response(error, received, request=request, settings=self.settings)
            finally:
                await response.aclose()
                if (stream := _abandoned_stream(self.client, response)) is not None:
                    await stream.aclose()

    def close_steps(self) -> Steps[None]:
        """Close the connections."""
        yield self.client.aclose


def _new_client(client_class: type[ClientT], settings: Settings) -> ClientT:
    """Make a client of httpx, which finds the proxy itself."""
    client = client_class(verify=make_context(settings))
    # No cookies: requests are independent of each other.
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _abandoned_stream(client: object, response: object) -> Any:
    """Return the connection of a response whose client was closed meanwhile; None if the client closes it itself.

    A pool of httpcore that is closed while it connects forgets that connection without closing it.
    """
    return getattr(response, "extensions", {}).get("network_stream") if getattr(client, "is_closed", False) else None


def _build_request(
    client: RequestBuilder, request: PreparedRequest, content: bytes | None, settings: Settings, timeouts: Timeouts
) -> object:
    """Build the request; raise InvalidArgumentError if something in it cannot be sent."""
    headers = RedactedDict[str](settings.headers)
    headers |= {"accept": ACCEPTED, "accept-encoding": ACCEPTED_ENCODING, "user-agent": settings.user_agent}
    headers["authorization"] = f"Bearer {settings.api_key.reveal()}"
    if content is not None:
        headers["content-type"] = JSON
    reason = ""
    try:
        return client.build_request(
            request.method,
            settings.base_url + request.path,
            params=request.query or None,
            content=content,
            headers=headers,
            timeout=(timeouts.connect, timeouts.read, timeouts.read, timeouts.connect),
        )
    except Exception as error:
        if not is_of_sending(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {reason}")


def _to_response(response: ReceivedResponse, content: bytes) -> Response:
    """Return a response of the client as one of our own, with lower-case header names."""
    return Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, content)


def _body_decoder(response: ReceivedResponse, settings: Settings) -> BodyDecoder:
    """Return the decoder for the body of a response."""
    # A body that was read already, as of a mock transport, is decompressed.
    encoding = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return BodyDecoder(encoding, most_bytes=most_body_bytes(response.status_code, settings.limits.response_bytes))
