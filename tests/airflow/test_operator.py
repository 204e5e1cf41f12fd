"""A task that triggers a run: its tries, its deferral, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from axtasks.airflow.operators import AxRunTaskOperator

from tests.airflow.tasks import Supervisor, TaskOfDag, event_of, in_dag

if TYPE_CHECKING:
    from axtasks.mock import MockServer

TASK = "Chat Quality Monitor"
DAY = timedelta(days=1)


def task_of(supervisor: Supervisor, *, dag_run: dict[str, Any] | None = None, **arguments: Any) -> TaskOfDag:
    """A task that evaluates a project."""
    given = {"task": TASK, "space": "demo", "window": DAY, "deferrable": True, **arguments}
    operator = in_dag(lambda: AxRunTaskOperator(task_id="evaluate", **given))
    return TaskOfDag(operator, supervisor, dag_run=dag_run or {})


def test_a_run_is_triggered_waited_for_by_a_trigger_and_told(server: MockServer, supervisor: Supervisor) -> None:
    task = task_of(supervisor)

    deferred = task.run()
    assert deferred.state == "deferred", deferred
    server.mock.clock.advance(60)
    done = task.run(deferred, event_of(deferred.trigger))

    assert done.state == "success", done.error
    (run_id,) = [run_id for ids in deferred.trigger.runs.values() for run_id in ids]
    assert supervisor.xcoms()["return_value"] == run_id
    assert supervisor.xcoms()["result"]["status"] == "completed"
    assert server.mock.journal.count("trigger_task_run") == 1
