"""Idle connections that are kept for the next request."""

from __future__ import annotations

import select
from time import monotonic
from typing import Generic, Protocol, TypeVar

# How many wait, and for how long: servers and whoever stands before them hang up.
MOST_KEPT = 64
KEPT_SECONDS = 5.0


class Keepable(Protocol):
    """A connection.

    Attributes:
        kept_since: the monotonic time since which it waits.
    """

    kept_since: float

    @property
    def is_quiet(self) -> bool:
        """Whether it is open, and the server has neither hung up nor said anything unasked."""
        ...

    def close(self) -> None:
        """Closes it."""
        ...


KeepableT = TypeVar("KeepableT", bound=Keepable)


class IdleConnections(Generic[KeepableT]):
    """The connections of an engine that wait for a request. Safe to share between threads."""

    def __init__(self) -> None:
        # Only taken from and added to at its ends, which lists do as one step.
        self._waiting: list[KeepableT] = []
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> KeepableT | None:
        """A connection that a request may be sent on; None if there is none."""
        while (connection := self._taken(-1)) is not None:
            if _is_young(connection) and connection.is_quiet:
                return connection
            connection.close()
        return None

    def keep(self, connection: KeepableT) -> None:
        """Has a connection wait for the next request, or closes it if there are enough.

        Args:
            connection: one whose last exchange came to its end.
        """
        if self.is_closed or len(self._waiting) >= MOST_KEPT:
            connection.close()
            return
        connection.kept_since = monotonic()
        self._waiting.append(connection)
        if self.is_closed:
            self.close()
        # The one that waits longest is the first; another thread may take it at any time.
        while (first := self._waiting[:1]) and not _is_young(first[0]):
            oldest = self._taken(0)
            if oldest is not None and _is_young(oldest):
                self._waiting.insert(0, oldest)
            elif oldest is not None:
                oldest.close()

    def close(self) -> None:
        """Closes all that wait, and keeps no more."""
        self.is_closed = True
        while (connection := self._taken(-1)) is not None:
            connection.close()

    def _taken(self, at: int) -> KeepableT | None:
        try:
            return self._waiting.pop(at)
        except IndexError:
            return None


def has_news(descriptor: int) -> bool:
    """Whether there is something to read from a socket, be it only that the other side has hung up.

    Args:
        descriptor: its number.
    """
    if not hasattr(select, "poll"):  # pragma: no cover  # there is no such thing on Windows
        return bool(select.select([descriptor], [], [], 0)[0])
    looking = select.poll()
    looking.register(descriptor, select.POLLIN)
    return bool(looking.poll(0))


def _is_young(connection: Keepable) -> bool:
    return monotonic() - connection.kept_since < KEPT_SECONDS
