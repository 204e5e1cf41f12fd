"""Each task is triggered once, whatever process is killed, and only users cancel runs."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.mock_server import CANCEL, TRIGGER
from tests.e2e.airflow.polling import until
from tests.e2e.airflow.world import MANY

if TYPE_CHECKING:
    from tests.e2e.airflow.deferral import Deferrals
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi
    from tests.e2e.airflow.services import Airflow

pytestmark = [pytest.mark.programs, pytest.mark.posix]

TOLD_OF_KILL = "invoking on_kill"


def test_workers_that_die_right_after_the_trigger(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    since = mock.mark()
    api.start_run("dying", "one")
    deferrals.wait("dying", "one", MANY, attempt=2)

    mock.end_runs(mock.triggered(since=since))
    api.wait_for_states("dying", "one", {"success": MANY})

    assert {each["try_number"] for each in api.task_instances("dying", "one")} == {2}
    assert mock.count(TRIGGER, since=since) == MANY
    assert mock.count(CANCEL, since=since) == 0


def test_a_triggerer_that_is_killed_and_started_again(
    api: AirflowApi, mock: ServedMock, services: Airflow, deferrals: Deferrals
) -> None:
    since = mock.mark()
    api.start_run("deferred", "killed")
    deferrals.wait("deferred", "killed", MANY)

    services.kill("triggerer")
    mock.end_runs(mock.triggered(since=since))
    services.start("triggerer")
    api.wait_for_states("deferred", "killed", {"success": MANY})

    assert mock.count(TRIGGER, since=since) == MANY
    assert mock.count(CANCEL, since=since) == 0


def test_another_triggerer_that_takes_over(
    api: AirflowApi, mock: ServedMock, services: Airflow, deferrals: Deferrals
) -> None:
    """The first triggerer is suspended until the second has its triggers, and then finds that it has lost them."""
    since = mock.mark()
    api.start_run("deferred", "taken-over")
    deferrals.wait("deferred", "taken-over", MANY)
    until(lambda: len(services.triggers_of_triggerers()) == 1, seconds=300, what="one triggerer has all triggers")
    (first,) = services.triggers_of_triggerers()

    with ExitStack() as stack:
        with services.halted("triggerer"):
            services.start("triggerer", "second triggerer")
            stack.callback(services.kill, "second triggerer")
            until(
                lambda: (found := services.triggers_of_triggerers()) and first not in found,
                seconds=600,
                what="the second triggerer has all triggers",
            )
        until(
            lambda: services.trigger_logs("deferred", "taken-over").count(TOLD_OF_KILL) == MANY,
            seconds=600,
            what="the first triggerer has told all its triggers that they are killed",
        )
        assert mock.count(CANCEL, since=since) == 0
        mock.end_runs(mock.triggered(since=since))
        api.wait_for_states("deferred", "taken-over", {"success": MANY})

    assert mock.count(TRIGGER, since=since) == MANY
    # A trigger that reads its task's state after the run has ended may try to cancel the run, and is refused.
    assert mock.count(CANCEL, since=since, status=200) == 0


def test_a_worker_that_is_stopped(api: AirflowApi, mock: ServedMock, services: Airflow) -> None:
    since = mock.mark()
    api.start_run("in_worker", "stopped")
    until(lambda: mock.count(TRIGGER, since=since), seconds=600, what="the task was triggered")
    (run,) = mock.triggered(since=since)
    triggered = mock.mark()
    until(lambda: mock.count(run=run, since=triggered) > 2, seconds=300, what="the worker polls the run")
    (instance,) = api.task_instances("in_worker", "stopped")

    # The worker passes the signal on to the process of the task.
    os.kill(parent_of(instance["pid"]), signal.SIGTERM)
    until(lambda: api.task_instances("in_worker", "stopped")[0]["try_number"] == 2, seconds=600, what="the second try")
    mock.end_runs(mock.triggered(since=since))
    api.wait_for_states("in_worker", "stopped", {"success": 1})

    assert "the worker was stopped" in services.task_log("in_worker", "stopped", "wait", 1)
    assert mock.count(TRIGGER, since=since) == 1
    assert mock.count(CANCEL, since=since) == 0


def parent_of(pid: int) -> int:
    """Return the id of a process's parent."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))
