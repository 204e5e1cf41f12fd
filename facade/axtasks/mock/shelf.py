"""Things of one kind in the order lists show them: found by identifier at once, walked newest first."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

T = TypeVar("T")

Position = tuple[int, int]
"""Where a thing stands: its moment in milliseconds, then the order in which it was put there."""


class Shelf(Generic[T]):
    """A collection that keeps positions, so that a page can go on after a thing that is no longer there."""

    def __init__(self) -> None:
        self._things: dict[str, T] = {}
        self._position_of: dict[str, Position] = {}
        self._order: list[tuple[Position, str]] = []
        self._serial = 0

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._things

    def get(self, identifier: str) -> T | None:
        """The thing with this identifier, or None."""
        return self._things.get(identifier)

    def put(self, identifier: str, thing: T, moment: datetime) -> None:
        """Add a thing at a moment; of two things of one moment the later added one counts as newer."""
        if identifier in self._things:
            raise ValueError(f"{identifier} is there already")
        self._serial += 1
        position = (round(moment.timestamp() * 1000), self._serial)
        self._things[identifier] = thing
        self._position_of[identifier] = position
        insort(self._order, (position, identifier))

    def remove(self, identifier: str) -> T:
        """Take a thing out."""
        position = self._position_of.pop(identifier)
        del self._order[bisect_left(self._order, (position, identifier))]
        return self._things.pop(identifier)

    def newest_first(self, after: Position | None = None) -> Iterator[tuple[Position, T]]:
        """Everything with its position, or everything older than a position."""
        end = len(self._order) if after is None else bisect_left(self._order, (after, ""))
        for index in range(end - 1, -1, -1):
            position, identifier = self._order[index]
            yield position, self._things[identifier]

    def all(self) -> list[T]:
        """Everything, newest first."""
        return [thing for _, thing in self.newest_first()]
