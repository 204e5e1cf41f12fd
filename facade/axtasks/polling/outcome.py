"""The outcome of a run: whether it has ended, and the error for one that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api_beta import models

from axtasks.errors import ResponseError, RunCancelledError, RunFailedError, UnknownRunStatusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api_beta.models import TaskRun

    from axtasks.errors import AxError, RunError


DEFAULT_TIMEOUT_SECONDS = 600.0
# The last look at the deadline itself still has to be answered.
SHORTEST_REQUEST_SECONDS = 5.0
# How long a run may stay unknown to the server after this client triggered it.
GRACE_SECONDS = 10.0
# How many runs a message names.
MOST_NAMED = 5


def bounded_delay(pause_seconds: float, *, left_seconds: float, trouble: AxError | None) -> float:
    """Seconds until the next look, no more than what is left.

    Args:
        pause_seconds: the pause that is meant to be made.
        left_seconds: how long will still be waited.
        trouble: what the last look failed with, if it failed.

    Raises:
        AxError: the trouble itself, if the server asks to wait for longer than is left.
    """
    pause = pause_seconds
    if isinstance(trouble, ResponseError) and trouble.retry_after_seconds is not None:
        if trouble.retry_after_seconds > left_seconds:
            raise trouble
        pause = max(pause, trouble.retry_after_seconds)
    return min(pause, left_seconds)


def last_error_note(trouble: AxError | None) -> str:
    """What the message of a wait that is over says of the last look, if that failed."""
    return "" if trouble is None else f"; the last look failed, so more may have ended since: {trouble}"


def is_under_way(run: TaskRun) -> bool:
    """Whether a run is pending or running; in a status that this version does not know it is neither that nor ended."""
    return run.status in {models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING}


def has_ended(run: TaskRun) -> bool:
    """Whether a run is in a terminal state.

    Raises:
        UnknownRunStatusError: its status is one that this version does not know.
    """
    if not run.status.is_known:
        raise UnknownRunStatusError(
            f"run {run.id} is in status {run.status!s}, which this version does not know: upgrade ax-tasks", run=run
        )
    return not is_under_way(run)


def raise_for_status(run: TaskRun, *, raise_on_failure: bool) -> TaskRun:
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
    counts = f"{run.num_successes} succeeded, {run.num_errors} failed, {run.num_skipped} were skipped"
    reason = f" ({run.failure_reason})" if run.failure_reason else ""
    raise _failure_of(run)(f"run {run.id} ended {run.status!s}{reason}: {counts}", run=run)


def raise_for_statuses(runs: Sequence[TaskRun], *, raise_on_failure: bool) -> None:
    """Nothing, where all runs ended well.

    Args:
        runs: all that were waited for.
        raise_on_failure: whether failed or cancelled ones are raised.

    Raises:
        UnknownRunStatusError: one is in a status that this version does not know; carries all.
        RunFailedError: at least one failed; carries all.
        RunCancelledError: none failed, but at least one was cancelled; carries all.
    """
    for run in runs:
        try:
            has_ended(run)
        except UnknownRunStatusError as error:
            raise UnknownRunStatusError(str(error), run=run, runs=runs) from None
    # Failed ones first.
    others = sorted(
        (run for run in runs if run.status != models.TaskRunStatus.COMPLETED),
        key=lambda run: run.status != models.TaskRunStatus.FAILED,
    )
    if raise_on_failure and others:
        told = listed([f"{run.id} {run.status!s}" for run in others])
        raise _failure_of(others[0])(
            f"{len(others)} of {len(runs)} runs did not complete: {told}", run=others[0], runs=runs
        )


def listed(texts: Sequence[str]) -> str:
    """The first of several texts for a message, and how many there are besides."""
    more = len(texts) - MOST_NAMED
    return ", ".join(texts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _failure_of(run: TaskRun) -> type[RunError]:
    return RunFailedError if run.status == models.TaskRunStatus.FAILED else RunCancelledError
