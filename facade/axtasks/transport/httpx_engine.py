"""An engine on a client of httpx: the one that was passed in, or a new one where there is a SOCKS proxy."""

from __future__ import annotations

from functools import partial
from http.cookiejar import DefaultCookiePolicy
from operator import methodcaller
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import httpx

from axtasks.config.certificates import make_context
from axtasks.errors import InvalidArgumentError

from .body import BodyDecoder, BodyError, BodyTooLargeError
from .errors import is_of_sending
from .models import Response, most_body_bytes, partial_response, request_headers
from .steps import perform, remaining, run_async

if TYPE_CHECKING:
    from collections.abc import Callable

    from axtasks_api.operation import PreparedRequest

    from axtasks.config.http_client import AsyncHttpClient, HttpClient, RequestBuilder
    from axtasks.config.options import Timeouts
    from axtasks.config.proxy import Proxy
    from axtasks.config.settings import Settings

    from .steps import Steps


class HttpxEngine:
    """Sends requests with the client that was passed in; with a new one of httpx when None is passed.

    Its steps return what the client does; that of an awaiting client is awaited by the driver. Messages name the
    `proxy`, which a new client goes through.
    """

    def __init__(
        self, settings: Settings, client: HttpClient | AsyncHttpClient | None, *, is_awaited: bool, proxy: Proxy | None
    ) -> None:
        self.settings = settings
        self.proxy = proxy
        self.client = client if client is not None else _new_client(settings, is_awaited=is_awaited)
        self._is_awaited = is_awaited
        self._close = methodcaller("aclose" if is_awaited else "close")

    def steps(
        self, request: PreparedRequest, content: bytes | None, timeouts: Timeouts, ends: float
    ) -> Steps[Response]:
        """Send a request, and return the response; the arguments are those of `HttpcoreEngine.steps`."""
        built = _build_request(self.client, request, content, self.settings, timeouts)
        exchange = self._exchange(built, request, ends)
        if self._is_awaited:
            # The driver awaits it.
            exchange = cast("Steps[Response]", perform(_run_in_time, exchange, ends))
        return (yield from exchange)

    def _exchange(self, built: object, request: PreparedRequest, ends: float) -> Steps[Response]:
        # Any: a response of either kind, blocking or awaiting.
        response: Any = yield partial(self.client.send, built, stream=True, follow_redirects=False)
        try:
            received = Response(response.status_code, {k.lower(): v for k, v in response.headers.items()}, b"")
            # A body that was read already, as of a mock transport, is decompressed.
            encoding = "" if response.is_stream_consumed else received.headers.get("content-encoding", "")
            most = most_body_bytes(received.status_code, self.settings.limits.response_bytes)
            body = BodyDecoder(encoding, most_bytes=most)
            try:
                if response.is_stream_consumed:
                    body.add(response.content)
                else:
                    chunks = response.aiter_raw() if self._is_awaited else response.iter_raw()
                    following = cast("Callable[[Any, None], Any]", anext if self._is_awaited else next)
                    while (chunk := (yield from perform(following, chunks, None))) is not None:
                        body.add(chunk)
                        remaining(ends)
                return received._replace(content=body.whole())
            except (BodyError, BodyTooLargeError) as error:
                received = received._replace(content=body.received())
                return partial_response(error, received, request=request, settings=self.settings)
        finally:
            yield from perform(self._close, response)
            if (stream := _abandoned_stream(self.client, response)) is not None:
                yield from perform(self._close, stream)

    def close_steps(self) -> Steps[None]:
        """Close the connections."""
        yield from perform(self._close, self.client)


async def _run_in_time(steps: Steps[Response], ends: float) -> Response:
    """Perform steps on the running event loop; raise TimeoutError at a monotonic time, whatever they wait for."""
    from asyncio import timeout

    async with timeout(ends - monotonic()):
        return await run_async(steps)


def _new_client(settings: Settings, *, is_awaited: bool) -> HttpClient | AsyncHttpClient:
    """Make a client of httpx, which finds the proxy itself."""
    client = (httpx.AsyncClient if is_awaited else httpx.Client)(verify=make_context(settings))
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
    reason = ""
    try:
        return client.build_request(
            request.method,
            settings.base_url + request.path,
            params=request.query or None,
            content=content,
            headers=request_headers(settings, has_content=content is not None),
            timeout=(timeouts.connect, timeouts.read, timeouts.read, timeouts.connect),
        )
    except Exception as error:
        if not is_of_sending(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    raise InvalidArgumentError(f"{request.operation_id} cannot be sent: {reason}")
