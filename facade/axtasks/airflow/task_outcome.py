"""The outcome of a task by how its runs ended: success, skip or failure. Airflow is not imported here."""

from __future__ import annotations

from enum import StrEnum, auto
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from axtasks.errors import AxError, InvalidArgumentError, UnknownRunStatusError
from axtasks.validation import fraction

from .starter import SKEW_AFTER_CLEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from axtasks_api.models import TaskRun

Choice = Literal["skip", "fail", "succeed"]
CAUSES = (
    "nothing matched its window or its filters, the credentials or the model cannot be used, or all data has labels"
    " already"
)


class OutcomeKind(StrEnum):
    """A kind of end of a task instance. FAIL may be retried, FAIL_FOR_GOOD may not."""

    SUCCEED = auto()
    SKIP = auto()
    FAIL = auto()
    FAIL_FOR_GOOD = auto()


class TaskOutcome(NamedTuple):
    """The outcome of a task instance, with the reason for it."""

    kind: OutcomeKind
    reason: str


class OutcomePolicy(NamedTuple):
    """The choices of a task for runs that did not do their work.

    Attributes:
        on_empty: for a run that evaluated nothing.
        on_cancelled: for a run that was cancelled.
        fail_on_errors: the share of errors among successes and errors above which the task fails for good.
    """

    on_empty: Choice = "skip"
    on_cancelled: Choice = "fail"
    fail_on_errors: float | None = None

    def check(self) -> OutcomePolicy:
        """Return the policy; raise InvalidArgumentError if one of its values cannot be used."""
        for name, choice in (("on_empty", self.on_empty), ("on_cancelled", self.on_cancelled)):
            if choice not in get_args(Choice):
                raise InvalidArgumentError(f"{name} has to be one of {', '.join(get_args(Choice))}, not {choice!r}")
        if self.fail_on_errors is not None:
            fraction("fail_on_errors", self.fail_on_errors)
        return self


def is_empty(run: TaskRun) -> bool:
    """Return True for a run that evaluated nothing, as `ensure_run` has it; a failed one is a failure."""
    from axtasks_api.models import TaskRunStatus

    from axtasks.reconcile.run_states import RunState, state_of

    return run.status != TaskRunStatus.FAILED and state_of(run, is_cut_short=False) is RunState.EMPTY


def unfinished_reason(result: TaskRun | AxError) -> str | None:
    """Return what became of a run that did not end in time and was to be cancelled; None if it had ended before.

    Args:
        result: the run after that, or the error why it was not cancelled.
    """
    from axtasks_api.models import TaskRunStatus

    from axtasks.polling.outcome import describe_status, has_ended

    if isinstance(result, AxError):
        return f"was not cancelled: {result}"
    try:
        if not has_ended(result):
            return f"was not cancelled: it goes on, {describe_status(result)}"
    except UnknownRunStatusError as error:
        return f"may go on: {error}"
    return "was cancelled" if result.status == TaskRunStatus.CANCELLED else None


def outcome_of(run: TaskRun, policy: OutcomePolicy, *, work_was_done: bool = False) -> TaskOutcome:
    """Return the outcome for one run.

    Args:
        run: the run; one that goes on is a failure.
        policy: the choices of the task.
        work_was_done: whether an earlier run of the same window did work, so that an empty one had nothing left to do.

    Raises:
        UnknownRunStatusError: the run is in a status that this version does not know.
    """
    from axtasks_api.models import TaskRunStatus

    from axtasks.polling.outcome import describe_status, has_ended

    is_over = has_ended(run)
    described = f"run {run.id} {'ended' if is_over else 'has not ended: it is'} {describe_status(run)}"
    if reason := run.failure_reason:
        described += f" ({reason})"
    if is_empty(run):
        if work_was_done:
            return TaskOutcome(OutcomeKind.SUCCEED, f"{described}: an earlier run of the window did the work")
        return TaskOutcome(_KINDS[policy.on_empty], f"{described} and evaluated nothing: {CAUSES}")
    if run.status == TaskRunStatus.CANCELLED:
        return TaskOutcome(_KINDS[policy.on_cancelled], described)
    if not is_over or run.status == TaskRunStatus.FAILED:
        return TaskOutcome(OutcomeKind.FAIL, described)
    if policy.fail_on_errors is not None:
        done = run.num_successes + run.num_errors
        if run.num_errors > policy.fail_on_errors * done:
            share = f"{run.num_errors} of {done} items are errors, more than {policy.fail_on_errors:.2%}"
            return TaskOutcome(OutcomeKind.FAIL_FOR_GOOD, f"{described}: {share}")
    return TaskOutcome(OutcomeKind.SUCCEED, described)


_KINDS: dict[Choice, OutcomeKind] = {"skip": OutcomeKind.SKIP, "fail": OutcomeKind.FAIL, "succeed": OutcomeKind.SUCCEED}


class Row(NamedTuple):
    """The outcome for one of several runs.

    Attributes:
        task: the task as it was asked for.
        run_id: the id of the run; None if there is none.
        outcome: the outcome for that run.
    """

    task: str
    run_id: str | None
    outcome: TaskOutcome

    def __str__(self) -> str:
        return f"{self.task} | {self.run_id or 'no run'} | {self.outcome.reason}"


def combine(rows: Sequence[Row]) -> TaskOutcome:
    """Return the outcome for all runs of a task instance: it fails if one does, and is skipped if all are.

    The reason of a failure is a table of those that failed. It is for good only if a retry mends none of them.
    """
    failed = [row for row in rows if row.outcome.kind in {OutcomeKind.FAIL, OutcomeKind.FAIL_FOR_GOOD}]
    if len(rows) == 1:
        return rows[0].outcome
    if failed:
        may_pass = any(row.outcome.kind is OutcomeKind.FAIL for row in failed)
        table = "\n".join(map(str, failed))
        reason = f"{len(failed)} of {len(rows)} runs failed:\ntask | run | reason\n{table}"
        return TaskOutcome(OutcomeKind.FAIL if may_pass else OutcomeKind.FAIL_FOR_GOOD, reason)
    if rows and all(row.outcome.kind is OutcomeKind.SKIP for row in rows):
        return TaskOutcome(OutcomeKind.SKIP, f"none of {len(rows)} runs had anything to do; {rows[0].outcome.reason}")
    return TaskOutcome(OutcomeKind.SUCCEED, f"{len(rows)} runs ended well")


def was_killed_before(run: TaskRun | None, adopted_at: float | None) -> bool:
    """Return True for a run that was adopted while the kill of an earlier try had not cancelled it yet.

    Args:
        run: a run that has ended; None for one whose end is not known.
        adopted_at: the time in seconds since 1970 at which it was found under way after a clear; None if it was not.
    """
    from axtasks_api.models import TaskRunStatus

    if run is None or adopted_at is None or run.status != TaskRunStatus.CANCELLED:
        return False
    if run.is_empty or run.run_finished_at is None:
        return False
    return run.run_finished_at.timestamp() <= adopted_at + SKEW_AFTER_CLEAR.total_seconds()
