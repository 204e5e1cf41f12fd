"""What reads answers as they come in: httptools where it is installed, which `[fast]` brings, and h11 elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .models import Response


class Reader(Protocol):
    """An answer as it comes in.

    Attributes:
        is_whole: whether all of it is here.
        may_go_on: whether the connection can carry another exchange after this one.
    """

    is_whole: bool
    may_go_on: bool

    def __init__(self, method: str, *, most_bytes: int) -> None: ...

    def take(self, data: bytes) -> bool:
        """Takes what came next, and tells whether all is here now."""
        ...

    def end(self) -> None:
        """Takes note that the server has hung up."""
        ...

    def answer(self) -> Response:
        """The answer, with as much of its body as is here."""
        ...


IS_FAST = find_spec("httptools") is not None


@cache
def reader() -> type[Reader]:
    """The quickest there is."""
    if IS_FAST:
        from .quick import QuickIncoming

        return QuickIncoming
    from .incoming import Incoming

    return Incoming
