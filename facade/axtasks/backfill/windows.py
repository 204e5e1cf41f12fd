"""Windows on a grid, and their halvings: the same arguments always mean the same windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = timedelta(hours=1)
# The length of the first part where nothing is known of the number of spans.
PROBE = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Window(NamedTuple):
    """A half-open window in whole seconds of UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Its length."""
        return self.end - self.start

    @property
    def hours(self) -> float:
        """Its length in hours."""
        return self.length / SHORTEST

    def halves(self) -> tuple[Window, Window] | None:
        """Return its halves, the earlier one first; None if they would be shorter than an hour."""
        if self.length < 2 * SHORTEST:
            return None
        middle = self.start + self.length // 2 // SECOND * SECOND
        return Window(self.start, middle), Window(middle, self.end)


def whole_seconds(time: datetime) -> datetime:
    """Return a time in UTC, cut to whole seconds: in a zone with daylight saving a day is not always 24 hours."""
    return time.astimezone(UTC).replace(microsecond=0)


class Grid(NamedTuple):
    """Base windows of one length from a start on; the last one may be shorter.

    Attributes:
        start: where the first one starts.
        end: where the last one ends.
        length: the length of each.
    """

    start: datetime
    end: datetime
    length: timedelta

    @property
    def size(self) -> int:
        """The number of base windows."""
        return -((self.start - self.end) // self.length)

    def window(self, index: int) -> Window:
        """Return a base window by its place, from 0."""
        start = self.start + index * self.length
        return Window(start, min(start + self.length, self.end))

    def windows(self, *, newest_first: bool) -> Iterator[Window]:
        """Yield the base windows in order of time, or the other way round."""
        places = range(self.size)
        return map(self.window, reversed(places) if newest_first else places)

    def path_to(self, start: datetime, end: datetime) -> list[Window]:
        """Return the base window and its halvings that lead to a window; empty if it is none of them.

        Both ends may be less than a second off, as a server may round them.
        """
        middle = start + (end - start) / 2
        if not self.start <= middle < self.end:
            return []
        path = [self.window((middle - self.start) // self.length)]
        while not is_same(path[-1], start, end):
            halves = path[-1].halves()
            if halves is None or end - start >= path[-1].length:
                return []
            path.append(halves[0] if middle < halves[1].start else halves[1])
        return path


def is_same(window: Window, start: datetime, end: datetime) -> bool:
    """Return True if both ends are less than a second away from those of a window."""
    return abs(window.start - start) < SECOND and abs(window.end - end) < SECOND


def is_near_probe(window: Window) -> bool:
    """Return True for the halving that is nearest to the length of the first part."""
    halves = window.halves()
    return halves is None or abs(halves[1].length - PROBE) >= abs(window.length - PROBE)
