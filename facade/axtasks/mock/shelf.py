"""Things of one kind in the order lists show them: found by identifier or filter at once, walked newest first."""

from __future__ import annotations

from bisect import bisect_left, insort
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from .changes import Tracked
from .shelf_index import ShelfIndex, backwards
from .wanted import EVERYTHING, Wanted, folded_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from .changes import Changes
    from .name_index import Entry, Position

T = TypeVar("T")

FEW = 256
"""So many things are looked through sooner than an index is kept of them."""


class Shelf(Generic[T]):
    """A collection that keeps positions, so that a page can go on after a thing that is no longer there.

    `indexed` are attributes by which the things are found quickly however many there are, as they then are by name if
    they have one. These and the name can change only while `changing`.
    """

    def __init__(self, changes: Changes | None = None, *, indexed: tuple[str, ...] = ()) -> None:
        self._changes = changes
        self._indexed = indexed
        self._index: ShelfIndex | None = None
        self._things: dict[str, T] = {}
        self._position_of: dict[str, Position] = {}
        self._order: list[Entry] = []
        self.serial = 0
        """How many things were ever put here. Whoever restores a shelf sets it, so that positions stay as they were."""

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._things

    def get(self, identifier: str) -> T | None:
        """The thing with this identifier, or None."""
        return self._things.get(identifier)

    def __getitem__(self, identifier: str) -> T:
        """The thing with this identifier, which has to be there."""
        return self._things[identifier]

    def put(self, identifier: str, thing: T, moment: datetime) -> None:
        """Add a thing at a moment; of two things of one moment the later added one counts as newer."""
        if identifier in self._things:
            raise ValueError(f"{identifier} is there already")
        self.serial += 1
        position = (round(moment.timestamp() * 1000), self.serial)
        entry = (position, identifier)
        self._things[identifier] = thing
        self._position_of[identifier] = position
        insort(self._order, entry)
        if self._index is not None:
            self._index.add(entry)
        if self._changes is not None:
            self._changes.note(identifier)
            if isinstance(thing, Tracked):
                thing.report_to(self._changes)

    def remove(self, identifier: str) -> T:
        """Take a thing out."""
        entry = (self._position_of.pop(identifier), identifier)
        if self._changes is not None:
            self._changes.note(identifier)
        if self._index is not None:
            self._index.remove(entry)
        del self._order[bisect_left(self._order, entry)]
        return self._things.pop(identifier)

    @contextmanager
    def changing(self, identifier: str) -> Iterator[None]:
        """In here a thing may be given another name, and other values of what is indexed."""
        if self._index is None:
            yield
            return
        entry = (self._position_of[identifier], identifier)
        self._index.remove(entry)
        try:
            yield
        finally:
            self._index.add(entry)

    def newest_first(self, after: Position | None = None, wanted: Wanted = EVERYTHING) -> Iterator[tuple[Position, T]]:
        """What is wanted, with its position: all of it, or only what is older than a position."""
        if wanted.is_everything or not self._indexed or len(self._order) <= FEW:
            entries = backwards(self._order, after)
        else:
            if self._index is None:
                self._index = ShelfIndex(self._indexed, self._order, self._things, self._name_of)
            entries = self._index.newest_first(wanted, after)
        for position, identifier in entries:
            thing = self._things[identifier]
            if wanted.fits(thing):
                yield position, thing

    def _name_of(self, identifier: str) -> str:
        return folded_name(self._things[identifier])

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

    def fill(self, other: Shelf[T], copied: Callable[[T], T] | None = None) -> None:
        """Be what another shelf is, with the same things, or with what comes of copying each of them.

        Args:
            other: what is on it is of the same kind.
            copied: what to put here for a thing there, if not that thing itself.
        """
        self._things = (
            dict(other._things) if copied is None else {name: copied(thing) for name, thing in other._things.items()}
        )
        self._position_of = dict(other._position_of)
        self._order = list(other._order)
        self._index = None
        self.serial = other.serial
        if self._changes is not None:
            for thing in self._things.values():
                if isinstance(thing, Tracked):
                    thing.report_to(self._changes)
