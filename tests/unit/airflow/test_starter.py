"""Tests of the starter: each run of a task instance is ensured once, with the arguments of its task's type."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from axtasks import AsyncAxClient, InvalidArgumentError, TaskRun
from axtasks.airflow.names import TaskInstanceId
from axtasks.airflow.schedule import DagRunTimes
from axtasks.airflow.starter import RunRequest, Started, StartedRun, find_work, requests_of, start_runs
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

    mock: Mock = field(default_factory=lambda: Mock(run_seconds=20, clock=Clock(NOW, frozen=True)))
    instance: TaskInstanceId = INSTANCE
    started_at: datetime = NOW
    transport: type[MockTransport] = MockTransport

    def start(self, *requests: RunRequest, is_list: bool = False) -> Started:
        times = DagRunTimes(self.started_at, self.started_at)
        return self.call(lambda ax: start_runs(ax, dict(enumerate(requests)), self.instance, times, is_list=is_list))

    def call(self, work: Callable[[AsyncAxClient], Awaitable[T]]) -> T:
        async def call() -> T:
            async with httpx.AsyncClient(transport=self.transport(self.mock)) as http:
                return await work(AsyncAxClient(api_key=API_KEY, http_client=http))

        return asyncio.run(call())

    def cancel_soon(self, started: StartedRun) -> None:
        """Cancel a run after 5 seconds."""
        self.mock.clock.advance(5)
        self.call(lambda ax: ax.tasks.cancel_run(started.run_id or ""))

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


def test_a_window_that_ends_later_by_the_servers_clock_may_be_retried() -> None:
    run = DagRun(started_at=NOW + MINUTE)

    (started,) = run.start(request()).runs

    assert "is in the future" in (started.error or "")
    assert not started.is_final
    run.mock.clock.advance(60)
    assert run.start(request()).runs[0].run_id


def test_another_try_adopts_and_sees_the_end() -> None:
    run = DagRun()
    (first,) = run.start(request()).runs

    (second,) = run.start(request()).runs
    run.mock.clock.advance(60)
    third = run.start(request())

    assert second.run_id == first.run_id
    assert list(third.ended) == [first.run_id]
    assert third.unfinished == []
    assert len(run.triggers) == 1


def test_the_first_poll_sees_a_run_that_ended_at_once() -> None:
    started = DagRun(Mock(run_seconds=0, clock=Clock(NOW, frozen=True))).start(request(), request(OVER_DATASET))

    assert started.unfinished == []
    assert {str(run.status) for run in started.ended.values()} == {"completed"}


CLEARED: list[tuple[str, bool, int]] = [("goes on", False, 1), ("had ended", True, 2)]


@pytest.mark.parametrize(("had_ended", "triggers"), [pytest.param(*case[1:], id=case[0]) for case in CLEARED])
def test_a_cleared_dag_run_starts_anew(had_ended: bool, triggers: int) -> None:
    """A cleared DAG run starts anew, however soon; runs from before the clear do not count."""
    run = DagRun()
    (first,) = run.start(request()).runs
    run.mock.clock.advance(60)

    cleared = INSTANCE._replace(clears=1)
    window = (NOW - DAY, NOW)
    start = NOW + MINUTE if had_ended else NOW
    (again,) = DagRun(run.mock, cleared, start).start(request(window=window)).runs

    assert len(run.triggers) == triggers
    assert (again.run_id == first.run_id) is (not had_ended)


ADOPTED: list[tuple[str, str, dict[str, Any], int, bool]] = [
    ("an evaluation after a clear", OVER_PROJECT, {"window": (NOW - DAY, NOW)}, 1, True),
    ("an evaluation after a retry", OVER_PROJECT, {"window": (NOW - DAY, NOW)}, 0, False),
    ("an experiment, whose name a kill uses up", EXPERIMENT, {"experiment_name": "mine"}, 1, False),
]


@pytest.mark.parametrize(
    ("task", "arguments", "clears", "is_noted"), [pytest.param(*case[1:], id=case[0]) for case in ADOPTED]
)
def test_the_time_of_an_adoption_is_kept_where_a_kill_may_be_on_its_way(
    task: str, arguments: dict[str, Any], clears: int, is_noted: bool
) -> None:
    run = DagRun()
    (first,) = run.start(request(task, **arguments)).runs
    run.mock.clock.advance(5)

    (again,) = DagRun(run.mock, INSTANCE._replace(clears=clears)).start(request(task, **arguments)).runs

    assert again.run_id == first.run_id
    assert (again.adopted_at is not None) is is_noted


def at_the_first_look(fault: str) -> Started:
    """Start a run with a fault on the list request that is sent last."""
    usual = DagRun()
    usual.start(request())
    harmless = usual.mock.journal.count("list_task_runs") - 1
    faults = f"after={harmless}, operation=list_task_runs, fault={fault}"
    run = DagRun(Mock(run_seconds=20, clock=Clock(NOW, frozen=True), faults=faults))

    started = run.start(request())

    assert (len(run.triggers), [each.error for each in started.runs]) == (1, [None])
    return started


def test_a_first_poll_that_fails_leaves_the_run_to_the_wait(caplog: pytest.LogCaptureFixture) -> None:
    started = at_the_first_look("status:400")

    assert started.unfinished == started.runs
    assert "could not be listed, and are waited for" in caplog.text


class WithoutTaskId(MockTransport):
    """A mock whose responses lack the task id of a run."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        body = re.sub(rb',"task_id":"[^"]*"', b"", await response.aread())
        return httpx.Response(response.status_code, content=body, headers={"date": response.headers["date"]})


def test_a_run_that_does_not_tell_its_task_is_waited_for() -> None:
    run = DagRun(transport=WithoutTaskId)

    started = run.start(request())

    assert [each.task_id for each in started.unfinished] == [known.CHAT_QUALITY]
    assert len(run.triggers) == 1


def test_a_run_in_a_status_of_later_versions_has_an_error_of_its_own() -> None:
    started = at_the_first_look("unknown-enum")

    assert started.unfinished == []
    assert "upgrade ax-tasks" in started.errors[started.runs[0].run_id or ""]


EARLIER: list[tuple[str, dict[str, Any], int]] = [("without since", {}, 2), ("since then", {"since": NOW}, 1)]


@pytest.mark.parametrize(("since", "triggers"), [pytest.param(*case[1:], id=case[0]) for case in EARLIER])
def test_a_run_from_before_the_dag_run(since: dict[str, Any], triggers: int) -> None:
    window = (NOW - DAY, NOW)
    run = DagRun()
    run.start(request(window=window))
    run.mock.clock.advance(3600)

    (again,) = DagRun(run.mock, started_at=NOW + 60 * MINUTE).start(request(window=window, **since)).runs

    assert len(run.triggers) == triggers
    assert again.run_id


NEIGHBOURS: list[tuple[str, int, int]] = [("within 5 minutes", 4, 1), ("later", 6, 2)]


@pytest.mark.parametrize(("minutes", "triggers"), [pytest.param(*case[1:], id=case[0]) for case in NEIGHBOURS])
def test_runs_over_a_dataset_count_from_the_start_of_their_dag_run(minutes: int, triggers: int) -> None:
    run = DagRun()
    run.start(request(OVER_DATASET))
    run.mock.clock.advance(60 * minutes)

    other = INSTANCE._replace(run_id="manual__2")
    DagRun(run.mock, other, NOW + minutes * MINUTE).start(request(OVER_DATASET))

    assert len(run.triggers) == triggers


def test_over_a_dataset_no_third_run_is_triggered_for_a_dag_run() -> None:
    run = DagRun()
    for _ in range(2):
        (started,) = run.start(request(OVER_DATASET)).runs
        run.cancel_soon(started)

    (third,) = run.start(request(OVER_DATASET)).runs

    assert "2 runs of the task were created since then" in (third.error or "")
    assert len(run.triggers) == 2


def test_a_failed_start_does_not_stop_the_others() -> None:
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
    run.cancel_soon(started)

    (again,) = run.start(request(EXPERIMENT)).runs

    assert "is used up" in (again.error or "")
    assert "Clear the task" in (again.error or "")
    assert again.is_final


def empty_run(run: DagRun, **arguments: Any) -> TaskRun:
    """Return a run with no data left to evaluate, since an earlier run covered it."""
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
    run = DagRun(Mock(run_seconds=0, clock=Clock(NOW, frozen=True)))
    empty = empty_run(run)
    elsewhere = TaskRun.from_dict({**empty.to_dict(), "id": "elsewhere", "data_start_time": "2026-03-01T00:00:00.000Z"})
    over_dataset = TaskRun.from_dict(
        {**empty.to_dict(), "id": "dataset", "data_start_time": None, "data_end_time": None}
    )

    assert run.call(lambda ax: find_work(ax, [empty, elsewhere, over_dataset])) == {"other"}


def test_runs_of_a_task_by_its_name_and_by_its_id_are_ensured_one_after_another() -> None:
    run = DagRun()
    under_way: list[int] = [0]

    async def start(ax: AsyncAxClient) -> Started:
        ensure_run = ax.tasks.ensure_run

        async def noted(*args: Any, **kwargs: Any) -> Any:
            under_way.append(under_way[-1] + 1)
            await asyncio.sleep(0)
            ensured = await ensure_run(*args, **kwargs)
            under_way.append(under_way[-1] - 1)
            return ensured

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ax.tasks, "ensure_run", noted)
            requests = {0: request(), 1: request(known.CHAT_QUALITY, window=2 * DAY)}
            return await start_runs(ax, requests, INSTANCE, DagRunTimes(NOW, NOW), is_list=True)

    run.call(start)

    assert under_way == [0, 1, 0, 1, 0]


def test_runs_with_all_that_is_known_of_them_are_stored_as_json() -> None:
    run = DagRun(Mock(run_seconds=0, clock=Clock(NOW, frozen=True)))
    started = run.start(request(), request("No such task"), is_list=True)
    known_of = started.and_ended({}, {"other": "it cannot be read"})

    assert Started.from_dict(json.loads(json.dumps(known_of.to_dict()))) == known_of


def test_a_restarted_run_replaces_the_first() -> None:
    before = Started([StartedRun("a", "1"), StartedRun("b", error="it is not there")], {}, {"0": "lost"})
    later = Started([StartedRun("a", "2")], {}, {"2": "lost too"})

    assert before.replace({0: later.runs[0]}, later) == Started(
        [StartedRun("a", "2"), StartedRun("b", error="it is not there")], {}, {"0": "lost", "2": "lost too"}
    )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("Chat Quality Monitor", "tasks has to be a list, not str .*render_template_as_native_obj"),
        ({"task": "x"}, "tasks has to be a list, not dict"),
        (None, "tasks has to be a list, not None"),
    ],
)
def test_invalid_task_lists_are_refused(entries: object, said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        requests_of(entries, {})


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"task": "x", "windows": DAY}, "has 'windows'; it may have task, space, window"),
        ({"space": "demo"}, "has no 'task'"),
        (None, "has to be text or a dict of arguments, not None"),
        (5, "has to be text or a dict of arguments, not int"),
        ({"task": ["x"]}, "task has to be text, not list"),
        ({"task": "x", "space": 5}, "space has to be text, not int"),
    ],
)
def test_invalid_entries_are_refused(entry: object, said: str) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        RunRequest.of(entry, {})


def test_an_entry_overrides_the_defaults() -> None:
    defaults = {"space": "demo", "window": DAY}

    assert RunRequest.of("x", defaults) == RunRequest(task="x", space="demo", window=DAY)
    assert RunRequest.of({"task": "x", "window": 2 * DAY}, defaults).window == 2 * DAY
