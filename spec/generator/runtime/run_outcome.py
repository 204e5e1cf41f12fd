"""The hand-written part of `TaskRun`: properties that several fields tell together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .models.task_run_status import TaskRunStatus

# No contract has a field for it. A reason that speaks of one of these is taken for somebody's wish (decision D29).
_WISHES = ("cancel", "request", "user")


class RunOutcome:
    """Base of the runs of a task."""

    __slots__ = ()

    if TYPE_CHECKING:
        status: TaskRunStatus
        run_started_at: datetime | None
        num_successes: int
        num_errors: int
        num_skipped: int

    @property
    def is_empty(self) -> bool:
        """True if the run ended without evaluating anything, though nobody asked for its end.

        A cancelled run is empty only if it began and its `failure_reason` gives another reason than a request. A run
        that lacks one of its counters, or its status, is never empty.
        """
        counters = [getattr(self, name, None) for name in ("num_successes", "num_errors", "num_skipped")]
        status: TaskRunStatus | None = getattr(self, "status", None)
        if status is None or counters[:2] != [0, 0] or not isinstance(counters[2], int):
            return False
        statuses = type(status)
        if status == statuses.CANCELLED:
            return self.run_started_at is not None and self._ended_for_a_cause()
        return status in {statuses.COMPLETED, statuses.FAILED}

    def _ended_for_a_cause(self) -> bool:
        # The documents' contract gives no reasons: what it calls cancelled, somebody cancelled.
        reason: object = getattr(self, "failure_reason", None)
        return isinstance(reason, str) and reason != "" and not any(wish in reason.casefold() for wish in _WISHES)
