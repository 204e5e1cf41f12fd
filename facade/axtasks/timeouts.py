"""How long a call may take, step by step and in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .arguments import seconds

DEFAULT_CONNECT_SECONDS = 10.0
DEFAULT_READ_SECONDS = 30.0
DEFAULT_TOTAL_SECONDS = 120.0
# More than this is as good as for ever, and more than clocks and sockets can count.
LONGEST_SECONDS = 1_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """The most seconds that a call may take.

    Attributes:
        connect: for a connection, the wait for a free one included.
        read: for sending a piece of a request, and for each wait for a piece of the answer.
        total: for everything together: resolving names, all attempts, the pauses between them, finding out what became
            of a write.

    Raises:
        InvalidArgumentError: one of them is not a positive number.
    """

    connect: float = DEFAULT_CONNECT_SECONDS
    read: float = DEFAULT_READ_SECONDS
    total: float = DEFAULT_TOTAL_SECONDS

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            seconds(f"timeout.{name}", getattr(self, name))

    def within(self, remaining_seconds: float) -> Self:
        """These, none of them longer than what remains."""
        most = min(remaining_seconds, LONGEST_SECONDS)
        return type(self)(connect=min(self.connect, most), read=min(self.read, most), total=most)
