"""Tests of window grids: equal arguments give equal grids in any time zone, and a window is found by its ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from axtasks.backfill.windows import Grid, Window, is_near_probe, whole_seconds

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2025, 11, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_year_is_twelve_windows_and_a_shorter_one() -> None:
    grid = Grid(START, START + 365 * DAY, 30 * DAY)

    windows = list(grid.windows(newest_first=False))

    assert [window.length for window in windows] == [30 * DAY] * 12 + [5 * DAY]
    assert (windows[0].start, windows[-1].end) == (grid.start, grid.end)
    assert all(one.end == other.start for one, other in pairwise(windows))
    assert list(grid.windows(newest_first=True)) == windows[::-1]
    assert grid.size == 13


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2026, 3, 29, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN), 23),
        (datetime(2025, 10, 26, tzinfo=BERLIN), datetime(2025, 10, 27, tzinfo=BERLIN), 25),
        (datetime(2028, 2, 28, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC), 48),
        (datetime(2026, 3, 1, 0, 0, 0, 999_999, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), 24),
    ],
    ids=["a day begins summer time", "a day ends it", "a leap day", "parts of a second are cut"],
)
def test_hours_are_those_that_pass(start: datetime, end: datetime, hours: int) -> None:
    grid = Grid(whole_seconds(start), whole_seconds(end), HOUR)

    assert grid.size == hours
    assert grid.window(hours - 1).end == end


# A length, and that of its halves.
HALVES: list[tuple[timedelta, list[timedelta]]] = [
    (30 * DAY, [15 * DAY, 15 * DAY]),
    (2 * HOUR, [HOUR, HOUR]),
    (2 * HOUR - timedelta(seconds=1), []),
    (3 * HOUR + timedelta(seconds=1), [1.5 * HOUR, 1.5 * HOUR + timedelta(seconds=1)]),
]


@pytest.mark.parametrize(("length", "halves"), HALVES, ids=str)
def test_halves_are_whole_seconds_and_an_hour_at_least(length: timedelta, halves: list[timedelta]) -> None:
    window = Window(START, START + length)

    assert [half.length for half in window.halves() or ()] == halves


EIGHTH = 30 * DAY / 8
# The start and the end of a run, and how many halvings lead to it; None for one that is not on the grid.
PATHS: list[tuple[str, datetime, datetime, int | None]] = [
    ("a base window", START, START + 30 * DAY, 0),
    ("the last base window", START + 60 * DAY, START + 70 * DAY, 0),
    ("an eighth", START + 3 * EIGHTH, START + 4 * EIGHTH, 3),
    ("an eighth, cut to seconds", START + 3 * EIGHTH - timedelta(milliseconds=999), START + 4 * EIGHTH, 3),
    ("a quarter across eighths", START + EIGHTH, START + 3 * EIGHTH, None),
    ("a second off", START + timedelta(seconds=1), START + 30 * DAY, None),
    ("another length", START, START + 7 * DAY, None),
    ("longer than a base window", START, START + 31 * DAY, None),
    ("before the grid", START - 30 * DAY, START, None),
    ("behind it", START + 70 * DAY, START + 100 * DAY, None),
    ("less than an hour", START, START + timedelta(minutes=10), None),
]


@pytest.mark.parametrize(("start", "end", "halvings"), [pytest.param(*case[1:], id=case[0]) for case in PATHS])
def test_a_window_is_found_on_the_grid(start: datetime, end: datetime, halvings: int | None) -> None:
    path = Grid(START, START + 70 * DAY, 30 * DAY).path_to(start, end)

    assert len(path) == (0 if halvings is None else halvings + 1)
    assert all(inner.start >= outer.start and inner.end <= outer.end for outer, inner in pairwise(path))


@pytest.mark.parametrize(("length", "hours"), [(30 * DAY, 22.5), (7 * DAY, 21), (DAY, 24), (1.5 * DAY, 18), (HOUR, 1)])
def test_the_first_part_is_the_halving_nearest_to_a_day(length: timedelta, hours: float) -> None:
    part = Window(START, START + length)
    while not is_near_probe(part) and (halves := part.halves()) is not None:
        part = halves[0]

    assert part.hours == hours
