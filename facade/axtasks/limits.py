"""How much a client takes from a server before it gives up."""

from __future__ import annotations

from typing import Final

from .validation import count
from .values import Value

DEFAULT_RESPONSE_BYTES = 64 * 1024 * 1024
DEFAULT_PAGES = 10_000


class Limits(Value):
    """The most that a client takes from a server.

    Attributes:
        response_bytes: the most bytes of the body of one answer, counted as they are once unpacked.
        pages: the most pages of one list that are followed.

    Raises:
        InvalidArgumentError: one of them is not a positive whole number.
    """

    __slots__ = ("pages", "response_bytes")

    def __init__(self, *, response_bytes: int = DEFAULT_RESPONSE_BYTES, pages: int = DEFAULT_PAGES) -> None:
        self.response_bytes: Final = count("limits.response_bytes", response_bytes)
        self.pages: Final = count("limits.pages", pages)
