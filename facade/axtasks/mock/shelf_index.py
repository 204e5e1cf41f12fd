"""Where on a shelf things with a certain value or name stand, so that a filter does not look at all the others.

Names are cut into pieces of three characters, padded so that every character begins one. A text that is looked for is
in no other names than those that have all of its pieces; which of these really contain it is for the reader to check.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from heapq import merge
from typing import TYPE_CHECKING

from .wanted import Wanted, folded_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Position = tuple[int, int]
"""Where a thing stands: its moment in milliseconds, then the order in which it was put there."""
Entry = tuple[Position, str]
"""A position, and the identifier of what stands there."""
Mark = tuple[str, object]
"""An attribute and its value."""

PIECE = 3
PADDING = "\0" * (PIECE - 1)


class ShelfIndex:
    """For each value of some attributes and each piece of a name, the entries that have it, the oldest first."""

    def __init__(self, attributes: tuple[str, ...], things: Iterable[tuple[Entry, object]]) -> None:
        """Note all things, the oldest first."""
        self._attributes = attributes
        self._marked: defaultdict[Mark, list[Entry]] = defaultdict(list)
        self._named: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry, thing in things:
            for entries in self._lists_of(thing):
                entries.append(entry)

    def add(self, entry: Entry, thing: object) -> None:
        """Note a thing."""
        for entries in self._lists_of(thing):
            insort(entries, entry)

    def remove(self, entry: Entry, thing: object) -> None:
        """Forget a thing, which has to be as it was when it was noted."""
        for entries in self._lists_of(thing):
            del entries[bisect_left(entries, entry)]

    def newest_first(self, wanted: Wanted, before: Position | None, everything: list[Entry]) -> Iterator[Entry]:
        """Entries older than a position, each once, with all that are wanted among them: as few as can be told."""
        groups = (*self._with_values(wanted), *self._with_part(wanted.folded), (everything,))
        shortest = min(groups, key=lambda group: sum(map(len, group)))
        last = None
        for entry in merge(*(backwards(entries, before) for entries in shortest), reverse=True):
            if entry != last:
                yield entry
            last = entry

    def _lists_of(self, thing: object) -> Iterator[list[Entry]]:
        for name in self._attributes:
            yield self._marked[name, getattr(thing, name)]
        for piece in _pieces(folded_name(thing) + PADDING):
            yield self._named[piece]

    def _with_values(self, wanted: Wanted) -> Iterator[Sequence[list[Entry]]]:
        for name, allowed in wanted.values.items():
            if name in self._attributes:
                yield [self._marked[name, value] for value in set(allowed) if (name, value) in self._marked]

    def _with_part(self, part: str) -> Iterator[Sequence[list[Entry]]]:
        if len(part) >= PIECE:
            for piece in _pieces(part):
                yield [self._named[piece]] if piece in self._named else []
        elif part:
            yield [entries for piece, entries in self._named.items() if piece.startswith(part)]


def backwards(entries: list[Entry], before: Position | None) -> Iterator[Entry]:
    """The entries older than a position, or all of them, the newest first."""
    end = len(entries) if before is None else bisect_left(entries, (before, ""))
    for index in range(end - 1, -1, -1):
        yield entries[index]


def _pieces(text: str) -> set[str]:
    return {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}
