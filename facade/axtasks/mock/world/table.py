"""Things of one kind in the order lists show them: found by identifier or filter at once, walked newest first."""

from __future__ import annotations

from bisect import bisect_left, insort
from contextlib import contextmanager
from heapq import merge
from itertools import product
from typing import TYPE_CHECKING, Generic, TypeVar

from .name_index import SHORT, NameIndex
from .query import EVERYTHING, Wanted, folded_name
from .tracking import Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from .name_index import Entry, Position
    from .query import Wanted
    from .tracking import Changes

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


Attributes = tuple[str, ...]
Values = tuple[object, ...]


class ShelfIndex:
    """For each set of values of some attributes, the entries that have these, the oldest first."""

    def __init__(
        self,
        attributes: Attributes,
        everything: list[Entry],
        things: Mapping[str, object],
        name_of: Callable[[str], str],
    ) -> None:
        """`everything` and `things` are the shelf's own; each change there is told to `add` or `remove`."""
        self._attributes = attributes
        self._things = things
        self._name_of = name_of
        self._everything = _Group(everything, name_of)
        self._groups: dict[Attributes, dict[Values, _Group]] = {}

    def add(self, entry: Entry) -> None:
        """Note an entry that was put into `everything`."""
        self._everything.name(entry)
        for attributes, groups in self._groups.items():
            group = groups.setdefault(self._values(attributes, entry), _Group([], self._name_of))
            insort(group.entries, entry)
            group.name(entry)

    def remove(self, entry: Entry) -> None:
        """Forget an entry, whose thing has to be there, and as it was when it was noted."""
        self._everything.forget_name(entry)
        for attributes, groups in self._groups.items():
            values = self._values(attributes, entry)
            group = groups[values]
            group.forget_name(entry)
            del group.entries[bisect_left(group.entries, entry)]
            if not group.entries:
                del groups[values]

    def newest_first(self, wanted: Wanted, before: Position | None) -> Iterator[Entry]:
        """Entries older than a position, with all that are wanted among them, and few others."""
        attributes = tuple(name for name in self._attributes if name in wanted.values)
        if wanted.folded and attributes:
            named = self._everything.containing(wanted.folded)
            if len(named) <= SHORT:
                return backwards(named, before)
        found = [group.containing(wanted.folded) for group in self._alike(attributes, wanted)]
        if len(found) == 1:
            return backwards(found[0], before)
        return merge(*(backwards(entries, before) for entries in found), reverse=True)

    def _alike(self, attributes: Attributes, wanted: Wanted) -> Iterator[_Group]:
        """The groups whose things have the values that are wanted of these attributes."""
        if not attributes:
            yield self._everything
            return
        if attributes not in self._groups:
            self._groups[attributes] = self._grouped(attributes)
        groups = self._groups[attributes]
        for values in product(*(set(wanted.values[name]) for name in attributes)):
            if values in groups:
                yield groups[values]

    def _grouped(self, attributes: Attributes) -> dict[Values, _Group]:
        groups: dict[Values, _Group] = {}
        for entry in self._everything.entries:
            values = self._values(attributes, entry)
            if values not in groups:
                groups[values] = _Group([], self._name_of)
            groups[values].entries.append(entry)
        return groups

    def _values(self, attributes: Attributes, entry: Entry) -> Values:
        thing = self._things[entry[1]]
        return tuple([getattr(thing, name) for name in attributes])


class _Group:
    """Entries, and an index of their names once somebody looks for one."""

    __slots__ = ("_name_of", "_names", "entries")

    def __init__(self, entries: list[Entry], name_of: Callable[[str], str]) -> None:
        self.entries = entries
        self._name_of = name_of
        self._names: NameIndex | None = None

    def name(self, entry: Entry) -> None:
        if self._names is not None:
            self._names.add(entry)

    def forget_name(self, entry: Entry) -> None:
        if self._names is not None:
            self._names.remove(entry)

    def containing(self, text: str) -> list[Entry]:
        """Entries with all whose name contains a text among them, and few others."""
        if not text or len(self.entries) <= SHORT:
            return self.entries
        if self._names is None:
            self._names = NameIndex(self.entries, self._name_of)
        return self._names.containing(text)


def backwards(entries: list[Entry], before: Position | None) -> Iterator[Entry]:
    """The entries older than a position, or all of them, the newest first."""
    end = len(entries) if before is None else bisect_left(entries, (before, ""))
    for index in range(end - 1, -1, -1):
        yield entries[index]
