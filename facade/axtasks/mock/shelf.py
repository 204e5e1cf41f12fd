"""Things of one kind in the order lists show them: found by identifier at once, walked newest first."""

from __future__ import annotations

import copy
from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from .changes import Tracked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from .changes import Changes

T = TypeVar("T")

Position = tuple[int, int]
"""Where a thing stands: its moment in milliseconds, then the order in which it was put there."""


class Shelf(Generic[T]):
    """A collection that keeps positions, so that a page can go on after a thing that is no longer there."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes = changes
        self._things: dict[str, T] = {}
        self._position_of: dict[str, Position] = {}
        self._order: list[tuple[Position, str]] = []
        self.serial = 0
        """How many things were ever put here. Whoever restores a shelf sets it, so that positions stay as they were."""

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
        self.serial += 1
        position = (round(moment.timestamp() * 1000), self.serial)
        self._things[identifier] = thing
        self._position_of[identifier] = position
        insort(self._order, (position, identifier))
        if self._changes is not None:
            self._changes.note(identifier)
            if isinstance(thing, Tracked):
                thing.report_to(self._changes)

    def remove(self, identifier: str) -> T:
        """Take a thing out."""
        position = self._position_of.pop(identifier)
        if self._changes is not None:
            self._changes.note(identifier)
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

    def as_put(self) -> Iterator[tuple[int, T]]:
        """Everything with its number in the order in which it was put here."""
        for (_, serial), identifier in sorted(self._order, key=lambda entry: entry[0][1]):
            yield serial, self._things[identifier]

    def serial_of(self, identifier: str) -> int:
        """The number of a thing in the order in which everything was put here."""
        return self._position_of[identifier][1]

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """A shelf of its own; only things that can change are copied with it."""
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        twin.__dict__.update(
            vars(self),
            _changes=copy.deepcopy(self._changes, memo),
            _things={
                identifier: copy.deepcopy(thing, memo) if isinstance(thing, Tracked) else thing
                for identifier, thing in self._things.items()
            },
            _position_of=dict(self._position_of),
            _order=list(self._order),
        )
        return twin
