"""Options of a client: timeouts, limits, retries, the cache of names, and the clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar

from axtasks.errors import InvalidArgumentError
from axtasks.validation import count, kind_of
from axtasks.validation import seconds as check_seconds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


ValueT = TypeVar("ValueT", bound="Value")


class Value:
    """Base class of immutable options, compared by their slots.

    Frozen dataclasses would make constructing a client 5 % slower (82 against 78 ms of processor time, Python 3.11),
    and have no `__replace__` before Python 3.13.
    """

    __slots__: tuple[str, ...] = ()

    # Hidden from type checkers, which would allow assigning to any name otherwise.
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
        # A traceback that shows variables may show one that is not made to its end.
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__ if hasattr(self, name))
        return f"{type(self).__name__}({shown})"

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self._slots())

    def __replace__(self: ValueT, /, **changes: object) -> ValueT:
        """Return a copy with changes, for `copy.replace` of Python 3.13 and later."""
        return _made(type(self), {**self._slots(), **changes})

    def _slots(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def _made(kind: type[ValueT], values: dict[str, object]) -> ValueT:
    return kind(**values)


class Limits(Value):
    """The most that a client takes from a server.

    Attributes:
        response_bytes: the most bytes of the body of one response, after decompressing it.
        pages: the most pages of one list that are followed.

    Raises:
        InvalidArgumentError: one of them is not a positive whole number.
    """

    __slots__ = ("pages", "response_bytes")

    def __init__(self, *, response_bytes: int = 64 * 1024 * 1024, pages: int = 10_000) -> None:
        self.response_bytes: Final = count("limits.response_bytes", response_bytes)
        self.pages: Final = count("limits.pages", pages)


DEFAULT_TOTAL_SECONDS = 120.0
# More than clocks and sockets can count.
LONGEST_SECONDS = 1_000_000.0


class Timeouts(Value):
    """The most seconds that a call may take.

    Attributes:
        connect: for making a connection.
        read: for sending a chunk of a request, and for each wait for a chunk of the response.
        total: for everything together: resolving names, waiting until fewer than 64 requests are under way, all
            attempts, the delays between them, finding out what became of a write.

    Raises:
        InvalidArgumentError: one of them is not a positive number.
    """

    __slots__ = ("connect", "read", "total")

    def __init__(self, *, connect: float = 10.0, read: float = 30.0, total: float = DEFAULT_TOTAL_SECONDS) -> None:
        self.connect: Final = check_seconds("timeout.connect", connect)
        self.read: Final = check_seconds("timeout.read", read)
        self.total: Final = check_seconds("timeout.total", total)

    def within(self, remaining_seconds: float) -> Self:
        """Return these timeouts, none of them longer than what remains."""
        most = check_seconds("timeout.total", min(remaining_seconds, LONGEST_SECONDS))
        if type(self) is not Timeouts:
            return type(self)(connect=min(self.connect, most), read=min(self.read, most), total=most)
        # Each request does this; values no longer than checked ones need no check.
        timeouts = object.__new__(type(self))
        put = object.__setattr__
        put(timeouts, "connect", min(self.connect, most))
        put(timeouts, "read", min(self.read, most))
        put(timeouts, "total", most)
        return timeouts


def _random() -> float:
    # Imported late: it is slow, and most programs never retry.
    from random import random

    return random()  # noqa: S311  delays are no secrets


class RetryPolicy(Value):
    """The most attempts of a request, and the delays between them.

    Attributes:
        attempts: the most times a request is sent; 1 means no retry.
        first_pause: the most seconds before the second attempt; doubles with each retry.
        longest_pause: the most seconds between two attempts, unless the server asks for more.
        jitter: returns a number from 0 to 1 for each delay: its share of the longest it may be.

    Raises:
        InvalidArgumentError: a number is not positive, or the jitter is no function.
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
        self.first_pause: Final = check_seconds("retry.first_pause", first_pause)
        self.longest_pause: Final = check_seconds("retry.longest_pause", longest_pause)
        if not callable(jitter):
            raise InvalidArgumentError(f"retry.jitter has to be a function, not {kind_of(jitter)}")
        self.jitter: Final = jitter

    def pause(self, attempt: int, *, retry_after_seconds: float | None = None) -> float:
        """Return the seconds before the next attempt: what the server asks, else exponential backoff with full jitter.

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
    """The size of the name cache of a client, and how long its entries count.

    Attributes:
        entries: the most names; the least recently used are dropped.
        seconds: how long after its lookup the id of a name is used.

    Raises:
        InvalidArgumentError: one of them is not positive, or the entries are no whole number.
    """

    __slots__ = ("entries", "seconds")

    def __init__(self, *, entries: int = DEFAULT_ENTRIES, seconds: float = DEFAULT_SECONDS) -> None:
        self.entries: Final = count("remember_names.entries", entries)
        self.seconds: Final = check_seconds("remember_names.seconds", seconds)


async def _sleep_async(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


class Clock(NamedTuple):
    """The clock of a client. Tests replace it, so that nothing has to sleep.

    Attributes:
        monotonic: returns the seconds of a clock that never goes back.
        sleep: sleeps for some seconds, for `AxClient`.
        sleep_async: sleeps for some seconds, for `AsyncAxClient`.
    """

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    sleep_async: Callable[[float], Awaitable[None]] = _sleep_async
