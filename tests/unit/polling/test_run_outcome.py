"""Tests of a run's outcome, derived from its fields in either contract's model."""

from __future__ import annotations

from typing import Any

import pytest
from axtasks_api import models as beta
from axtasks_api import models as documents

ENDED: dict[str, Any] = {
    "id": "VGFza1J1bjo5OTpxUndY",
    "task_id": "T25saW5lVGFzazo0NTpxUndY",
    "status": "completed",
    "run_started_at": "2026-03-10T15:00:01Z",
    "run_finished_at": "2026-03-10T15:00:02Z",
    "data_start_time": None,
    "data_end_time": None,
    "num_successes": 0,
    "num_errors": 0,
    "num_skipped": 0,
    "created_at": "2026-03-10T15:00:00Z",
    "created_by_user_id": None,
}
CANCELLED = {"status": "cancelled", "failure_reason": "No data matched."}
EMPTY = {
    "nothing matched": {},
    "all was skipped": {"num_skipped": 120},
    "it failed before anything was evaluated": {"status": "failed"},
    "the server cancelled it for a cause": CANCELLED,
}
NOT_EMPTY = {
    "something succeeded": {"num_successes": 1},
    "something was in error": {"num_errors": 1},
    "it is pending": {"status": "pending"},
    "it is running": {"status": "running"},
    "its status is unknown": {"status": "paused"},
    "cancelled on request": {**CANCELLED, "failure_reason": "The run was cancelled on request."},
    "cancelled by somebody": {**CANCELLED, "failure_reason": "Stopped by a user"},
    "cancelled before it began": {**CANCELLED, "run_started_at": None},
    "cancelled, and no reason is told": {**CANCELLED, "failure_reason": None},
    "cancelled, with a reason that is empty": {**CANCELLED, "failure_reason": ""},
}


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in EMPTY.items()])
def test_empty(changes: dict[str, Any]) -> None:
    """A run is empty if it ended with nothing evaluated, unless somebody ended it."""
    assert beta.TaskRun.from_dict({**ENDED, **changes}).is_empty


@pytest.mark.parametrize("changes", [pytest.param(changes, id=name) for name, changes in NOT_EMPTY.items()])
def test_not_empty(changes: dict[str, Any]) -> None:
    """A run is not empty if it evaluated data, has not ended, or may have been ended by somebody."""
    assert not beta.TaskRun.from_dict({**ENDED, **changes}).is_empty


@pytest.mark.parametrize("counter", ["num_successes", "num_errors", "num_skipped"])
def test_without_a_counter(counter: str) -> None:
    """A run that lacks one of its counters is not called empty."""
    run = beta.TaskRun.from_dict(ENDED)
    setattr(run, counter, None)

    assert not run.is_empty


@pytest.mark.parametrize(("status", "is_empty"), [("completed", True), ("failed", True), ("cancelled", False)])
def test_by_the_documents(status: str, is_empty: bool) -> None:
    """The documents' runs have no reason, so a cancelled one was ended by somebody."""
    assert documents.TaskRun.from_dict({**ENDED, "status": status}).is_empty is is_empty
