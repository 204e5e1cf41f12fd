"""Tests of the backfill planner: windows settled by earlier runs, and triggers for the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axtasks import TaskRun
from axtasks.backfill.history import RunHistory
from axtasks.backfill.planner import Action, Planner
from axtasks.backfill.windows import Grid

from tests.unit.support import RUN

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
LENGTH = 16 * DAY
GRID = Grid(START, START + 2 * LENGTH, LENGTH)
REASON = "No data matched."
# Runs by a short name.
RUNS: dict[str, dict[str, Any]] = {
    "running": {"status": "running"},
    "done": {"status": "completed", "num_successes": 1600},
    "dense": {"status": "completed", "num_successes": 6400},
    "nothing": {"status": "completed"},
    "empty": {"status": "cancelled", "failure_reason": REASON},
    "failed": {"status": "failed", "num_errors": 4},
    "stopped": {"status": "cancelled", "failure_reason": "The run was cancelled on request."},
    "full": {"status": "completed", "num_successes": 9_990, "num_skipped": 10},
    "beyond": {"status": "completed", "num_successes": 30_000},
}
# Runs, each as the place in days and the length in days and its name; arguments; and what is told or done in turn.
PLANS: list[tuple[str, str, dict[str, Any], str]] = [
    ("nothing is known", "", {}, "trigger 0+1"),
    ("nothing is known, the newest first", "", {"newest_first": True}, "trigger 31+1"),
    ("all is done", "0+16 done, 16+16 done", {}, "done 0+16, done 16+16"),
    ("one runs", "0+16 running, 16+16 done", {}, "adopt 0+16, done 16+16"),
    ("one is missing", "0+16 done", {}, "done 0+16, trigger 16+16"),
    ("one is missing that has too many", "0+8 dense", {}, "done 0+8, trigger 8+8, trigger 16+8, trigger 24+8"),
    (
        "the parts of a killed backfill",
        "0+1 dense, 2+2 done, 4+4 done, 8+8 done, 16+16 done",
        {},
        "done 0+1, trigger 1+1, done 2+2, done 4+4, done 8+8, done 16+16",
    ),
    ("failed ones are told", "0+16 failed, 16+16 stopped", {}, "failed 0+16, cancelled 16+16"),
    ("empty ones are settled", "0+16 empty, 16+16 nothing", {}, "empty 0+16, empty 16+16"),
    (
        "failed ones are tried again",
        "0+16 failed, 16+16 stopped",
        {"retry_failed": True},
        "trigger 0+1",
    ),
    (
        "failed ones are tried again as far as they are known",
        "0+16 failed, 16+16 done",
        {"retry_failed": True},
        "trigger 0+16, done 16+16",
    ),
    ("an empty one after one that did work is done", "0+16 done, 0+16 empty, 16+16 done", {}, "done 0+16, done 16+16"),
    ("one was cut short", "0+16 full, 16+16 done", {}, "split 0+16, trigger 0+8, trigger 8+8, done 16+16"),
    ("one was cut short and is left so", "0+16 full, 16+16 done", {"split": False}, "cut_short 0+16, done 16+16"),
    (
        "one was cut short and split",
        "0+16 full, 0+8 done, 8+8 done, 16+16 done",
        {},
        "split 0+16, done 0+8, done 8+8, done 16+16",
    ),
    (
        "a limit of its own",
        "0+16 done, 16+16 done",
        {"max_spans": 1600, "split": False},
        "cut_short 0+16, cut_short 16+16",
    ),
    (
        "exactly the usual limit",
        "0+16 full, 16+16 done",
        {"max_spans": 50_000, "split": False},
        "cut_short 0+16, done 16+16",
    ),
    ("a larger limit", "0+16 beyond, 16+16 done", {"max_spans": 50_000}, "done 0+16, done 16+16"),
    ("a limit beyond all floats", "0+8 dense", {"max_spans": 10**400}, "done 0+8, trigger 8+8, trigger 16+16"),
    ("runs off the grid do not count", "0+7 done, 3+16 done, 40+16 done", {}, "trigger 0+1"),
    (
        "an empty half of one that was cut short may have been all labels",
        "0+16 full, 0+8 empty, 8+4 dense, 16+16 running",
        {},
        "split 0+16, split 0+8, trigger 0+4, trigger 4+4, done 8+4, trigger 12+4, adopt 16+16",
    ),
    ("of one that was cut short the last part tells how many there are", "0+16 full", {}, "split 0+16, trigger 15+1"),
]


def run(text: str, number: int) -> TaskRun:
    """Return a run parsed from a text such as `16+8 done`."""
    place, name = text.split()
    start, length = (float(each) * DAY for each in place.split("+"))
    at = {
        "id": f"run {number}",
        "data_start_time": (START + start).isoformat(),
        "data_end_time": (START + start + length).isoformat(),
        "created_at": (START + 100 * DAY + number * HOUR).isoformat(),
    }
    return TaskRun.from_dict(RUN | at | RUNS[name])


def planner(runs: str, **arguments: Any) -> Planner:
    options = {"max_spans": 10_000, "split": True, "newest_first": False, "retry_failed": False} | arguments
    history = RunHistory(GRID, max_spans=options["max_spans"])
    for number, text in enumerate(runs.split(", ") if runs else ()):
        history.add(run(text, number))
    return Planner(GRID, history, **options)


def place(window: Any) -> str:
    return f"{(window.start - START) / DAY:g}+{window.length / DAY:g}"


def told(planner: Planner) -> str:
    """Return the planner's steps up to the first wait."""
    steps = []
    is_idle = True
    while (step := planner.next_step(is_idle=is_idle)) is not None and step.action is not Action.WAIT:
        assert step.part is not None
        steps.append(f"{step.state if step.action is Action.TELL else step.action} {place(step.part.window)}")
        is_idle &= step.action is Action.TELL
    return ", ".join(steps)


@pytest.mark.parametrize(("runs", "arguments", "steps"), [pytest.param(*case[1:], id=case[0]) for case in PLANS])
def test_the_next_step_follows_from_the_earlier_runs(runs: str, arguments: dict[str, Any], steps: str) -> None:
    assert told(planner(runs, **arguments)) == steps


def test_a_part_that_was_tried_is_not_tried_again() -> None:
    plan = planner("0+16 failed, 16+16 done", retry_failed=True)
    step = plan.next_step(is_idle=True)
    assert step is not None
    assert step.part is not None

    plan.note_tried(step.part)
    plan.put_back(step.part)

    assert told(plan) == "failed 0+16, done 16+16"


def test_a_plan_tells_all_windows_and_what_to_expect() -> None:
    windows = list(planner("0+8 dense, 8+8 running").plan())

    assert [(place(each.window), str(each.state), each.spans_expected) for each in windows] == [
        ("0+8", "done", None),
        ("8+8", "running", None),
        ("16+8", "missing", 6400),
        ("24+8", "missing", 6400),
    ]


def test_a_run_that_ends_takes_the_place_of_what_was_known() -> None:
    history = RunHistory(GRID, max_spans=10_000)
    window = GRID.window(0)
    history.add(run("0+16 running", 1))

    history.add(run("0+16 done", 1))
    history.add(run("0+16 done", 1))

    assert history.ids(window) == {"run 1"}
    assert history.density.expect(window) == 1600
