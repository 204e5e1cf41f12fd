"""Which names contain a text, so that a search does not read all the others.

Names are cut into pieces of three characters. Where too many names have a piece, it is divided by the character that
follows, but only once a search comes that way: it then goes on with a longer piece that fewer names have. At the end of
that way are a few names to read, or names that all contain the text, however many names there are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Position = tuple[int, int]
"""Where a thing stands: its moment in milliseconds, then the order in which it was put there."""
Entry = tuple[Position, str]
"""A position, and the identifier of what stands there."""

PIECE = 3
SHORT = 64
"""So many names are read sooner than a piece is divided."""


class NameIndex:
    """For each piece of a name, the entries that have it, the oldest first. Names are folded already."""

    def __init__(self, entries: list[Entry], name_of: Callable[[str], str]) -> None:
        """Note all entries, the oldest first; the list, and what `name_of` tells, are kept up to date elsewhere."""
        self._everything = entries
        self._name_of = name_of
        self._with: defaultdict[str, list[Entry]] = defaultdict(list)
        self._lengths: set[int] = set()
        self._divided: set[str] = set()
        self._cut(PIECE)

    def add(self, entry: Entry) -> None:
        """Note an entry."""
        for piece in self._pieces_of(entry):
            insort(self._with[piece], entry)

    def remove(self, entry: Entry) -> None:
        """Forget an entry, whose name has to be what it was when it was noted."""
        for piece in self._pieces_of(entry):
            entries = self._with[piece]
            del entries[bisect_left(entries, entry)]
            if not entries:
                del self._with[piece]

    def containing(self, text: str) -> list[Entry]:
        """Entries with all whose name contains a text among them, and at most `SHORT` others."""
        if len(text) < PIECE:
            self._cut(len(text))
            return self._entries(text)
        starts = range(len(text) - PIECE + 1)
        rarest = min(starts, key=lambda at: len(self._entries(text[at : at + PIECE])))
        found: list[Entry] = []
        # Whatever is found from the very beginning contains all of the text.
        for start in range(rarest, -1, -1):
            found = self._narrowed(text[start:])
            if len(found) <= SHORT:
                return found
        return found

    def _narrowed(self, text: str) -> list[Entry]:
        """The entries that have as much of the text as it takes for them to be few, or all of it."""
        end = PIECE
        found = self._entries(text[:end])
        while len(found) > SHORT and end < len(text):
            self._divide(text[:end])
            end += 1
            found = self._entries(text[:end])
        return found

    def _entries(self, piece: str) -> list[Entry]:
        return self._with.get(piece, [])

    def _cut(self, length: int) -> None:
        """See to it that pieces of this length are there as well."""
        if length not in self._lengths:
            self._lengths.add(length)
            for entry in self._everything:
                for piece in _pieces(self._name_of(entry[1]), length):
                    self._with[piece].append(entry)

    def _divide(self, piece: str) -> None:
        """See to it that the pieces that are longer by the character after this one are there as well."""
        if piece in self._divided:
            return
        self._divided.add(piece)
        for entry in self._entries(piece):
            name = self._name_of(entry[1])
            for longer in {name[at : at + len(piece) + 1] for at in _places(name, piece)}:
                if len(longer) > len(piece):
                    self._with[longer].append(entry)

    def _pieces_of(self, entry: Entry) -> set[str]:
        name = self._name_of(entry[1])
        found = {piece for length in self._lengths for piece in _pieces(name, length)}
        for start in range(len(name)):
            end = start + PIECE
            while end < len(name) and name[start:end] in self._divided:
                end += 1
                found.add(name[start:end])
        return found


def _pieces(name: str, length: int) -> set[str]:
    return {name[at : at + length] for at in range(len(name) - length + 1)}


def _places(name: str, piece: str) -> Iterator[int]:
    at = name.find(piece)
    while at >= 0:
        yield at
        at = name.find(piece, at + 1)
