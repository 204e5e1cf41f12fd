"""One request with its answer, and many of them kept so that those of an operation or a status are found at once."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from .contents import ids_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .messages import Headers


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer; secrets are masked. A status of 0 means that no answer was given."""

    number: int
    at: datetime
    operation: str | None
    method: str
    path: str
    query: str
    request_headers: Headers
    request_body: bytes
    status: int
    response_headers: Headers
    response_body: bytes
    fault: str | None = None
    _ids_read: list[frozenset[str]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many bytes the bodies have."""
        return len(self.request_body) + len(self.response_body)

    @property
    def ids(self) -> frozenset[str]:
        """All that may be an identifier of what the exchange is about; it is looked for only once."""
        if not self._ids_read:
            self._ids_read.append(frozenset(ids_in(self)))
        return self._ids_read[0]

    def __str__(self) -> str:
        """The exchange in one line."""
        target = f"{self.path}?{self.query}" if self.query else self.path
        return (
            f"#{self.number} {self.operation or '(no operation)'}: {self.method} {target} -> {self.status or 'nothing'}"
        )


class Exchanges:
    """Exchanges by their numbers, which only grow; those of each operation and of each status are together as well."""

    def __init__(self) -> None:
        self._all: deque[Exchange] = deque()
        self._alike: defaultdict[tuple[str, object], deque[Exchange]] = defaultdict(deque)
        self.size = 0
        """How many bytes all bodies have."""

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._all)

    def __reversed__(self) -> Iterator[Exchange]:
        return reversed(self._all)

    def append(self, exchange: Exchange) -> None:
        """Keep one that comes after all the others."""
        self.size += exchange.size
        self._all.append(exchange)
        for mark in _marks(exchange):
            self._alike[mark].append(exchange)

    def drop_oldest(self) -> None:
        """Keep the oldest one no longer."""
        exchange = self._all.popleft()
        self.size -= exchange.size
        for mark in _marks(exchange):
            alike = self._alike[mark]
            alike.popleft()
            if not alike:
                del self._alike[mark]

    def clear(self) -> None:
        """Keep none."""
        self._all.clear()
        self._alike.clear()
        self.size = 0

    def among(self, *, operation: str | None, status: int | None, since: int | None) -> list[Exchange]:
        """The oldest first, all with these among them: of this operation, this status, after this number, if given."""
        marks = [mark for mark in (("operation", operation), ("status", status)) if mark[1] is not None]
        kept = min((self._alike.get(mark, deque()) for mark in marks), key=len, default=self._all)
        if since is None:
            return list(kept)
        return list(takewhile(lambda exchange: exchange.number > since, reversed(kept)))[::-1]


def _marks(exchange: Exchange) -> tuple[tuple[str, object], ...]:
    return (("operation", exchange.operation), ("status", exchange.status))
