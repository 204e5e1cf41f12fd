"""Where on a shelf things with a certain value or name stand, so that a filter does not look at all the others.

Names are cut into pieces of three characters, padded so that every character begins one. A text that is looked for is
in no other names than those that have all of its pieces; which of these really contain it is for the reader to check.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import merge
from typing import TYPE_CHECKING, TypeVar

from .wanted import NAME, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

K = TypeVar("K")

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

    def __init__(self, attributes: tuple[str, ...]) -> None:
        self._attributes = attributes
        self._marked: dict[Mark, list[Entry]] = {}
        self._named: dict[str, list[Entry]] = {}

    def add(self, entry: Entry, thing: object) -> None:
        """Note a thing."""
        for name in self._attributes:
            insort(self._marked.setdefault((name, getattr(thing, name)), []), entry)
        for piece in _pieces(_name(thing) + PADDING):
            insort(self._named.setdefault(piece, []), entry)

    def remove(self, entry: Entry, thing: object) -> None:
        """Forget a thing, which has to be as it was when it was noted."""
        for name in self._attributes:
            _take_out(self._marked, (name, getattr(thing, name)), entry)
        for piece in _pieces(_name(thing) + PADDING):
            _take_out(self._named, piece, entry)

    def newest_first(self, wanted: Wanted, before: Position | None, everything: list[Entry]) -> Iterator[Entry]:
        """Entries older than a position, each once, with all that are wanted among them: as few as can be told."""
        groups = (*self._with_values(wanted), *self._with_part(wanted.part.casefold()), (everything,))
        shortest = min(groups, key=lambda group: sum(map(len, group)))
        last = None
        for entry in merge(*(backwards(entries, before) for entries in shortest), reverse=True):
            if entry != last:
                yield entry
            last = entry

    def copy(self) -> ShelfIndex:
        """An index of its own with the same entries."""
        twin = ShelfIndex(self._attributes)
        twin._marked = {mark: list(entries) for mark, entries in self._marked.items()}
        twin._named = {piece: list(entries) for piece, entries in self._named.items()}
        return twin

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


def _name(thing: object) -> str:
    return str(getattr(thing, NAME)).casefold()


def _pieces(text: str) -> set[str]:
    return {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}


def _take_out(lists: dict[K, list[Entry]], key: K, entry: Entry) -> None:
    entries = lists[key]
    del entries[bisect_left(entries, entry)]
    if not entries:
        del lists[key]
