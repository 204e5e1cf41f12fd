"""The mock as an httpx transport: no socket, no thread, for clients of either colour."""

from __future__ import annotations

import httpx

from .core import Mock
from .messages import MockRequest, MockResponse


class MockTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to a mock: `httpx.Client(transport=MockTransport())`, and the same for `httpx.AsyncClient`."""

    def __init__(self, mock: Mock | None = None) -> None:
        self.mock = Mock() if mock is None else mock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer."""
        request.read()
        return _from_mock(self.mock.handle(_to_mock(request)))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer."""
        await request.aread()
        return _from_mock(self.mock.handle(_to_mock(request)))


def _to_mock(request: httpx.Request) -> MockRequest:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return MockRequest(request.method, path, query, headers, request.content)


def _from_mock(response: MockResponse) -> httpx.Response:
    return httpx.Response(response.status, headers=list(response.headers), content=response.body)
