"""220 runs that are waited for at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.mock_server import LIST_RUNS, TRIGGER
from tests.e2e.airflow.polling import until
from tests.e2e.airflow.world import MANY, SLOW

if TYPE_CHECKING:
    from tests.e2e.airflow.deferral import Deferrals
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi
    from tests.e2e.airflow.services import Airflow

pytestmark = [pytest.mark.programs, pytest.mark.posix]

OF_MANY = 200
POLLS = 5
MOST_FILES = 100
MOST_BYTES, MOST_BYTES_OF_A_RUN = 600, 80


def test_many_runs_at_once(
    api: AirflowApi,
    mock: ServedMock,
    services: Airflow,
    deferrals: Deferrals,
) -> None:
    """One task instance waits for 200 runs of 10 tasks, 20 others for one run each."""
    since = mock.mark()
    api.start_run("fleet", "one")
    deferrals.wait("fleet", "one", 1 + MANY)
    runs = mock.triggered(since=since)
    stored = services.stored_triggers()

    deferred = mock.mark()
    until(
        lambda: all(mock.count(LIST_RUNS, since=deferred, task=task) >= POLLS for task in SLOW),
        seconds=300,
        what="each task has been polled",
    )
    requests, polls = mock.count(since=deferred), mock.count(LIST_RUNS, since=deferred, task=SLOW[0])
    files = services.open_files("triggerer")
    mock.end_runs(runs)
    api.wait_for_states("fleet", "one", {"success": 1 + MANY})

    assert mock.count(TRIGGER, since=since) == len(runs) == OF_MANY + MANY
    assert requests <= len(runs) * polls / 5
    assert files <= MOST_FILES
    assert max(map(len, stored)) <= MOST_BYTES + MOST_BYTES_OF_A_RUN * OF_MANY
    assert sorted(map(len, stored))[-2] <= MOST_BYTES + MOST_BYTES_OF_A_RUN
    assert len(api.xcom("fleet", "one", "many")) == OF_MANY
