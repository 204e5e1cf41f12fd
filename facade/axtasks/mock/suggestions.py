"""Suggestions for mistakes: the operation that a request came closest to, and the word that was meant."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

FILLING_A_PLACE = 0.3
WRONG_METHOD = 0.4
MISSING_SEGMENT = 0.8
LONGEST_SEGMENT = 64
MOST_SEGMENTS = 16
ALIKE = (frozenset({"PUT", "PATCH"}), frozenset({"GET", "HEAD"}))


@dataclass(frozen=True, slots=True)
class KnownOperation:
    """An operation, with its method and its path."""

    name: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.name}, {self.method} {self.path}"


def nearest(method: str, path: str, known: Iterable[KnownOperation]) -> KnownOperation:
    """The one that a request is most like, segment by segment; of equals the first."""
    segments = [unquote(segment)[:LONGEST_SEGMENT] for segment in path.split("/", MOST_SEGMENTS)[:MOST_SEGMENTS]]
    return min(known, key=lambda it: _segments_apart(segments, it.path.split("/")) + _methods_apart(method, it.method))


def _methods_apart(one: str, other: str) -> float:
    if one == other:
        return 0
    return WRONG_METHOD / 2 if {one.upper(), other} in ALIKE or one.upper() == other else WRONG_METHOD


def _segments_apart(given: list[str], template: list[str]) -> float:
    """The edit distance of two paths, where segments can be more or less alike."""
    row = [MISSING_SEGMENT * count for count in range(len(template) + 1)]
    for segment in given:
        above, row = row, [row[0] + MISSING_SEGMENT]
        for index, expected in enumerate(template):
            instead = above[index] + _apart(segment, expected)
            row.append(min(instead, above[index + 1] + MISSING_SEGMENT, row[index] + MISSING_SEGMENT))
    return row[-1]


def _apart(segment: str, expected: str) -> float:
    if expected.startswith("{"):
        return FILLING_A_PLACE if segment else 1
    return 1 - SequenceMatcher(None, segment.casefold(), expected, autojunk=False).ratio()


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, if one is like it."""
    return next(iter(get_close_matches(word, list(known), n=1)), None)


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the end of a message about an unknown word: the one that was probably meant, or something else."""
    meant = closest(word, known)
    return otherwise if meant is None else f"; did you mean {meant!r}?"
