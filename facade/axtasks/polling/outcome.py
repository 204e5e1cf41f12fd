"""The outcome of a run: whether it has ended, and the error for one that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axtasks_api import models

from axtasks.errors import ResponseError, RunCancelledError, RunFailedError, UnknownRunStatusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api.models import TaskRun, TaskRunStatus

    from axtasks.config.credentials import Secret
    from axtasks.errors import AxError, RunError


DEFAULT_TIMEOUT_SECONDS = 600.0
# The last poll is sent at the deadline, so its response may come this much later: no call ends half a second late.
SHORTEST_REQUEST_SECONDS = 0.4
# A run may not be readable for so long after this client triggered it.
GRACE_SECONDS = 10.0
# Runs that a message names.
MOST_NAMED = 5


def bounded_delay(delay: float, *, remaining: float, poll_error: AxError | None) -> float:
    """Return the seconds until the next poll: `delay`, or the `Retry-After` of a failed poll, and at most `remaining`.

    Raises:
        AxError: the error of the poll itself, if its `Retry-After` is longer than what remains.
    """
    if isinstance(poll_error, ResponseError) and poll_error.retry_after_seconds is not None:
        if poll_error.retry_after_seconds > remaining:
            raise poll_error
        delay = max(delay, poll_error.retry_after_seconds)
    return min(delay, remaining)


def last_error_note(poll_error: AxError | None) -> str:
    """Return the end of a timeout's message: the error of the last poll, if it failed."""
    return "" if poll_error is None else f"; the last poll failed, so more may have ended since: {poll_error}"


def status_of(run: TaskRun) -> TaskRunStatus | None:
    """Return the status of a run; None if the response lacks it."""
    status: TaskRunStatus | None = getattr(run, "status", None)
    return status


def describe_status(run: TaskRun) -> str:
    """Return the status of a run for a message."""
    return str(status_of(run) or "without a status")


def describe_run(run: TaskRun) -> str:
    """Return the word run and the id of a run for a message."""
    return f"run {getattr(run, 'id', 'without an id')}"


def is_under_way(run: TaskRun) -> bool:
    """Return True for a pending or running run, and for one without a status, which may be.

    A status unknown to this version is neither that nor ended.
    """
    return status_of(run) in {None, models.TaskRunStatus.PENDING, models.TaskRunStatus.RUNNING}


def has_ended(run: TaskRun) -> bool:
    """Return True for a run in a terminal status; raise UnknownRunStatusError for an unknown one."""
    status = status_of(run)
    if status is not None and not status.is_known:
        raise UnknownRunStatusError(
            f"{describe_run(run)} is in status {status!s}, which this version does not know: upgrade ax-tasks", run=run
        )
    return not is_under_way(run)


def raise_for_status(run: TaskRun, *, raise_on_failure: bool, key: Secret) -> TaskRun:
    """Return a run that has ended, or raise RunFailedError or RunCancelledError for it; neither quotes the API key."""
    if not raise_on_failure or run.status == models.TaskRunStatus.COMPLETED:
        return run
    names = ("num_successes", "num_errors", "num_skipped")
    succeeded, failed, skipped = (getattr(run, name, "an unknown number") for name in names)
    counts = f"{succeeded} succeeded, {failed} failed, {skipped} were skipped"
    reason = f" ({key.redact_text(run.failure_reason)})" if run.failure_reason else ""
    raise _error_class(run)(f"{describe_run(run)} ended {run.status!s}{reason}: {counts}", run=run)


def raise_for_statuses(runs: Sequence[TaskRun], *, raise_on_failure: bool) -> None:
    """Raise an error that carries all runs, if one has an unknown status or did not complete.

    Raises:
        UnknownRunStatusError: one is in a status that this version does not know.
        RunFailedError: at least one failed, and `raise_on_failure` is set.
        RunCancelledError: none failed but at least one was cancelled, and `raise_on_failure` is set.
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
        statuses = join_first([f"{getattr(run, 'id', 'one without an id')} {run.status!s}" for run in others])
        raise _error_class(others[0])(
            f"{len(others)} of {len(runs)} runs did not complete: {statuses}", run=others[0], runs=runs
        )


def join_first(texts: Sequence[str]) -> str:
    """Join the first few texts for a message, and count the rest."""
    more = len(texts) - MOST_NAMED
    return ", ".join(texts[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _error_class(run: TaskRun) -> type[RunError]:
    return RunFailedError if run.status == models.TaskRunStatus.FAILED else RunCancelledError
