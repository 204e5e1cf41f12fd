"""Options of a client: timeouts, limits, retries, the cache of names, and the clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar

from axtasks.validation import count, seconds
from axtasks.validation import seconds as a_while

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


ValueT = TypeVar("ValueT", bound="Value")
EffectT = TypeVar("EffectT")
R = TypeVar("R")


class Value:
    """A value that is made once; what differs is another one. It equals others of its class by their slots."""

    __slots__: tuple[str, ...] = ()

    # Out of sight of type checkers, to which any name could be assigned otherwise.
    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            if hasattr(self, name):
                raise AttributeError(f"{name} of {type(self).__name__} cannot be changed: make another one")
            super().__setattr__(name, value)

        def __delattr__(self, name: str) -> None:
            raise AttributeError(f"{name} of {type(self).__name__} cannot be taken away: make another one")

    def __eq__(self, other: object) -> bool:
        return self._slots() == other._slots() if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._slots().values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._slots().items())
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self._slots())

    def __replace__(self: ValueT, /, **changes: object) -> ValueT:
        """What `copy.replace` of newer Pythons makes: this value but for the changes."""
        return _made(type(self), {**self._slots(), **changes})

    def _slots(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def _made(kind: type[ValueT], values: dict[str, object]) -> ValueT:
    return kind(**values)


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


def _random() -> float:
    # Imported late: it takes a while, and most programs never pause.
    from random import random

    return random()  # noqa: S311  pauses are no secrets


class RetryPolicy(Value):
    """How often a request is sent, and how long the pauses are.

    Attributes:
        attempts: how often a request is sent at most; 1 means never again.
        first_pause: the most seconds before the second attempt; doubles with each further one.
        longest_pause: the most seconds between two attempts, unless the server asks for more.
        jitter: gives a number from 0 to 1 for each pause: its share of the longest it may be.

    Raises:
        InvalidArgumentError: a number is not positive.
    """

    __slots__ = ("attempts", "first_pause", "jitter", "longest_pause")

    def __init__(
        self,
        *,
        attempts: int = 4,
        first_pause: float = 0.5,
        longest_pause: float = 8.0,
        jitter: Callable[[], float] = _random,
    ) -> None:
        self.attempts: Final = count("retry.attempts", attempts)
        self.first_pause: Final = seconds("retry.first_pause", first_pause)
        self.longest_pause: Final = seconds("retry.longest_pause", longest_pause)
        self.jitter: Final = jitter

    def pause(self, attempt: int, *, retry_after_seconds: float | None = None) -> float:
        """Seconds between an attempt and the next: exponential backoff with full jitter; the server's word comes first.

        Args:
            attempt: the number of the attempt that failed, from 1.
            retry_after_seconds: how long the server asks to wait.
        """
        if retry_after_seconds is not None:
            return retry_after_seconds
        # A float, and not too large a power for one.
        return self.jitter() * min(self.longest_pause, self.first_pause * 2.0 ** min(attempt - 1, 64))


DEFAULT_ENTRIES = 1024
DEFAULT_SECONDS = 300.0


class NameMemory(Value):
    """How many names a client remembers, and for how long.

    Attributes:
        entries: the most names; of more, those that were not used for longest are forgotten.
        seconds: how long after it was looked up a name is still taken to lead to the same thing.

    Raises:
        InvalidArgumentError: one of them is not positive, or the entries are no whole number.
    """

    __slots__ = ("entries", "seconds")

    def __init__(self, *, entries: int = DEFAULT_ENTRIES, seconds: float = DEFAULT_SECONDS) -> None:
        self.entries: Final = count("remember_names.entries", entries)
        self.seconds: Final = a_while("remember_names.seconds", seconds)


async def _sleep_async(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


class Clock(NamedTuple):
    """How a client tells the time and lets it pass. Tests replace it, so that nothing has to sleep.

    Attributes:
        monotonic: the seconds of a clock that never goes back.
        sleep: lets seconds pass, for `AxClient`.
        sleep_async: lets seconds pass, for `AsyncAxClient`.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    sleep_async: Callable[[float], Awaitable[None]] = _sleep_async
