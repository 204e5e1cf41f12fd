"""Changes that change nothing anybody could see, each with the reason. They count as survivors, but are no gaps."""

from __future__ import annotations

from typing import NamedTuple


class Equivalent(NamedTuple):
    """A change without an effect.

    Attributes:
        file: the file, below `facade/axtasks`.
        taken: what it takes out.
        put: what it puts in.
        reason: why nobody can tell.
    """

    file: str
    taken: str
    put: str
    reason: str


EQUIVALENT: tuple[Equivalent, ...] = ()
