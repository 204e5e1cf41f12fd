"""When to look at a run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun

DEFAULT_TIMEOUT_SECONDS = 600.0
SHORTEST_INTERVAL_SECONDS = 0.25
LONGEST_INTERVAL_SECONDS = 5.0
# A run is reported late by at most this share of what it took, until the longest interval is reached.
SHARE_OF_ELAPSED = 0.2
# The last look at the deadline itself still has to be answered.
SHORTEST_REQUEST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at a run that has not ended.

    Attributes:
        run: the run.
        elapsed_seconds: how long it has been waited for.
        next_poll_seconds: when the next look follows.
    """

    run: TaskRun
    elapsed_seconds: float
    next_poll_seconds: float


def interval(elapsed_seconds: float, *, fixed_seconds: float | None) -> float:
    """Seconds until the next look.

    Args:
        elapsed_seconds: how long the run has been waited for.
        fixed_seconds: the interval the caller asked for; without one it grows with the time that has passed.
    """
    if fixed_seconds is not None:
        return fixed_seconds
    return min(LONGEST_INTERVAL_SECONDS, max(SHORTEST_INTERVAL_SECONDS, elapsed_seconds * SHARE_OF_ELAPSED))
