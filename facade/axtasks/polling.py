"""When to look at a run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from axtasks_api import models

from .errors import ResponseError, RunCancelledError, RunFailedError, UnknownRunStatusError

if TYPE_CHECKING:
    from axtasks_api.models import TaskRun

    from .errors import AxError

DEFAULT_TIMEOUT_SECONDS = 600.0
SHORTEST_INTERVAL_SECONDS = 0.25
LONGEST_INTERVAL_SECONDS = 5.0
# A run is reported late by at most this share of what it took, until the longest interval is reached.
SHARE_OF_ELAPSED = 0.2
# The last look at the deadline itself still has to be answered.
SHORTEST_REQUEST_SECONDS = 5.0
# How long a run may stay unknown to the server after this client triggered it.
GRACE_SECONDS = 10.0


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


def pause_after(
    elapsed_seconds: float, *, left_seconds: float, fixed_seconds: float | None, trouble: AxError | None
) -> float:
    """Seconds until the next look, no more than what is left.

    Args:
        elapsed_seconds: how long the run has been waited for.
        left_seconds: how long it will still be.
        fixed_seconds: the interval the caller asked for.
        trouble: what the last look failed with, if it failed.

    Raises:
        AxError: the trouble itself, if the server asks to wait for longer than is left.
    """
    pause = interval(elapsed_seconds, fixed_seconds=fixed_seconds)
    if isinstance(trouble, ResponseError) and trouble.retry_after_seconds is not None:
        if trouble.retry_after_seconds > left_seconds:
            raise trouble
        pause = max(pause, trouble.retry_after_seconds)
    return min(pause, left_seconds)


def has_ended(run: TaskRun) -> bool:
    """Whether a run is in a terminal state.

    Raises:
        UnknownRunStatusError: its status is one that this version does not know.
    """
    if not run.status.is_known:
        raise UnknownRunStatusError(
            f"run {run.id} is in status {run.status!s}, which this version does not know: upgrade ax-tasks", run=run
        )
    return run.status not in {models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING}


def outcome(run: TaskRun, *, raise_on_failure: bool) -> TaskRun:
    """A run that has ended.

    Args:
        run: the run.
        raise_on_failure: whether a failed or cancelled one is raised.

    Raises:
        RunFailedError: it failed.
        RunCancelledError: it was cancelled.
    """
    if not raise_on_failure or run.status == models.TaskRunStatus.COMPLETED:
        return run
    kind = RunFailedError if run.status == models.TaskRunStatus.FAILED else RunCancelledError
    counts = f"{run.num_successes} succeeded, {run.num_errors} failed, {run.num_skipped} were skipped"
    raise kind(f"run {run.id} ended {run.status!s}: {counts}", run=run)
