"""Where on a shelf things with certain values and names stand, so that a filter does not look at all the others.

What is alike in the attributes that a filter names is kept together in a group. Groups by some attributes are made when
they are first asked for, and so is the index of the names in a group; from then on both are kept up to date.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import merge
from itertools import product
from typing import TYPE_CHECKING

from .name_index import SHORT, NameIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .name_index import Entry, Position
    from .wanted import Wanted

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
