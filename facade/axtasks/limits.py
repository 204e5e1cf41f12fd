"""How much a client takes from a server before it gives up."""

from __future__ import annotations

from dataclasses import dataclass

from .arguments import count

DEFAULT_RESPONSE_BYTES = 64 * 1024 * 1024
DEFAULT_PAGES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a client takes from a server.

    Attributes:
        response_bytes: the most bytes of the body of one answer, counted as they are once unpacked.
        pages: the most pages of one list that are followed.

    Raises:
        InvalidArgumentError: one of them is not a positive whole number.
    """

    response_bytes: int = DEFAULT_RESPONSE_BYTES
    pages: int = DEFAULT_PAGES

    def __post_init__(self) -> None:
        for name in ("response_bytes", "pages"):
            count(f"limits.{name}", getattr(self, name))
