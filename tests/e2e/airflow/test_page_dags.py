"""The DAGs on the page about Airflow run on its services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.polling import until

if TYPE_CHECKING:
    from tests.e2e.airflow.deferral import Deferrals
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi, Json

pytestmark = [pytest.mark.programs, pytest.mark.posix]


def test_a_window_every_night(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    """Airflow creates the DAG run of last night by itself, and its data interval is the window."""
    since = mock.mark()
    run = scheduled_run(api, "nightly")
    deferrals.wait("nightly", run["dag_run_id"], 1)
    (body,) = mock.bodies_of_triggers(since=since)

    mock.end_runs(mock.triggered(since=since), num_successes=9)
    api.wait_for_states("nightly", run["dag_run_id"], {"success": 1})

    assert [as_time(body[name]) for name in ("data_start_time", "data_end_time")] == [
        as_time(run[name]) for name in ("data_interval_start", "data_interval_end")
    ]
    assert as_time(body["data_end_time"]) - as_time(body["data_start_time"]) == timedelta(days=1)


def test_an_experiment_on_each_deploy(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    since = mock.mark()
    api.start_run("on_deploy", "one")
    deferrals.wait("on_deploy", "one", 1, task="summaries")
    (body,) = mock.bodies_of_triggers(since=since)

    mock.end_runs(mock.triggered(since=since), num_successes=5)
    api.wait_for_states("on_deploy", "one", {"success": 2})

    assert body["experiment_name"] == "on_deploy-summaries-one"
    assert api.xcom("on_deploy", "one", "report") == "5 of 5 examples succeeded"


def test_many_tasks_in_one(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    since = mock.mark()
    run_id = scheduled_run(api, "all_of_them")["dag_run_id"]
    deferrals.wait("all_of_them", run_id, 1)
    runs = mock.triggered(since=since)

    mock.end_runs(runs, num_successes=1)
    api.wait_for_states("all_of_them", run_id, {"success": 1})

    found = api.xcom("all_of_them", run_id, "evaluate")
    assert len({*found}) == 3
    # A run of the same window that the nightly DAG triggered shortly before counts.
    assert {*runs} <= {*found}
    assert len(runs) >= 2


def scheduled_run(api: AirflowApi, dag: str) -> Json:
    """Return the DAG run that the scheduler creates once the DAG is unpaused."""
    api.unpause(dag)
    until(lambda: api.runs(dag), seconds=300, what=f"the scheduler has made a run of {dag}")
    (run,) = api.runs(dag)
    return run


def as_time(text: object) -> datetime:
    """Return the time in a text of JSON."""
    return datetime.fromisoformat(str(text))
