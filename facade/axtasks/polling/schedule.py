"""Poll schedule: delay until the next poll, from age and past run durations."""

from __future__ import annotations

from itertools import pairwise
from math import floor, log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks_api_beta.models import TaskRun


# Of a run about which nothing is known but its age, a pause takes this share of the age, within these limits.
SHARE_OF_AGE = 0.36
SHORTEST_SECONDS = 0.15
USUAL_MOST_SECONDS = 5.0
# Where so little of the age is more than that, pauses go on growing, up to the longest.
SMALL_SHARE_OF_AGE = 0.02
LONGEST_SECONDS = 30.0
# Several runs that one request tells of are looked at more often than each alone would be, but not more than this.
SHORTEST_SECONDS_FOR_MANY = 0.25
# How many looks are to be enough for a run of a task whose earlier runs took about as long.
USUAL_LOOKS = 6
LEAST_LOOKS = 4
# Before the time at which it should end, a run is looked at all the same after so many times what it was waited for
# already, as runs that find nothing to do end early; sooner where only a few earlier runs tell.
LEAP = 6.0
# Lengths are of two kinds where one is more than so many times the other.
APART = 1.5
# One run tells the next one's length to this share of it, either way.
UNSURE = 0.2
# Looks nearer to each other would tell nothing.
LEAST_GAP_SHARE = 0.02
LEAST_GAP_SECONDS = 0.05


class ExpectedEnd(NamedTuple):
    """When a run is expected to end, and how far apart the looks at it should be then."""

    begins: float
    gap: float


def usual_pause(age: float) -> float:
    """Seconds until the next look at a run of which only the age is known: a share of it, so a share late.

    Args:
        age: seconds since the run was created.
    """
    growing = max(min(SHARE_OF_AGE * age, USUAL_MOST_SECONDS), SMALL_SHARE_OF_AGE * age)
    return min(max(growing, SHORTEST_SECONDS), LONGEST_SECONDS)


def next_delay(age: float, *, waited: float, lengths: Sequence[float] = (), share: float = 1.0) -> float:
    """Seconds until the next look at a run.

    Args:
        age: seconds since it was created.
        waited: seconds since the waiting began, which is no longer ago.
        lengths: what earlier runs of the task took, as far as they are known.
        share: which share of the usual pause is worth a look: less than 1 where it tells of several runs.
    """
    usual = usual_pause(age) * share
    # Also keeps a wrong clock from spoiling more than it can: how long was waited is sure.
    leap = max(waited, SHORTEST_SECONDS) * (min(len(lengths), LEAP) or LEAP)
    window = expected(age, lengths)
    if window is None:
        seconds = min(usual, leap)
    elif window.begins <= age:
        seconds = min(window.gap * share, usual)
    else:
        seconds = min(window.begins - age + window.gap * share, leap, LONGEST_SECONDS)
    return max(seconds, SHORTEST_SECONDS_FOR_MANY) if share < 1 else seconds


def expected(age: float, lengths: Sequence[float]) -> ExpectedEnd | None:
    """When a run should end that has not ended by now; None where earlier ones tell nothing about it any more.

    Args:
        age: seconds since it was created.
        lengths: what earlier runs took.
    """
    for kind in _kinds(lengths):
        shortest, longest = kind[0], kind[-1]
        # As far beyond the known ones as the next one may be expected to lie.
        margin = (longest - shortest + 2 * UNSURE * longest) / (2 * len(kind))
        begins, ends = max(shortest - margin, shortest / 2), longest + margin
        overdue = max(0.0, age - ends)
        gap = max((ends - begins) / _looks(begins, len(kind) / len(lengths)), LEAST_GAP_SHARE * begins)
        gap = max(gap, LEAST_GAP_SECONDS) + overdue
        if not overdue or (longest == max(lengths) and gap < usual_pause(age)):
            return ExpectedEnd(begins, gap)
    return None


def _looks(begins: float, weight: float) -> int:
    """How many looks a kind of length is worth: what is left of the usual number when it may begin."""
    leaps = max(0, floor(log(max(begins, SHORTEST_SECONDS) / SHORTEST_SECONDS, 1 + LEAP)))
    return max(1, round(max(USUAL_LOOKS - leaps, LEAST_LOOKS) * weight))


def _kinds(lengths: Sequence[float]) -> list[list[float]]:
    """The lengths in order, those together that are near each other."""
    ordered = sorted(lengths)
    kinds = [ordered[:1]] if ordered else []
    for shorter, longer in pairwise(ordered):
        if longer > shorter * APART:
            kinds.append([])
        kinds[-1].append(longer)
    return kinds


def lengths_of(earlier: Iterable[TaskRun], run: TaskRun) -> list[float]:
    """How long a run would take from its creation to its end if it went like each of these.

    Args:
        earlier: runs of the same task; those that have not ended are left out.
        run: the run. Once it has started, only how long it works from then on is open.
    """
    queued = None if run.run_started_at is None else (run.run_started_at - run.created_at).total_seconds()
    found = [_length(one, queued) for one in earlier if one.id != run.id]
    return [length for length in found if length is not None and length > 0]


def _length(run: TaskRun, queued: float | None) -> float | None:
    if run.run_finished_at is None:
        return None
    if queued is None or run.run_started_at is None:
        return (run.run_finished_at - run.created_at).total_seconds()
    return queued + (run.run_finished_at - run.run_started_at).total_seconds()
