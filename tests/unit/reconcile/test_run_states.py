"""Tests of several runs for the same work: the active one, the finished one, or the work left to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from axtasks import TaskRun, UnknownRunStatusError
from axtasks.reconcile.run_states import RunState, is_left_to_do, may_have_been_cut_short, settle

from tests.unit.support import RUN

NO_DATA = "No data matched."
ENDS = ("failed", "cancelled", "empty")

# A run by a short name: its status, its counts, and what else matters.
RUNS: dict[str, dict[str, Any]] = {
    "pending": {"status": "pending"},
    "running": {"status": "running", "num_successes": 40},
    "worked": {"status": "completed", "num_successes": 346, "num_errors": 1, "num_skipped": 10},
    "all in error": {"status": "completed", "num_errors": 5},
    "all skipped": {"status": "completed", "num_skipped": 357},
    "nothing": {"status": "completed"},
    "at the default": {"status": "completed", "num_successes": 9700, "num_errors": 25, "num_skipped": 275},
    "beyond the default": {"status": "completed", "num_successes": 15_000},
    "skipped to the default": {"status": "completed", "num_skipped": 10_000},
    "failed": {"status": "failed", "num_successes": 10, "num_errors": 3},
    "failed at once": {"status": "failed"},
    "cancelled by somebody": {"status": "cancelled", "failure_reason": "The run was cancelled on request."},
    "cancelled half way": {"status": "cancelled", "num_successes": 10, "failure_reason": NO_DATA},
    "cancelled before it began": {"status": "cancelled", "failure_reason": NO_DATA, "run_started_at": None},
    "cancelled for a cause": {"status": "cancelled", "failure_reason": NO_DATA},
}
# The runs from the first to the last, the most spans asked for, the state, which run decides, and what is left to do.
SETTLED: list[tuple[str, int | None, RunState | None, int, bool]] = [
    ("", None, None, -1, True),
    ("pending", None, RunState.ACTIVE, 0, False),
    ("running", None, RunState.ACTIVE, 0, False),
    ("running, pending", None, RunState.ACTIVE, 0, False),
    ("worked, pending", None, RunState.ACTIVE, 1, False),
    ("worked", None, RunState.DONE, 0, False),
    ("all in error", None, RunState.DONE, 0, False),
    ("all skipped", None, RunState.DONE, 0, False),
    ("worked, all skipped", None, RunState.DONE, 1, False),
    ("worked, failed", None, RunState.DONE, 0, False),
    ("worked, cancelled for a cause", None, RunState.DONE, 0, False),
    ("failed, cancelled for a cause", None, RunState.DONE, 1, False),
    ("cancelled half way, nothing", None, RunState.DONE, 1, False),
    ("failed at once, nothing", None, RunState.EMPTY, 1, True),
    ("nothing", None, RunState.EMPTY, 0, True),
    ("failed at once", None, RunState.EMPTY, 0, True),
    ("cancelled for a cause", None, RunState.EMPTY, 0, True),
    ("failed", None, RunState.FAILED, 0, True),
    ("nothing, failed", None, RunState.FAILED, 1, True),
    ("cancelled by somebody", None, RunState.CANCELLED, 0, True),
    ("cancelled half way", None, RunState.CANCELLED, 0, True),
    ("cancelled before it began", None, RunState.CANCELLED, 0, True),
    ("at the default", None, RunState.DONE, 0, False),
    ("at the default", 10_000, RunState.DONE, 0, False),
    ("at the default", 5_000, RunState.DONE, 0, False),
    ("at the default", 10_001, RunState.CUT_SHORT, 0, True),
    ("at the default, cancelled for a cause", 20_000, RunState.CUT_SHORT, 0, True),
    ("at the default, beyond the default", 15_000, RunState.DONE, 1, False),
    ("beyond the default, at the default", 50_000, RunState.DONE, 0, False),
    ("skipped to the default", 20_000, RunState.CUT_SHORT, 0, True),
    ("worked", 20_000, RunState.DONE, 0, False),
]


def run(name: str, *, minutes: int = 0) -> TaskRun:
    created_at = datetime.fromisoformat(RUN["created_at"]) + timedelta(minutes=minutes)
    return TaskRun.from_dict(RUN | {"id": f"run {minutes}", "created_at": created_at.isoformat()} | RUNS[name])


def runs(names: str) -> list[TaskRun]:
    """Return the runs, newest first as in a list."""
    return [run(name, minutes=at) for at, name in enumerate(names.split(", ")) if name][::-1]


@pytest.mark.parametrize(
    ("names", "max_spans", "state", "decides", "is_left"),
    [pytest.param(*case, id=f"{case[0] or 'no run'} of {case[1]}") for case in SETTLED],
)
def test_several_runs_settle_to_one_state(
    names: str, max_spans: int | None, state: RunState | None, decides: int, is_left: bool
) -> None:
    settled = settle(runs(names), lambda each: may_have_been_cut_short(each, max_spans=max_spans))

    assert is_left_to_do(settled, ENDS) is is_left
    if state is None:
        assert settled is None
    else:
        assert settled is not None
        assert (settled.state, settled.run.id) == (state, f"run {decides}")


@pytest.mark.parametrize(
    ("name", "retrigger", "is_left"),
    [
        ("failed", ("cancelled", "empty"), False),
        ("failed", ("failed",), True),
        ("failed at once", ("failed",), True),
        ("failed at once", ("empty",), True),
        ("failed at once", ("cancelled",), False),
        ("cancelled by somebody", ("empty", "failed"), False),
        ("cancelled for a cause", ("cancelled", "failed"), False),
        ("nothing", ("cancelled", "failed"), False),
        ("at the default", (), True),
        ("worked", ENDS, False),
        ("pending", ENDS, False),
    ],
)
def test_only_the_chosen_ends_are_triggered_anew(name: str, retrigger: tuple[str, ...], is_left: bool) -> None:
    settled = settle([run(name)], lambda each: may_have_been_cut_short(each, max_spans=20_000))

    assert is_left_to_do(settled, retrigger) is is_left


def test_of_two_under_way_all_choose_the_same_whatever_order_they_see() -> None:
    same_time = [run("pending"), TaskRun.from_dict(RUN | {"id": "another"})]

    chosen = {settle(order, lambda _: False) for order in (same_time, same_time[::-1])}

    assert [settled.run.id for settled in chosen if settled] == ["another"]


def test_a_run_that_lacks_a_counter_is_not_called_cut_short() -> None:
    lacking = run("at the default")
    lacking.num_errors = None  # type: ignore[assignment]  # as a server may leave it out

    assert not may_have_been_cut_short(lacking, max_spans=20_000)


def test_an_unknown_status_is_no_end() -> None:
    paused = TaskRun.from_dict(RUN | {"status": "paused"})

    with pytest.raises(UnknownRunStatusError, match="paused"):
        settle([paused], lambda _: False)
