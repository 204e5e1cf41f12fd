"""Tasks that users mark or clear in Airflow, and their runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.mock_server import CANCEL, TRIGGER
from tests.e2e.airflow.polling import until
from tests.e2e.airflow.world import EVALUATIONS

if TYPE_CHECKING:
    from tests.e2e.airflow.deferral import Deferrals
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi

SLOTS = 128

pytestmark = [pytest.mark.programs, pytest.mark.posix]


def test_tasks_that_are_marked_or_cleared_while_they_are_deferred(
    api: AirflowApi, mock: ServedMock, deferrals: Deferrals
) -> None:
    """Each cancels its run once; the cleared task triggers a new one."""
    since = mock.mark()
    api.start_run("marked", "one")
    deferrals.wait("marked", "one", 3)
    runs = mock.triggered(since=since)
    later = mock.mark()
    deferrals.wait_for_polls(runs)

    api.set_state("marked", "one", "failed", "failed")
    api.set_state("marked", "one", "succeeded", "success")
    until(lambda: mock.count(CANCEL, since=since) == 2, seconds=300, what="two cancels")
    # The triggerer learns of the clear once the next try is scheduled. If that were deferred by then, it would wait for
    # the run of the first try.
    api.set_slots(0)
    api.clear("marked", "one", "cleared")
    until(lambda: mock.count(CANCEL, since=since) == 3, seconds=300, what="the third cancel")
    api.set_slots(SLOTS)
    deferrals.wait("marked", "one", 1, attempt=2, task="cleared")
    mock.end_runs(mock.triggered(since=later))
    api.wait_for_states("marked", "one", {"failed": 1, "success": 2})

    assert sorted(mock.cancelled(since=since)) == sorted(runs)
    assert mock.count(TRIGGER, since=later) == mock.count(TRIGGER, since=later, task=EVALUATIONS[2]) == 1


def test_a_task_that_is_cleared_after_its_success(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    """In a DAG run that goes on the finished run counts; in one that has ended a new run is triggered."""
    since = mock.mark()
    api.start_run("goes_on", "one")
    deferrals.wait("goes_on", "one", 2)
    mock.end_runs(mock.triggered(since=since, task=EVALUATIONS[0]))
    api.wait_for_states("goes_on", "one", {"success": 1}, "first")

    api.clear("goes_on", "one", "first")
    until(
        lambda: api.task_instances("goes_on", "one", "first")[0]["try_number"] == 2, seconds=600, what="the second try"
    )
    api.wait_for_states("goes_on", "one", {"success": 1}, "first")
    assert mock.count(TRIGGER, since=since, task=EVALUATIONS[0]) == 1

    mock.end_runs(mock.triggered(since=since, task=EVALUATIONS[1]))
    until(lambda: api.run_state("goes_on", "one") == "success", seconds=600, what="the DAG run has ended")
    api.clear("goes_on", "one", "first")
    deferrals.wait("goes_on", "one", 1, attempt=3, task="first")
    mock.end_runs(mock.triggered(since=since, task=EVALUATIONS[0])[1:])
    until(lambda: api.run_state("goes_on", "one") == "success", seconds=600, what="the DAG run has ended again")

    assert api.states("goes_on", "one") == {"success": 2}
    assert mock.count(TRIGGER, since=since) == 3
    assert mock.count(CANCEL, since=since) == 0
