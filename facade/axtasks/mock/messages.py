"""What goes into the mock and what comes out of it: plain values that know nothing of sockets or HTTP libraries."""

from __future__ import annotations

from dataclasses import dataclass

from .delivery import AT_ONCE, Delivery

Headers = tuple[tuple[str, str], ...]


def find_header(headers: Headers, name: str) -> str | None:
    """The first value of a header, whatever the case of its name; None when it is not there."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@dataclass(frozen=True, slots=True)
class MockRequest:
    """One request: the path still percent-encoded, the query string without its question mark.

    `barred` is why the mock's own operations are not for this request; the door that it came through decides.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    barred: str | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return find_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class MockResponse:
    """One answer. `Content-Length` is not among the headers: the door that carries the answer adds it.

    A `status` of 0 is that of no answer at all: its delivery ends with the connection.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = AT_ONCE

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return find_header(self.headers, name)
