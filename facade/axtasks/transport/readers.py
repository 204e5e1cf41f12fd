"""Select the response reader: httptools where it is installed, which `[fast]` brings, else h11."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .models import Response


class Reader(Protocol):
    """Reads one response.

    Attributes:
        is_whole: True once all of it is here.
        may_go_on: True if the connection can be used for another exchange after this one.
    """

    is_whole: bool
    may_go_on: bool

    def __init__(self, method: str, *, most_bytes: int) -> None: ...

    def take(self, data: bytes) -> bool:
        """Add received data; return True once the response is complete."""
        ...

    def end(self) -> None:
        """End the response: the server has closed the connection."""
        ...

    def answer(self) -> Response:
        """Return the response, with as much of its body as is here."""
        ...


IS_FAST = find_spec("httptools") is not None


@cache
def reader() -> type[Reader]:
    """Return the fastest reader there is."""
    if IS_FAST:
        from .quick import QuickIncoming

        return QuickIncoming
    from .incoming import Incoming

    return Incoming
