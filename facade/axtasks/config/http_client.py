"""The part of an HTTP client that `http_client=` needs; clients of httpx and of httpx2 have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping


class ReceivedResponse(Protocol):
    """The common part of a response, blocking or awaited."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers."""
        ...

    @property
    def is_stream_consumed(self) -> bool:
        """True if the body was read already, as of a mock transport."""
        ...

    @property
    def content(self) -> bytes:
        """The body, if it was read already."""
        ...


class HttpResponse(ReceivedResponse, Protocol):
    """A response whose body is read in the calling thread."""

    def iter_raw(self) -> Iterator[bytes]:
        """Iterate over the body as it is received."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class AsyncHttpResponse(ReceivedResponse, Protocol):
    """A response whose body is awaited."""

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Iterate over the body as it is received."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...


class RequestBuilder(Protocol):
    """The common part of a client, blocking or awaiting."""

    def build_request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None,
        params: tuple[tuple[str, str], ...] | None,
        headers: dict[str, str],
        timeout: tuple[float, float, float, float],
    ) -> object:
        """Build a request, with the settings of the client."""
        ...


class HttpClient(RequestBuilder, Protocol):
    """A client for `AxClient`, such as `httpx.Client`."""

    # Any: each library has a class of its own for requests.
    def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> HttpResponse:
        """Send a request that this client has built."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncHttpClient(RequestBuilder, Protocol):
    """A client for `AsyncAxClient`, such as `httpx.AsyncClient`."""

    # Any: as for `HttpClient`.
    async def send(self, request: Any, *, stream: bool, follow_redirects: bool) -> AsyncHttpResponse:
        """Send a request that this client has built."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
