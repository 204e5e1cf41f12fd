"""The runs of a task instance: each is ensured once, by arguments that fit the type of its task."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from axtasks import AsyncAxClient, InvalidArgumentError, TaskRun
from axtasks.airflow.names import TaskInstanceId
from axtasks.airflow.schedule import DagRunTimes
from axtasks.airflow.starter import RunRequest, Started, find_work, start_runs
from axtasks.mock import Clock, Mock, MockTransport
from axtasks.mock import default_world as known

from tests.unit.support import API_KEY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
INSTANCE = TaskInstanceId("nightly", "evaluate", "manual__1")
OVER_PROJECT, OVER_DATASET, EXPERIMENT = "Chat Quality Monitor", "Golden Set Review", "Nightly Summaries"


@dataclass
class DagRun:
    """A DAG run whose task instance starts runs on a mock."""

    mock: Mock = field(default_factory=lambda: Mock(run_seconds=20, clock=Clock(NOW)))
    instance: TaskInstanceId = INSTANCE
    started_at: datetime = NOW

    def start(self, *requests: RunRequest, is_list: bool = False) -> Started:
        times = DagRunTimes(self.started_at, self.started_at)
        return self.call(lambda ax: start_runs(ax, requests, self.instance, times, is_list=is_list))

    def call(self, work: Callable[[AsyncAxClient], Awaitable[T]]) -> T:
        async def call() -> T:
            async with httpx.AsyncClient(transport=MockTransport(self.mock)) as http:
                return await work(AsyncAxClient(api_key=API_KEY, http_client=http))

        return asyncio.run(call())

    @property
    def triggers(self) -> list[dict[str, Any]]:
        return [json.loads(each.request_body) for each in self.mock.journal.exchanges("trigger_task_run")]


def request(task: str = OVER_PROJECT, **arguments: Any) -> RunRequest:
    window = DAY if task == OVER_PROJECT else None
    return RunRequest(**{"task": task, "space": "demo", "window": window, **arguments})


def test_a_project_is_evaluated_in_the_window() -> None:
    run = DagRun()

    (started,) = run.start(request(max_spans=5)).runs

    assert run.triggers == [
        {"data_start_time": "2026-03-09T15:00:00.000Z", "data_end_time": "2026-03-10T15:00:00.000Z", "max_spans": 5}
    ]
    assert (started.task_id, started.error) == (known.CHAT_QUALITY, None)


def test_a_dataset_is_evaluated_without_a_window() -> None:
    run = DagRun()

    run.start(request(OVER_DATASET))

    assert run.triggers == [{}]


def test_an_experiment_has_the_name_of_the_task_instance() -> None:
    run = DagRun()

    run.start(request(EXPERIMENT), request(EXPERIMENT, experiment_name="mine"), is_list=True)

    assert [body["experiment_name"] for body in run.triggers] == ["nightly-evaluate-manual__1(0)", "mine"]


def test_without_a_window_nothing_is_triggered() -> None:
    run = DagRun()

    (started,) = run.start(request(window=None)).runs

    assert "CronDataIntervalTimetable" in (started.error or "")
    assert started.is_final
    assert run.triggers == []


def test_another_try_adopts_and_sees_the_end() -> None:
    run = DagRun()
    (first,) = run.start(request()).runs

    (second,) = run.start(request()).runs
    run.mock.clock.advance(60)
    third = run.start(request())

    assert (first.adopted_at, second.run_id) == (None, first.run_id)
    assert second.adopted_at is not None
    assert list(third.ended) == [first.run_id]
    assert third.unfinished == []
    assert len(run.triggers) == 1


def test_the_first_look_sees_a_run_that_ended_at_once() -> None:
    started = DagRun(Mock(run_seconds=0, clock=Clock(NOW))).start(request(), request(OVER_DATASET))

    assert started.unfinished == []
    assert {str(run.status) for run in started.ended.values()} == {"completed"}


CLEARED: list[tuple[str, bool, int]] = [("goes on", False, 1), ("had ended", True, 2)]


@pytest.mark.parametrize(("had_ended", "triggers"), [pytest.param(*case[1:], id=case[0]) for case in CLEARED])
def test_a_clear_in_a_dag_run_that(had_ended: bool, triggers: int) -> None:
    """A finished DAG run starts anew when it is cleared, however soon; runs from before do not count then."""
    run = DagRun()
    (first,) = run.start(request()).runs
    run.mock.clock.advance(60)

    cleared = INSTANCE._replace(clears=1)
    window = (NOW - DAY, NOW)
    start = NOW + MINUTE if had_ended else NOW
    (again,) = DagRun(run.mock, cleared, start).start(request(window=window)).runs

    assert len(run.triggers) == triggers
    assert (again.run_id == first.run_id) is (not had_ended)


def test_one_that_fails_does_not_keep_others_from_being_started() -> None:
    run = DagRun()

    started = run.start(request("No such task"), request(), request(experiment_name="x"), is_list=True)

    assert [each.run_id is not None for each in started.runs] == [False, True, False]
    assert [each.is_final for each in started.runs] == [False, False, True]
    assert "No such task" in (started.runs[0].error or "")
    assert len(run.triggers) == 1


def test_a_task_is_read_once_for_all_its_runs() -> None:
    run = DagRun()

    run.start(*(request(window=(NOW - (day + 1) * DAY, NOW - day * DAY)) for day in range(5)))

    assert len(run.triggers) == 5
    assert run.mock.journal.count("list_tasks") == 1
    assert run.mock.journal.count("get_task") <= 1


def test_the_name_of_an_experiment_that_is_used_up_is_told_with_what_to_do() -> None:
    run = DagRun()
    (started,) = run.start(request(EXPERIMENT)).runs
    assert started.run_id
    run.mock.clock.advance(5)
    run.call(lambda ax: ax.tasks.cancel_run(started.run_id or ""))

    (again,) = run.start(request(EXPERIMENT)).runs

    assert "is used up" in (again.error or "")
    assert "Clear the task" in (again.error or "")
    assert again.is_final


def empty_run(run: DagRun, **arguments: Any) -> TaskRun:
    """A run that finds nothing to evaluate, since the one before it did all."""
    started = run.start(request(**arguments), request(**{**arguments, "task": known.CHAT_QUALITY}))
    return TaskRun.from_dict(
        {
            **next(iter(started.ended.values())).to_dict(),
            "id": "other",
            "num_successes": 0,
            "num_errors": 0,
            "num_skipped": 0,
        }
    )


def test_work_of_an_earlier_run_is_found_by_the_window() -> None:
    run = DagRun(Mock(run_seconds=0, clock=Clock(NOW)))
    empty = empty_run(run)
    elsewhere = TaskRun.from_dict({**empty.to_dict(), "id": "elsewhere", "data_start_time": "2026-03-01T00:00:00.000Z"})
    over_dataset = TaskRun.from_dict(
        {**empty.to_dict(), "id": "dataset", "data_start_time": None, "data_end_time": None}
    )

    assert run.call(lambda ax: find_work(ax, [empty, elsewhere, over_dataset])) == {"other"}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"task": "x", "windows": DAY}, "has 'windows'; it may have task, space, window"),
        ({"space": "demo"}, "has no 'task'"),
    ],
)
def test_an_entry_that_is_none_is_refused(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        RunRequest.of(entry, {})


def test_an_entry_goes_before_what_all_have() -> None:
    defaults = {"space": "demo", "window": DAY}

    assert RunRequest.of("x", defaults) == RunRequest(task="x", space="demo", window=DAY)
    assert RunRequest.of({"task": "x", "window": 2 * DAY}, defaults).window == 2 * DAY
