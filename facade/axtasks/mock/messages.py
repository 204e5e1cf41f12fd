"""Requests and responses of the mock: plain values that know nothing of sockets or HTTP libraries."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ending(Enum):
    """The end of a response, and of its connection."""

    WHOLE = "the answer is sent whole"
    TRUNCATED = "half of the body is sent, then the connection is closed"
    DROPPED = "nothing is sent and the connection is closed"
    RESET = "nothing is sent and the connection is reset"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of a response: its delay, the time between the bytes of its body, and its end."""

    delay_seconds: float = 0
    drip_seconds: float | None = None
    ending: Ending = Ending.WHOLE

    def later(self, seconds: float) -> Delivery:
        """Return a copy that is delayed by `seconds` more."""
        return replace(self, delay_seconds=self.delay_seconds + seconds)

    def ending_for(self, body: bytes) -> Ending:
        """Return the end for a body: of an empty one there is no half to send."""
        return Ending.DROPPED if self.ending is Ending.TRUNCATED and not body else self.ending

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """Yield what is sent of a body, piece by piece, with `drip_seconds` before each when there are any."""
        sent = body[: len(body) // 2] if self.ending is Ending.TRUNCATED else body
        if self.drip_seconds is None:
            yield sent
        else:
            for at in range(len(sent)):
                yield sent[at : at + 1]


AT_ONCE = Delivery()
"""The delivery of a response when nothing goes wrong."""

Headers = tuple[tuple[str, str], ...]


def find_header(headers: Headers, name: str) -> str | None:
    """The first value of a header, whatever the case of its name; None when it is not there."""
    wanted = name.lower()
    for key, value in headers:
        if key.lower() == wanted:
            return value
    return None


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


def path_fits(path: str, pattern: str) -> bool:
    """Return whether a path fits a pattern, in which `*` stands for anything, as it is or once it is decoded."""
    return any(map(_expression(pattern).fullmatch, (path, unquote(path))))


@dataclass(frozen=True, slots=True)
class MockRequest:
    """One request: the path still percent-encoded, the query string without its question mark.

    `barred` is the reason why the server or transport that it came through refuses it, None where it does not;
    `lacks_token` is True if that is a missing token.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    barred: str | None = None
    lacks_token: bool = False

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return find_header(self.headers, name)


@dataclass(frozen=True, slots=True)
class MockResponse:
    """One answer. `Content-Length` is not among the headers: what sends the answer adds it.

    A `status` of 0 is that of no answer at all: its delivery ends with the connection.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = AT_ONCE

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return find_header(self.headers, name)
