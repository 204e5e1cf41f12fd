"""How long a call may take, step by step and in all."""

from __future__ import annotations

from typing import Final, Self

from .validation import seconds
from .values import Value

DEFAULT_CONNECT_SECONDS = 10.0
DEFAULT_READ_SECONDS = 30.0
DEFAULT_TOTAL_SECONDS = 120.0
# More than this is as good as for ever, and more than clocks and sockets can count.
LONGEST_SECONDS = 1_000_000.0


class Timeouts(Value):
    """The most seconds that a call may take.

    Attributes:
        connect: for a connection, the wait for a free one included.
        read: for sending a piece of a request, and for each wait for a piece of the answer.
        total: for everything together: resolving names, all attempts, the pauses between them, finding out what became
            of a write.

    Raises:
        InvalidArgumentError: one of them is not a positive number.
    """

    __slots__ = ("connect", "read", "total")

    def __init__(
        self,
        *,
        connect: float = DEFAULT_CONNECT_SECONDS,
        read: float = DEFAULT_READ_SECONDS,
        total: float = DEFAULT_TOTAL_SECONDS,
    ) -> None:
        self.connect: Final = seconds("timeout.connect", connect)
        self.read: Final = seconds("timeout.read", read)
        self.total: Final = seconds("timeout.total", total)

    def within(self, remaining_seconds: float) -> Self:
        """These, none of them longer than what remains."""
        most = seconds("timeout.total", min(remaining_seconds, LONGEST_SECONDS))
        if type(self) is not Timeouts:
            return type(self)(connect=min(self.connect, most), read=min(self.read, most), total=most)
        # Each request does this, and what is no longer than what was checked needs no check.
        made = object.__new__(type(self))
        put = object.__setattr__
        put(made, "connect", min(self.connect, most))
        put(made, "read", min(self.read, most))
        put(made, "total", most)
        return made
