"""Tests of the outcome of an Airflow task, by the outcome of its run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axtasks import AxError, InvalidArgumentError, MissingFieldError, TaskRun
from axtasks.airflow.task_outcome import (
    OutcomeKind,
    OutcomePolicy,
    Row,
    TaskOutcome,
    combine,
    outcome_of,
    unfinished_reason,
    was_killed_before,
)

from tests.unit.support import RUN

ENDED = {"run_finished_at": "2026-03-01T14:40:00.000Z"}
BY_SERVER = {"status": "cancelled", "failure_reason": "no spans matched", **ENDED}
BY_REQUEST = {"status": "cancelled", "num_successes": 5, **ENDED}
FAILED = {"status": "failed", "failure_reason": "the credentials were refused", **ENDED}
COMPLETED = {"status": "completed", "num_successes": 90, "num_errors": 10, **ENDED}
ALL_LABELLED = {"status": "completed", "num_skipped": 120, **ENDED}
NOTHING = {"status": "completed", **ENDED}
WORKED = {"work_was_done": True}

S, K, F, G = OutcomeKind.SUCCEED, OutcomeKind.SKIP, OutcomeKind.FAIL, OutcomeKind.FAIL_FOR_GOOD
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any], OutcomeKind, str]] = [
    ("completed", COMPLETED, {}, {}, S, "ended completed"),
    ("all has labels", ALL_LABELLED, {}, {}, S, "ended completed"),
    ("failed", FAILED, {}, {}, F, "the credentials were refused"),
    ("failed, whatever is chosen for empty ones", FAILED, {"on_empty": "succeed"}, WORKED, F, "ended failed"),
    ("cancelled by somebody", BY_REQUEST, {}, {}, F, "ended cancelled"),
    ("cancelled by somebody, to be skipped", BY_REQUEST, {"on_cancelled": "skip"}, {}, K, "ended cancelled"),
    ("cancelled by somebody, to succeed", BY_REQUEST, {"on_cancelled": "succeed"}, {}, S, "ended cancelled"),
    ("empty", BY_SERVER, {}, {}, K, "no spans matched.*evaluated nothing: nothing matched its window"),
    ("empty after work", BY_SERVER, {}, WORKED, S, "an earlier run of the window did the work"),
    ("empty after work, to fail otherwise", BY_SERVER, {"on_empty": "fail"}, WORKED, S, "did the work"),
    ("empty, to fail", BY_SERVER, {"on_empty": "fail"}, {}, F, "all data has labels already"),
    ("empty, to succeed", BY_SERVER, {"on_empty": "succeed"}, {}, S, "evaluated nothing"),
    ("completed with nothing", NOTHING, {}, {}, K, "evaluated nothing"),
    ("errors below the share", COMPLETED, {"fail_on_errors": 0.1}, {}, S, "ended completed"),
    ("errors above the share", COMPLETED, {"fail_on_errors": 0.09}, {}, G, "10 of 100 items are errors.*9.00%"),
    ("any error", COMPLETED, {"fail_on_errors": 0}, {}, G, "10 of 100"),
    ("under way", {"status": "running"}, {}, {}, F, "has not ended: it is running"),
    ("no items and no errors allowed", ALL_LABELLED, {"fail_on_errors": 0}, {}, S, "ended completed"),
]


def run_of(changes: dict[str, Any]) -> TaskRun:
    return TaskRun.from_dict({**RUN, **changes})


@pytest.mark.parametrize(
    ("run", "choices", "more", "kind", "reason"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_the_outcome_for_a_run(
    run: dict[str, Any], choices: dict[str, Any], more: dict[str, Any], kind: OutcomeKind, reason: str
) -> None:
    outcome = outcome_of(run_of(run), OutcomePolicy(**choices).check(), **more)

    assert outcome.kind is kind
    assert re.search(reason, outcome.reason)


def test_a_completed_run_without_counters_is_a_success_unless_they_are_needed() -> None:
    run = TaskRun.from_dict({"id": "run", "status": "completed"})

    assert outcome_of(run, OutcomePolicy()).kind is S
    with pytest.raises(MissingFieldError, match="num_successes"):
        outcome_of(run, OutcomePolicy(fail_on_errors=0.2))


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"on_empty": "ignore"}, "on_empty has to be one of skip, fail, succeed, not 'ignore'"),
        ({"on_cancelled": None}, "on_cancelled has to be one of"),
        ({"fail_on_errors": 5}, "fail_on_errors has to be"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(choices: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        OutcomePolicy(**choices).check()


LEFT: list[tuple[str, dict[str, Any] | AxError, str | None]] = [
    ("cancelled", BY_REQUEST, "was cancelled"),
    ("ended just before", COMPLETED, None),
    ("failed just before", FAILED, None),
    ("still under way", {"status": "running"}, "was not cancelled: it goes on, running"),
    ("in a status of later versions", {"status": "paused"}, "may go on: .*upgrade ax-tasks"),
    ("an error", AxError("the connection broke"), "was not cancelled: the connection broke"),
]


@pytest.mark.parametrize(("result", "reason"), [pytest.param(*case[1:], id=case[0]) for case in LEFT])
def test_the_error_tells_if_a_late_run_was_cancelled(result: dict[str, Any] | AxError, reason: str | None) -> None:
    said = unfinished_reason(result if isinstance(result, AxError) else run_of(result))

    assert said == reason or re.fullmatch(reason or "", said or "")


def rows(*kinds: OutcomeKind) -> list[Row]:
    return [Row(f"task {at}", f"run {at}", TaskOutcome(kind, f"reason {at}")) for at, kind in enumerate(kinds)]


COMBINED: list[tuple[str, list[OutcomeKind], OutcomeKind]] = [
    ("all well", [S, S], S),
    ("some skipped", [S, K], S),
    ("all skipped", [K, K], K),
    ("one failed", [S, F, K], F),
    ("one for good", [S, G], G),
    ("one for good and one that may pass", [G, F], F),
    ("one run", [G], G),
    ("no run", [], S),
]


@pytest.mark.parametrize(("kinds", "kind"), [pytest.param(*case[1:], id=case[0]) for case in COMBINED])
def test_the_outcome_for_many(kinds: list[OutcomeKind], kind: OutcomeKind) -> None:
    assert combine(rows(*kinds)).kind is kind


def test_a_failure_of_many_has_a_table_of_those_that_failed() -> None:
    assert combine(rows(S, F, K, G)).reason.splitlines() == [
        "2 of 4 runs failed:",
        "task | run | reason",
        "task 1 | run 1 | reason 1",
        "task 3 | run 3 | reason 3",
    ]


FINISHED_AT = 1772376000.0
KILLED: list[tuple[str, dict[str, Any], float | None, bool]] = [
    ("cancelled just after it was adopted", BY_REQUEST, FINISHED_AT - 10, True),
    ("cancelled by somebody a minute after", BY_REQUEST, FINISHED_AT - 60, False),
    ("triggered by this try", BY_REQUEST, None, False),
    ("empty", BY_SERVER, FINISHED_AT, False),
    ("completed", COMPLETED, FINISHED_AT, False),
]


@pytest.mark.parametrize(("run", "adopted_at", "killed"), [pytest.param(*case[1:], id=case[0]) for case in KILLED])
def test_a_run_that_was_adopted_while_it_was_killed(
    run: dict[str, Any], adopted_at: float | None, killed: bool
) -> None:
    assert was_killed_before(run_of(run), adopted_at) is killed
