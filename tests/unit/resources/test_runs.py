"""Tests of runs: listed by their task, and read and cancelled by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axtasks import BadRequestError, InvalidArgumentError, NotFoundError, TaskRun, TaskRunStatus, WrongKindError
from axtasks.mock import default_world as known

from tests.unit.support import CHAT_QUALITY, CHAT_QUALITY_RUN, RUN, ClientKind, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

UNKNOWN_RUN = "VGFza1J1bjoxMjM0NQ=="
BAD_LISTS: list[tuple[str, dict[str, Any], str]] = [
    ("status-unknown", {"status": "paused"}, "status has to be one of pending, running, completed, failed, cancelled"),
    ("status-empty", {"status": ""}, "status has to be one of"),
    ("limit-0", {"limit": 0}, "limit has to be a whole number from 1 to 100"),
    ("limit-101", {"limit": 101}, "limit has to be a whole number from 1 to 100"),
]
# Each way to name a run that is none.
BAD_RUNS: list[tuple[str, Any, type[Exception], str]] = [
    ("id-of-a-task", CHAT_QUALITY, WrongKindError, "is the id of a task, not of a run"),
    ("empty", "", InvalidArgumentError, "run_id must not be empty"),
    ("none", None, InvalidArgumentError, "run_id has to be text, not None"),
    (
        "model",
        TaskRun.from_dict(RUN),
        InvalidArgumentError,
        r"^run_id has to be text, not TaskRun .*; give its id, which",
    ),
    ("this-folder", ".", InvalidArgumentError, "is not the id of a run"),
    ("folder-above", "..", InvalidArgumentError, "is not the id of a run"),
]


def test_a_run_is_read_by_its_id(stage: Stage, client_kind: ClientKind) -> None:
    run = client_kind.ask(stage.recorder, lambda ax: ax.tasks.get_run(run_id=CHAT_QUALITY_RUN))

    assert run.status is TaskRunStatus.COMPLETED
    assert (run.num_successes, run.num_errors, run.num_skipped) == (4850, 12, 138)
    assert stage.calls == [f"GET /v2/task-runs/{CHAT_QUALITY_RUN}"]


@pytest.mark.both_contracts
def test_the_runs_of_a_task_are_listed_newest_first(stage: Stage, client_kind: ClientKind) -> None:
    page = client_kind.ask(stage.recorder, lambda ax: ax.tasks.list_runs("Chat Quality Monitor", space="demo-eu"))

    assert [run.status for run in page.task_runs] == [TaskRunStatus.FAILED, TaskRunStatus.CANCELLED]
    assert stage.sent[-1].query == {"limit": "50"}


@pytest.mark.both_contracts
@pytest.mark.parametrize("status", ["failed", "FAILED", TaskRunStatus.FAILED], ids=["text", "capitals", "member"])
def test_the_runs_of_a_task_are_narrowed_by_status(status: str, stage: Stage, client_kind: ClientKind) -> None:
    page = client_kind.ask(stage.recorder, lambda ax: ax.tasks.list_runs(known.CHAT_QUALITY_EU, status=status, limit=7))

    assert [run.status for run in page.items] == [TaskRunStatus.FAILED]
    assert stage.calls == [f"GET /v2/tasks/{known.CHAT_QUALITY_EU}/runs"]
    assert stage.sent[0].query == {"status": "failed", "limit": "7"}


def test_a_list_of_runs_goes_on_from_a_cursor(stage: Stage, client_kind: ClientKind) -> None:
    first = client_kind.ask(stage.recorder, lambda ax: ax.tasks.list_runs(known.CHAT_QUALITY_EU, limit=1))
    cursor = first.pagination.next_cursor

    second = client_kind.ask(
        stage.recorder, lambda ax: ax.tasks.list_runs(known.CHAT_QUALITY_EU, limit=1, cursor=cursor)
    )

    assert stage.sent[-1].query == {"limit": "1", "cursor": cursor}
    assert second.items[0].id != first.items[0].id


@pytest.mark.parametrize(("arguments", "message"), [c[1:] for c in BAD_LISTS], ids=[c[0] for c in BAD_LISTS])
def test_a_list_of_runs_that_cannot_be_asked_for_is_refused_without_a_request(
    arguments: dict[str, Any], message: str, stage: Stage, client_kind: ClientKind
) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        client_kind.ask(
            stage.recorder, lambda ax: ax.tasks.list_runs("Chat Quality Monitor", **arguments), space="demo"
        )
    assert stage.sent == []


@pytest.mark.parametrize("case", BAD_RUNS, ids=[case[0] for case in BAD_RUNS])
def test_invalid_run_ids_are_refused_without_a_request(
    case: tuple[str, Any, type[Exception], str], stage: Stage, client_kind: ClientKind
) -> None:
    _, run_id, kind, message = case
    calls: list[Callable[[Any], Any]] = [
        lambda ax: ax.tasks.get_run(run_id),
        lambda ax: ax.tasks.cancel_run(run_id),
        lambda ax: ax.tasks.wait_for_run(run_id),
    ]
    for call in calls:
        with pytest.raises(kind, match=message):
            client_kind.ask(stage.recorder, call)
        assert stage.sent == []


@pytest.mark.parametrize("method", ["get_run", "cancel_run", "wait_for_run"])
def test_an_id_that_no_run_bears_is_not_found(method: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(NotFoundError):
        client_kind.ask(stage.recorder, lambda ax: getattr(ax.tasks, method)(UNKNOWN_RUN))


@pytest.mark.parametrize("method", ["get_run", "cancel_run", "wait_for_run"])
def test_the_form_of_an_id_is_judged_by_the_server(method: str, stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises((BadRequestError, InvalidArgumentError), match="run_abc123"):
        client_kind.ask(stage.recorder, lambda ax: getattr(ax.tasks, method)("run_abc123"))


@pytest.mark.both_contracts
def test_a_run_that_has_not_ended_can_be_cancelled(stage: Stage, client_kind: ClientKind) -> None:
    run = client_kind.ask(stage.recorder, lambda ax: ax.tasks.trigger_run(CHAT_QUALITY))

    cancelled = client_kind.ask(stage.recorder, lambda ax: ax.tasks.cancel_run(run.id))

    assert cancelled.status is TaskRunStatus.CANCELLED
    assert cancelled.id == run.id
    assert stage.calls[-1] == f"POST /v2/task-runs/{run.id}/cancel"


def test_a_run_that_has_ended_cannot_be_cancelled(stage: Stage, client_kind: ClientKind) -> None:
    with pytest.raises(BadRequestError) as caught:
        client_kind.ask(stage.recorder, lambda ax: ax.tasks.cancel_run(CHAT_QUALITY_RUN))

    assert caught.value.operation_id == "cancel_task_run"
