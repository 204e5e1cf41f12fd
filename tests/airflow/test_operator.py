"""Tests of the operator: its tries, its deferral, and its outcome."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from axtasks import AxClient, InvalidArgumentError
from axtasks.airflow import operators
from axtasks.airflow.operators import AxRunTaskOperator, AxRunTasksOperator
from axtasks.airflow.starter import start_runs
from axtasks.mock import default_world as known

from tests.airflow.conftest import KEY
from tests.airflow.tasks import Supervisor, TaskOfDag, TaskRunResult, event_of, in_dag

if TYPE_CHECKING:
    from axtasks.mock import MockServer

TASK, OVER_DATASET, EXPERIMENT = "Chat Quality Monitor", "Golden Set Review", "Nightly Summaries"
DAY = timedelta(days=1)


def task_of(supervisor: Supervisor, *, dag_run: dict[str, Any] | None = None, **arguments: Any) -> TaskOfDag:
    """Return a task that evaluates a project."""
    given = {"task": TASK, "space": "demo", "window": DAY, "deferrable": True, **arguments}
    operator = in_dag(lambda: AxRunTaskOperator(task_id="evaluate", **given))
    return TaskOfDag(operator, supervisor, dag_run=dag_run or {})


def run_ids(deferred: TaskRunResult) -> list[str]:
    """Return the ids of the runs that a deferred task waits for."""
    assert deferred.state == "deferred", deferred.error
    return [run_id for ids in deferred.stored["runs"].values() for run_id in ids]


def finish(task: TaskOfDag, server: MockServer, deferred: TaskRunResult) -> TaskRunResult:
    """Go on with a deferred task after its runs have ended."""
    server.mock.clock.advance(60)
    return task.run(deferred, event_of(deferred.trigger))


def cancel(server: MockServer, run_id: str) -> None:
    with AxClient(api_key="any", base_url=server.url) as ax:
        ax.tasks.cancel_run(run_id)


def triggers(server: MockServer) -> list[dict[str, Any]]:
    return [json.loads(each.request_body) for each in server.mock.journal.exchanges("trigger_task_run")]


def test_a_run_is_triggered_waited_for_by_a_trigger_and_told(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor)

    deferred = task.run()
    done = finish(task, server, deferred)

    assert done.state == "success", done.error
    assert supervisor.xcoms()["return_value"] == run_ids(deferred)[0]
    assert supervisor.xcoms()["result"]["status"] == "completed"
    assert len(triggers(server)) == 1


def test_a_retry_adopts_the_run_of_a_try_that_was_lost(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor)
    lost = task.run()

    again = task.retry()

    assert run_ids(again) == run_ids(lost)
    assert finish(task, server, again).state == "success"
    assert len(triggers(server)) == 1


def test_a_run_that_ended_by_the_first_poll_is_not_deferred(server: MockServer, supervisor: Supervisor) -> None:
    lost = task_of(supervisor)
    lost.run()
    server.mock.clock.advance(60)

    assert lost.retry().state == "success"


def test_without_deferral_the_worker_waits(server: MockServer, supervisor: Supervisor) -> None:
    threading.Timer(0, lambda: after_a_poll(server, lambda: server.mock.clock.advance(60))).start()

    assert task_of(supervisor, deferrable=False, poll_interval=0.1).run().state == "success"


def after_a_poll(server: MockServer, act: Any) -> None:
    """Act once a run has been triggered and polled twice."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if server.mock.journal.count("trigger_task_run") and server.mock.journal.count("get_task_run") > 1:
            act()
            return
        threading.Event().wait(0.05)


SIGNALLED: list[tuple[str, str | None, bool, bool]] = [
    ("a worker that is replaced", "running", True, False),
    ("marked failed", "failed", True, True),
    ("cleared", "restarting", True, True),
    ("removed", None, True, True),
    ("marked failed, and the runs are to go on", "failed", False, False),
]


@pytest.mark.parametrize(("state", "cancels", "cancelled"), [pytest.param(*case[1:], id=case[0]) for case in SIGNALLED])
def test_a_signal_while_the_worker_waits(
    server: MockServer, supervisor: Supervisor, state: str | None, cancels: bool, cancelled: bool
) -> None:
    task = task_of(supervisor, deferrable=False, poll_interval=0.1, cancel_on_kill=cancels)
    supervisor.states = {} if state is None else {task.run_id: {"evaluate": state}}
    act = threading.Thread(target=after_a_poll, args=(server, lambda: os.kill(os.getpid(), signal.SIGTERM)))
    before = signal.getsignal(signal.SIGTERM)
    act.start()
    try:
        ended = task.run()
    finally:
        signal.signal(signal.SIGTERM, before)
        act.join()

    assert ended.state == "failed"
    assert server.mock.journal.count("cancel_task_run") == int(cancelled)


def test_a_signal_while_a_retry_finds_that_its_run_has_ended(
    server: MockServer, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task ends as the run did."""
    task = task_of(supervisor)
    task.run()
    server.mock.clock.advance(60)

    async def interrupted(*given: Any, **named: Any) -> Any:
        os.kill(os.getpid(), signal.SIGTERM)
        return await start_runs(*given, **named)

    monkeypatch.setattr(operators, "start_runs", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    try:
        ended = task.retry()
    finally:
        signal.signal(signal.SIGTERM, before)

    assert (ended.state, len(triggers(server))) == ("success", 1)


def test_a_run_that_takes_longer_than_the_task_may_is_cancelled(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor, execution_timeout=DAY, retries=1)
    task.age = DAY
    deferred = task.run()
    trigger = deferred.trigger
    assert vars(trigger)["deadline"] <= time.time()

    late = task.run(deferred, event_of(trigger))

    assert late.state == "up_for_retry"
    assert "did not end within 1 day, 0:00:00, and was cancelled" in str(late.error)
    assert server.mock.journal.count("cancel_task_run") == 1


def test_one_whose_cancel_leaves_open_what_it_does_is_no_success(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor, execution_timeout=DAY, retries=1)
    task.age = DAY
    deferred = task.run()
    event = event_of(deferred.trigger)
    fault = "operation=cancel_task_run, fault=unknown-enum"
    httpx.post(f"{server.url}/__mock/faults", json={"script": fault}).raise_for_status()

    late = task.run(deferred, event)

    assert late.state == "up_for_retry"
    assert "did not end within 1 day, 0:00:00, and may go on" in str(late.error)


@pytest.mark.parametrize("cancels", [True, False])
def test_the_timeout_of_a_task_interrupts_the_wait_of_a_worker(
    server: MockServer, supervisor: Supervisor, cancels: bool
) -> None:
    """Airflow's alarm interrupts the wait."""
    task = task_of(
        supervisor, deferrable=False, execution_timeout=DAY, poll_interval=0.1, cancel_on_kill=cancels, retries=1
    )
    act = threading.Thread(target=after_a_poll, args=(server, lambda: os.kill(os.getpid(), signal.SIGALRM)))
    act.start()
    late = task.run()
    act.join()

    assert late.state == "up_for_retry"
    assert server.mock.journal.count("cancel_task_run") == int(cancels)


def test_a_run_that_was_adopted_while_it_was_killed_is_triggered_anew(
    server: MockServer, supervisor: Supervisor
) -> None:
    """An earlier try may be killed after the next one began, such as by a clear."""
    task = task_of(supervisor)
    task.run()
    server.mock.clock.advance(5)
    task.clear()
    adopted = task.run()
    cancel(server, run_ids(adopted)[0])

    anew = task.run(adopted, event_of(adopted.trigger))

    assert run_ids(anew) != run_ids(adopted)
    assert finish(task, server, anew).state == "success"
    assert len(triggers(server)) == 2


def test_a_run_that_somebody_cancels_after_a_retry_adopted_it_is_a_failure(
    server: MockServer, supervisor: Supervisor
) -> None:
    task = task_of(supervisor)
    task.run()
    adopted = task.retry()
    cancel(server, run_ids(adopted)[0])

    assert task.run(adopted, event_of(adopted.trigger)).state == "failed"
    assert len(triggers(server)) == 1


def test_no_run_is_triggered_anew_after_the_timeout_of_the_task(server: MockServer, supervisor: Supervisor) -> None:
    """One run was killed, and the other did not end in time."""
    late = {"task": OVER_DATASET, "window": None}
    task = many(supervisor, [TASK, late], execution_timeout=DAY)
    task.age = DAY
    task.run()
    server.mock.clock.advance(1)
    task.clear()
    adopted = task.run()
    cancel(server, adopted.stored["runs"][known.CHAT_QUALITY][0])

    ended = task.run(adopted, event_of(adopted.trigger))

    assert ended.state == "failed"
    assert "2 of 2 runs failed" in str(ended.error)
    assert len(triggers(server)) == 2


NO_WINDOW: list[tuple[str, dict[str, Any]]] = [
    ("cron as configured", {"data_interval_start": "2026-03-08T00:00Z", "data_interval_end": "2026-03-08T00:00Z"}),
    ("by hand", {}),
    ("an asset", {"logical_date": None, "run_type": "asset_triggered"}),
    ("31 days", {"data_interval_start": "2026-02-05T00:00Z", "data_interval_end": "2026-03-08T00:00Z"}),
]


@pytest.mark.parametrize("dag_run", [pytest.param(case[1], id=case[0]) for case in NO_WINDOW])
def test_without_a_window_it_fails_for_good_and_triggers_nothing(
    server: MockServer, supervisor: Supervisor, dag_run: dict[str, Any]
) -> None:
    failed = task_of(supervisor, window=None, retries=3, dag_run=dag_run).run()

    assert failed.state == "failed"
    assert "CronDataIntervalTimetable" in str(failed.error) or "`ax tasks backfill`" in str(failed.error)
    assert triggers(server) == []


WINDOWS: list[tuple[str, Any]] = [
    ("the data interval", None),
    ("templates", ["{{ data_interval_start }}", "{{ data_interval_end.isoformat() }}"]),
    ("a length", 2 * DAY),
]


@pytest.mark.parametrize("window", [pytest.param(case[1], id=case[0]) for case in WINDOWS])
def test_the_window_may_come_from_the_dag_run(server: MockServer, supervisor: Supervisor, window: Any) -> None:
    interval = {"data_interval_start": "2026-03-06T00:00Z", "data_interval_end": "2026-03-08T00:00Z"}

    task_of(supervisor, window=window, dag_run={**interval, "logical_date": "2026-03-08T00:00Z"}).run()

    (body,) = triggers(server)
    assert (body["data_start_time"], body["data_end_time"]) == ("2026-03-06T00:00:00.000Z", "2026-03-08T00:00:00.000Z")


def test_a_run_with_nothing_to_evaluate_is_skipped(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor)
    deferred = task.run()
    counts = dict.fromkeys(("num_successes", "num_errors", "num_skipped"), 0)
    path = f"{server.url}/__mock/task-runs/{run_ids(deferred)[0]}/advance"
    httpx.post(path, json={"to": "completed", "counts": counts}).raise_for_status()

    assert finish(task, server, deferred).state == "skipped"
    assert supervisor.xcoms()["result"]["status"] == "completed"


def test_a_finished_dag_run_that_is_cleared_starts_anew_and_succeeds(
    server: MockServer, supervisor: Supervisor
) -> None:
    """All its data has labels by then, so the second run has nothing left to do."""
    window = (datetime.now(UTC) - DAY, datetime.now(UTC) - timedelta(hours=1))
    task = task_of(supervisor, window=window)
    finish(task, server, task.run())
    task.clear()
    task.dag_run = {"start_date": server.mock.clock.now() - timedelta(seconds=1)}

    second = task.run()
    done = second if second.state != "deferred" else finish(task, server, second)

    assert done.state == "success", done.error
    assert len(triggers(server)) == 2


def test_an_experiment_has_one_name_for_all_tries_and_another_after_a_clear(
    server: MockServer, supervisor: Supervisor
) -> None:
    task = task_of(supervisor, task=EXPERIMENT, window=None)
    first = task.run()
    server.mock.clock.advance(5)
    again = task.retry()
    task.clear()
    cleared = task.run()

    names = [body["experiment_name"] for body in triggers(server)]
    assert names == [f"nightly-evaluate-{task.run_id}"] * 2 + [f"nightly-evaluate-{task.run_id}#2"]
    assert run_ids(first) == run_ids(again) != run_ids(cleared)


def test_a_connection_of_the_vendors_type_will_do(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor, ax_conn_id="of_the_vendor")

    assert finish(task, server, task.run()).state == "success"


def test_the_links_lead_to_the_task_and_the_experiment(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor, task=EXPERIMENT, window=None)

    finish(task, server, task.run())

    links = supervisor.xcoms()
    experiment = links["result"]["experiment_id"]
    assert links["_link_AxTaskLink"] == f"https://ui/space/tasks/{links['result']['task_id']}"
    assert links["_link_AxExperimentLink"].endswith(f"/experiments/compare?experimentId={experiment}")


def test_the_key_is_in_no_rendered_field_and_in_no_repr(supervisor: Supervisor) -> None:
    task = task_of(supervisor)
    deferred = task.run()

    shown = [supervisor.rendered(), deferred.message, deferred.trigger, vars(task.operator), supervisor.messages]
    assert not [each for each in shown if KEY in repr(each)]


def many(supervisor: Supervisor, tasks: list[Any], **arguments: Any) -> TaskOfDag:
    """Return a task that triggers many runs."""
    given = {"tasks": tasks, "space": "demo", "window": DAY, "deferrable": True, **arguments}
    operator = in_dag(lambda: AxRunTasksOperator(task_id="all", **given))
    return TaskOfDag(operator, supervisor)


def test_many_tasks_take_one_deferral_and_give_their_ids_in_order(server: MockServer, supervisor: Supervisor) -> None:
    days = [(datetime(2026, 3, day, tzinfo=UTC), datetime(2026, 3, day + 1, tzinfo=UTC)) for day in (1, 2)]
    experiment, dataset = ({"task": each, "window": None} for each in (EXPERIMENT, OVER_DATASET))
    task = many(supervisor, [{"task": TASK, "window": days[1]}, experiment, {"task": TASK, "window": days[0]}, dataset])

    deferred = task.run()
    done = finish(task, server, deferred)

    assert done.state == "success", done.error
    ids, results = supervisor.xcoms()["return_value"], supervisor.xcoms()["result"]
    assert sorted(ids) == sorted(run_ids(deferred))
    assert [run["task_id"] for run in results] == [
        known.CHAT_QUALITY,
        known.NIGHTLY_SUMMARIES,
        known.CHAT_QUALITY,
        known.GOLDEN_REVIEW,
    ]
    assert [run["id"] for run in results] == ids
    assert len(triggers(server)) == 4


def test_many_fail_with_a_table_once_all_have_ended(server: MockServer, supervisor: Supervisor) -> None:
    task = many(supervisor, [TASK, "No such task", {"task": EXPERIMENT, "window": None}])
    deferred = task.run()
    cancel(server, deferred.stored["runs"][known.CHAT_QUALITY][0])

    failed = finish(task, server, deferred)

    assert failed.state == "failed"
    lines = str(failed.error).splitlines()
    assert lines[:2] == ["2 of 3 runs failed:", "task | run | reason"]
    assert [line.partition(" | ")[0] for line in lines[2:]] == [TASK, "No such task"]


def test_only_the_killed_runs_of_many_are_triggered_anew(server: MockServer, supervisor: Supervisor) -> None:
    """The others keep their runs, and their errors."""
    dataset, experiment = ({"task": each, "window": None} for each in (OVER_DATASET, EXPERIMENT))
    task = many(supervisor, [dataset, TASK, "No such task", experiment])
    first = task.run()
    server.mock.clock.advance(5)
    task.clear()
    adopted = task.run()
    other = adopted.stored["runs"][known.GOLDEN_REVIEW][0]
    assert first.stored["runs"][known.GOLDEN_REVIEW] == [other]
    cancel(server, adopted.stored["runs"][known.CHAT_QUALITY][0])
    server.mock.clock.advance(60)
    lookups = server.mock.journal.count("list_tasks")

    ended = finish(task, server, task.run(adopted, event_of(adopted.trigger)))

    assert ended.state == "failed"
    assert str(ended.error).splitlines()[0] == "1 of 4 runs failed:"
    assert "No such task" in str(ended.error)
    results = supervisor.xcoms()["result"]
    assert [run and run["status"] for run in results] == ["completed", "completed", None, "completed"]
    assert results[0]["id"] == other
    # The experiment has another name after the clear.
    assert len(triggers(server)) == 5
    assert server.mock.journal.count("list_tasks") == lookups + 1


def test_text_in_place_of_a_list_of_tasks_fails_for_good(server: MockServer, supervisor: Supervisor) -> None:
    failed = many(supervisor, "{{ dag.dag_id }}", retries=2).run()  # type: ignore[arg-type]  # it is refused

    assert failed.state == "failed"
    assert "tasks has to be a list, not str ('nightly')" in str(failed.error)
    assert triggers(server) == []


def test_an_interval_that_cannot_be_is_refused_with_the_dag(supervisor: Supervisor) -> None:
    with pytest.raises(InvalidArgumentError, match="poll_interval has to be a positive number of seconds"):
        task_of(supervisor, poll_interval=0)


def test_an_entry_that_is_none_fails_for_good(supervisor: Supervisor) -> None:
    failed = many(supervisor, [{"tasks": TASK}], retries=2).run()

    assert failed.state == "failed"
    assert "an entry of tasks has 'tasks'" in str(failed.error)
