"""Requests of web pages from other origins, by the CORS protocol of the Fetch standard; refused unless it is told."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axtasks.mock.messages import MockResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from axtasks.mock.messages import Headers, MockRequest

ANY = "*"
EXPOSED = "Date, Retry-After, X-Request-Id"
MAX_AGE_SECONDS = 600


def read_origin(text: str) -> str:
    """Return an origin as browsers send it, or `*` for any.

    Raises:
        ValueError: the text is no origin.
    """
    origin = text.strip().rstrip("/").lower()
    parts = urlsplit(origin)
    if origin != ANY and (parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}"):
        raise ValueError(f"an origin is scheme://host:port, such as http://localhost:3000, or *; not {text!r}")
    return origin


class CorsPolicy:
    """The origins whose pages may use the API. The mock's own operations are not for pages of others."""

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self._origins = frozenset(map(read_origin, origins))

    def allows(self, request: MockRequest) -> bool:
        """Return True if the request comes from a page of one of the origins."""
        origin = request.header("Origin") if self._origins else None
        return origin is not None and not self._origins.isdisjoint({origin.lower(), ANY})

    def preflight(self, request: MockRequest) -> MockResponse | None:
        """Answer a browser that asks what it may send; None for any other request."""
        method = request.header("Access-Control-Request-Method") if request.method == "OPTIONS" else None
        if method is None:
            return None
        headers: Headers = (
            ("Access-Control-Allow-Methods", method),
            ("Access-Control-Allow-Headers", request.header("Access-Control-Request-Headers") or "*"),
            ("Access-Control-Max-Age", str(MAX_AGE_SECONDS)),
        )
        return MockResponse(HTTPStatus.NO_CONTENT, headers)

    def opened(self, request: MockRequest, response: MockResponse) -> MockResponse:
        """Return the response as a page of the request's origin may read it."""
        own: Headers = (
            ("Access-Control-Allow-Origin", ANY if ANY in self._origins else request.header("Origin") or ""),
            ("Access-Control-Expose-Headers", EXPOSED),
            ("Vary", "Origin"),
        )
        return replace(response, headers=(*response.headers, *own))
