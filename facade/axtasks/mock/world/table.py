"""Resources of one type, newest first, found by identifier, by indexed attributes, and by parts of names."""

from __future__ import annotations

from bisect import bisect_left, insort
from contextlib import contextmanager
from heapq import merge
from itertools import product
from typing import TYPE_CHECKING, Generic, TypeVar

from .query import EVERYTHING, NAME
from .tracking import Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from .query import Query
    from .tracking import Changes

T = TypeVar("T")

Position = tuple[int, int]
"""A moment in milliseconds, then the number in the order in which everything was added."""
Entry = tuple[Position, str, str]
"""A position, the identifier of the resource there, and its name as it compares with parts in any case."""
Attributes = tuple[str, ...]
Values = tuple[object, ...]

FEW = 256
"""So many resources are looked through sooner than an index is kept of them."""


class Table(Generic[T]):
    """Resources with positions, so that a page can go on after a resource that is no longer there.

    For `indexed` attributes there is an index once the table is large; a search by name reads the names beside the
    entries (10,000 of them in about a millisecond). Both can change only while `changing`.
    """

    def __init__(self, changes: Changes | None = None, *, indexed: Attributes = ()) -> None:
        self._changes = changes
        self._indexed = indexed
        self._groups: dict[Attributes, dict[Values, list[Entry]]] = {}
        self._resources: dict[str, T] = {}
        self._position_of: dict[str, Position] = {}
        self._order: list[Entry] = []
        self.serial = 0
        """The number of resources that were ever added; set before a stored one is added at its old position."""

    def __len__(self) -> int:
        return len(self._resources)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._resources

    def get(self, identifier: str) -> T | None:
        """Return the resource with this identifier, or None."""
        return self._resources.get(identifier)

    def __getitem__(self, identifier: str) -> T:
        """Return the resource with this identifier, which has to be there."""
        return self._resources[identifier]

    def put(self, identifier: str, resource: T, moment: datetime) -> None:
        """Add a resource at a moment; of two at one moment the later added one counts as newer."""
        if identifier in self._resources:
            raise ValueError(f"{identifier} is there already")
        self.serial += 1
        self._resources[identifier] = resource
        self._position_of[identifier] = (round(moment.timestamp() * 1000), self.serial)
        entry = self._entry(identifier)
        insort(self._order, entry)
        self._group(entry)
        if self._changes is not None:
            self._changes.note(identifier)
            if isinstance(resource, Tracked):
                resource.report_to(self._changes)

    def remove(self, identifier: str) -> T:
        """Take a resource out."""
        entry = self._entry(identifier)
        if self._changes is not None:
            self._changes.note(identifier)
        self._ungroup(entry)
        del self._order[bisect_left(self._order, entry)], self._position_of[identifier]
        return self._resources.pop(identifier)

    @contextmanager
    def changing(self, identifier: str) -> Iterator[None]:
        """Allow another name and other values of indexed attributes in this block."""
        before = self._entry(identifier)
        self._ungroup(before)
        try:
            yield
        finally:
            after = self._entry(identifier)
            self._order[bisect_left(self._order, before)] = after
            self._group(after)

    def newest_first(self, after: Position | None = None, query: Query = EVERYTHING) -> Iterator[tuple[Position, T]]:
        """Yield what matches a query, with its position: all of it, or only what is older than a position."""
        found = [
            reversed(it) if after is None else map(it.__getitem__, reversed(range(bisect_left(it, (after,)))))
            for it in self._candidates(query)
        ]
        entries = found[0] if len(found) == 1 else merge(*found, reverse=True)
        for position, identifier, name in entries:
            if query.folded in name and query.has_values(resource := self._resources[identifier]):
                yield position, resource

    def all(self) -> list[T]:
        """Return all resources, newest first."""
        return [self._resources[entry[1]] for entry in reversed(self._order)]

    def as_put(self) -> Iterator[tuple[int, T]]:
        """Yield each resource with its number, in the order in which they were added."""
        for (_, serial), identifier, _ in sorted(self._order, key=lambda entry: entry[0][1]):
            yield serial, self._resources[identifier]

    def serial_of(self, identifier: str) -> int:
        """Return the number of a resource in the order in which they were added."""
        return self._position_of[identifier][1]

    def fill(self, other: Table[T], copied: Callable[[T], T] | None = None) -> None:
        """Take over all of another table: the same resources, or copies that `copied` makes."""
        self._resources = (
            dict(other._resources)
            if copied is None
            else {identifier: copied(resource) for identifier, resource in other._resources.items()}
        )
        self._position_of = dict(other._position_of)
        self._order = list(other._order)
        self._groups = {}
        self.serial = other.serial
        if self._changes is not None:
            for resource in self._resources.values():
                if isinstance(resource, Tracked):
                    resource.report_to(self._changes)

    def _entry(self, identifier: str) -> Entry:
        name = str(getattr(self._resources[identifier], NAME, ""))
        folded = name.casefold()
        # One text in memory where there need not be two.
        return self._position_of[identifier], identifier, name if folded == name else folded

    def _candidates(self, query: Query) -> list[list[Entry]]:
        """Lists of entries, each the oldest first, with all that match among them."""
        attributes = tuple(name for name in self._indexed if name in query.values)
        if not attributes or len(self._order) <= FEW:
            return [self._order]
        if attributes not in self._groups:
            groups = self._groups[attributes] = {}
            for entry in self._order:
                groups.setdefault(self._values(attributes, entry), []).append(entry)
        groups = self._groups[attributes]
        return [
            groups[values] for values in product(*(set(query.values[name]) for name in attributes)) if values in groups
        ]

    def _group(self, entry: Entry) -> None:
        for attributes, groups in self._groups.items():
            insort(groups.setdefault(self._values(attributes, entry), []), entry)

    def _ungroup(self, entry: Entry) -> None:
        for attributes, groups in self._groups.items():
            entries = groups[self._values(attributes, entry)]
            del entries[bisect_left(entries, entry)]

    def _values(self, attributes: Attributes, entry: Entry) -> Values:
        resource = self._resources[entry[1]]
        return tuple([getattr(resource, name) for name in attributes])
