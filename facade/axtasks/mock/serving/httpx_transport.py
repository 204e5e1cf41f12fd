"""The mock as an httpx transport: no socket, no thread, for both kinds of client.

What goes wrong on the way is raised as httpx raises it on a socket. Nothing sleeps: a late answer is there at once, or
is a timeout at once when the client would not have waited for it. Given a `sleep`, it is told of each wait instead:
`time.sleep`, `asyncio.sleep`, or the `advance` of the mock's clock.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import httpx

from axtasks.mock.messages import AT_ONCE, Ending, MockRequest, MockResponse
from axtasks.mock.mock import Mock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    Sleep = Callable[[float], object]

NO_ANSWER = "Server disconnected without sending a response."
RESET = "[Errno 104] Connection reset by peer"


def _no_sleep(_: float) -> None:
    """Let no time pass."""


class MockTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to a mock: `httpx.Client(transport=MockTransport())`, and the same for `httpx.AsyncClient`."""

    def __init__(self, mock: Mock | None = None, *, sleep: Sleep = _no_sleep) -> None:
        self.mock = Mock() if mock is None else mock
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer.

        Raises:
            httpx.TransportError: it does not get here.
        """
        request.read()
        response = self.mock.handle(_to_mock(request))
        if response.delivery == AT_ONCE:
            return _from_mock(response)
        passage = _Passage(request, response, self._sleep)
        for seconds in passage.before():
            self._sleep(seconds)
        return passage.response()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer.

        Raises:
            httpx.TransportError: it does not get here.
        """
        await request.aread()
        response = self.mock.handle(_to_mock(request))
        if response.delivery == AT_ONCE:
            return _from_mock(response)
        passage = _Passage(request, response, self._sleep)
        for seconds in passage.before():
            await _sleep_async(self._sleep, seconds)
        return passage.response()


class _Passage(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The way of one answer to the client, in steps: how long to wait, what arrives, and what is raised in between.

    It is the stream of the body as well.
    """

    def __init__(self, request: httpx.Request, response: MockResponse, sleep: Sleep) -> None:
        self._request = request
        self._response = response
        self._sleep = sleep
        self._delivery = response.delivery
        self._ending = self._delivery.ending_for(response.body)
        self._read_timeout: float | None = request.extensions.get("timeout", {}).get("read")

    def before(self) -> Iterator[float]:
        """The waits until the head of the answer is there."""
        yield from self._wait(self._delivery.delay_seconds)
        if self._ending is Ending.RESET:
            raise httpx.ReadError(RESET, request=self._request)
        if self._ending is Ending.DROPPED:
            raise httpx.RemoteProtocolError(NO_ANSWER, request=self._request)

    def body(self) -> Iterator[float | bytes]:
        """The pieces of the body, and the waits between them."""
        received = 0
        for piece in self._delivery.pieces(self._response.body):
            if self._delivery.drip_seconds is not None:
                yield from self._wait(self._delivery.drip_seconds)
            received += len(piece)
            yield piece
        expected = len(self._response.body)
        if received < expected:
            message = f"received {received} bytes, expected {expected}"
            raise httpx.RemoteProtocolError(
                f"peer closed connection without sending complete message body ({message})", request=self._request
            )

    def response(self) -> httpx.Response:
        """The answer whose body is yet to come."""
        headers = list(self._response.headers)
        if self._response.body:
            headers.append(("Content-Length", str(len(self._response.body))))
        return httpx.Response(self._response.status, headers=headers, stream=self)

    def _wait(self, seconds: float) -> Iterator[float]:
        """Yield the wait for what arrives after so many seconds, cut off by the read timeout of the client."""
        if self._read_timeout is not None and seconds > self._read_timeout:
            yield self._read_timeout
            raise httpx.ReadTimeout("timed out", request=self._request)
        if seconds:
            yield seconds

    def __iter__(self) -> Iterator[bytes]:
        for step in self.body():
            if isinstance(step, bytes):
                yield step
            else:
                self._sleep(step)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self.body():
            if isinstance(step, bytes):
                yield step
            else:
                await _sleep_async(self._sleep, step)


async def _sleep_async(sleep: Sleep, seconds: float) -> None:
    passing = sleep(seconds)
    if inspect.isawaitable(passing):
        await passing


def _to_mock(request: httpx.Request) -> MockRequest:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return MockRequest(request.method, path, query, headers, request.content)


def _from_mock(response: MockResponse) -> httpx.Response:
    return httpx.Response(response.status, headers=list(response.headers), content=response.body)
