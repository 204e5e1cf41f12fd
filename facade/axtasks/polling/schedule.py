"""Poll schedule: delay until the next poll, from age and past run durations, and a queue of what is due when."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count, pairwise
from math import floor, inf, log
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from axtasks_api.codec import has

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from axtasks_api.models import TaskRun

K = TypeVar("K")

# With only the age known, the delay is this share of it, within these limits.
SHARE_OF_AGE = 0.36
SHORTEST_SECONDS = 0.15
USUAL_MOST_SECONDS = 5.0
# Beyond the usual maximum, delays grow by this share of the age, up to the longest.
SMALL_SHARE_OF_AGE = 0.02
LONGEST_SECONDS = 30.0
# From this age on, delays by age alone are as long as usual.
SETTLED_SECONDS = USUAL_MOST_SECONDS / SHARE_OF_AGE
# Several runs of one request are polled more often than each alone would be, but not more than this.
SHORTEST_SECONDS_FOR_MANY = 0.25
# The polls for a run that takes about as long as earlier ones, and the fewest where early polls take some of them.
USUAL_POLLS = 6
LEAST_POLLS = 4
# Before its expected end, a run is polled early after so many times the time waited so far, as runs that have no work
# end early; sooner after fewer earlier runs.
EARLY_POLL_FACTOR = 6.0
# A duration over so many times the next shorter one begins another cluster.
CLUSTER_RATIO = 1.5
# A single run predicts the next one's duration up to this share of it, either way.
UNCERTAINTY = 0.2
# Polls closer together than this give no more precision.
LEAST_GAP_SHARE = 0.02
LEAST_GAP_SECONDS = 0.05
# Entries of a queue that were replaced or discarded are swept out when they are more than the others and this many.
MOST_STALE_ENTRIES = 64


class ExpectedEnd(NamedTuple):
    """The age at which a run may end at the earliest, and the delay between polls from then on."""

    earliest: float
    gap: float


class DueQueue(Generic[K]):
    """Keys by the monotonic time at which they are due."""

    def __init__(self) -> None:
        self._due: dict[K, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, K]] = []
        # Keys that are due at the same time come in the order in which they were set.
        self._numbers = count()

    def __contains__(self, key: K) -> bool:
        return key in self._due

    @property
    def next_at(self) -> float:
        """The time at which the first key is due; infinity if there is none."""
        while self._heap and self._is_stale(self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else inf

    def get(self, key: K, default: float) -> float:
        """Return the time at which a key is due, or the default if it is not there."""
        return self._due[key][0] if key in self._due else default

    def set(self, key: K, at: float) -> None:
        """Set the time at which a key is due, whatever it was before."""
        due = at, next(self._numbers)
        self._due[key] = due
        heappush(self._heap, (*due, key))
        if len(self._heap) > 2 * len(self._due) + MOST_STALE_ENTRIES:
            self._heap = [(*each, other) for other, each in self._due.items()]
            heapify(self._heap)

    def advance(self, key: K, at: float) -> None:
        """Have a key due at this time, unless it is due earlier."""
        if self.get(key, inf) > at or key not in self._due:
            self.set(key, at)

    def discard(self, key: K) -> None:
        """Remove a key, if it is there."""
        self._due.pop(key, None)

    def take(self, until: float, *, at_most: float = inf) -> list[K]:
        """Remove the keys that are due by this time, or so many of them, and return them, the first one first."""
        keys: list[K] = []
        while len(keys) < at_most and self.next_at <= until and self._heap:
            _, _, key = heappop(self._heap)
            del self._due[key]
            keys.append(key)
        return keys

    def _is_stale(self, entry: tuple[float, int, K]) -> bool:
        at, number, key = entry
        return self._due.get(key) != (at, number)


def usual_delay(age: float) -> float:
    """Return the seconds until the next poll by age alone: a share of it, so that the result is a share late."""
    growing = max(min(SHARE_OF_AGE * age, USUAL_MOST_SECONDS), SMALL_SHARE_OF_AGE * age)
    return min(max(growing, SHORTEST_SECONDS), LONGEST_SECONDS)


def next_delay(
    age: float,
    *,
    waited: float,
    durations: Sequence[float] = (),
    share: float = 1.0,
    group_waited: float = 0.0,
) -> float:
    """Return the seconds until the next poll of a run.

    Args:
        age: seconds since it was created.
        waited: seconds since the wait began, at most the age.
        durations: the known durations of earlier runs of the task.
        share: the share of the usual delay; less than 1 for a poll of several runs.
        group_waited: seconds since the wait for the first run of its group began. A run that joins a group that was
            waited for longer has the group polled no more often than every few seconds.
    """
    usual = usual_delay(max(age, min(group_waited, SETTLED_SECONDS))) * share
    factor = min(len(durations), EARLY_POLL_FACTOR) or EARLY_POLL_FACTOR
    # Also limits the damage of a wrong clock: `waited` is reliable.
    early = max(waited, SHORTEST_SECONDS) * factor
    early = max(early, min(max(group_waited, SHORTEST_SECONDS) * factor, USUAL_MOST_SECONDS))
    end = expected_end(age, durations)
    if end is None:
        delay = min(usual, early)
    else:
        gap = max(end.gap * share, LEAST_GAP_SHARE * end.earliest)
        delay = min(gap, usual) if end.earliest <= age else min(end.earliest - age + gap, early, LONGEST_SECONDS)
    return max(delay, SHORTEST_SECONDS_FOR_MANY) if share < 1 else delay


def expected_end(age: float, durations: Sequence[float]) -> ExpectedEnd | None:
    """Predict the end of an unfinished run of this age; None once it has outlasted all predictions."""
    for cluster in _clusters(durations):
        shortest, longest = cluster[0], cluster[-1]
        # The next duration may lie this far outside the known ones.
        margin = (longest - shortest + 2 * UNCERTAINTY * longest) / (2 * len(cluster))
        earliest, latest = max(shortest - margin, shortest / 2), longest + margin
        overdue = max(0.0, age - latest)
        gap = (latest - earliest) / _poll_count(earliest, len(cluster) / len(durations))
        gap = max(gap, LEAST_GAP_SHARE * earliest, LEAST_GAP_SECONDS) + overdue
        if not overdue or (longest == max(durations) and gap < usual_delay(age)):
            return ExpectedEnd(earliest, gap)
    return None


def _poll_count(earliest: float, weight: float) -> int:
    """Return the polls for a cluster: its share of the usual number, less the early polls before it."""
    early_polls = max(0, floor(log(max(earliest, SHORTEST_SECONDS) / SHORTEST_SECONDS, 1 + EARLY_POLL_FACTOR)))
    return max(1, round(max(USUAL_POLLS - early_polls, LEAST_POLLS) * weight))


def _clusters(durations: Sequence[float]) -> list[list[float]]:
    """Return the durations in ascending order, split where one is much longer than the one before."""
    ordered = sorted(durations)
    clusters = [ordered[:1]] if ordered else []
    for shorter, longer in pairwise(ordered):
        if longer > shorter * CLUSTER_RATIO:
            clusters.append([])
        clusters[-1].append(longer)
    return clusters


class RunDurations(NamedTuple):
    """The seconds that an earlier run took; None where a response did not tell.

    Attributes:
        total: from its creation to its end.
        worked: from its start to its end.
    """

    total: float | None
    worked: float | None


def durations_of(run: TaskRun) -> RunDurations:
    """Return how long a run took; nothing but None for one that has not ended."""
    total = worked = None
    if run.run_finished_at is not None:
        if has(run, "created_at"):
            total = (run.run_finished_at - run.created_at).total_seconds()
        if run.run_started_at is not None:
            worked = (run.run_finished_at - run.run_started_at).total_seconds()
    return RunDurations(total, worked)


def predicted_durations(earlier: Iterable[RunDurations], run: TaskRun) -> list[float]:
    """Return the seconds from creation to end that each of the earlier runs predicts for a run.

    Once the run has started, only its time from then on is predicted.
    """
    queued = None
    if run.run_started_at is not None and has(run, "created_at"):
        queued = (run.run_started_at - run.created_at).total_seconds()
    durations = [times.total if queued is None or times.worked is None else queued + times.worked for times in earlier]
    return [duration for duration in durations if duration is not None and duration > 0]


def past_durations(earlier: Iterable[TaskRun], run: TaskRun) -> list[float]:
    """Return the durations that the ended ones of some other runs predict for a run, as `predicted_durations`."""
    run_id = getattr(run, "id", None)
    return predicted_durations([durations_of(other) for other in earlier if getattr(other, "id", None) != run_id], run)
