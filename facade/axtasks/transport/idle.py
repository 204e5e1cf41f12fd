"""Idle connections, kept for the next request."""

from __future__ import annotations

from time import monotonic
from typing import Generic, Protocol, TypeVar

# At most so many, for so long: servers and proxies close idle connections.
MOST_KEPT = 64
KEPT_SECONDS = 5.0


class Keepable(Protocol):
    """A connection.

    Attributes:
        kept_since: the monotonic time since which it is idle.
    """

    kept_since: float

    @property
    def is_quiet(self) -> bool:
        """True if it is open, and the server has neither closed it nor sent unrequested data."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


KeepableT = TypeVar("KeepableT", bound=Keepable)


class IdleConnections(Generic[KeepableT]):
    """The idle connections of an engine. Safe to share between threads."""

    def __init__(self) -> None:
        # Only popped and appended at its ends, which is atomic.
        self._idle: list[KeepableT] = []
        self.is_closed = False

    def __len__(self) -> int:
        return len(self._idle)

    def take(self) -> KeepableT | None:
        """Return a connection that a request may be sent on; None if there is none."""
        while (connection := self._pop(-1)) is not None:
            if _is_young(connection) and connection.is_quiet:
                return connection
            connection.close()
        return None

    def keep(self, connection: KeepableT) -> None:
        """Keep a connection whose exchange is complete for the next request, or close it if there are enough."""
        if self.is_closed or len(self._idle) >= MOST_KEPT:
            connection.close()
            return
        connection.kept_since = monotonic()
        self._idle.append(connection)
        if self.is_closed:
            self.close()
        # The oldest is the first; another thread may take it at any time.
        while (first := self._idle[:1]) and not _is_young(first[0]):
            oldest = self._pop(0)
            if oldest is not None and _is_young(oldest):
                self._idle.insert(0, oldest)
            elif oldest is not None:
                oldest.close()

    def close(self) -> None:
        """Close all idle connections, and keep no more."""
        self.is_closed = True
        while (connection := self._pop(-1)) is not None:
            connection.close()

    def _pop(self, index: int) -> KeepableT | None:
        try:
            return self._idle.pop(index)
        except IndexError:
            return None


def _is_young(connection: Keepable) -> bool:
    return monotonic() - connection.kept_since < KEPT_SECONDS
