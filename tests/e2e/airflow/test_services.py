"""Airflow lists the provider and takes the vendor's connection, and the key is not stored anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.world import KEY

if TYPE_CHECKING:
    from tests.e2e.airflow.deferral import Deferrals
    from tests.e2e.airflow.mock_server import ServedMock
    from tests.e2e.airflow.rest import AirflowApi
    from tests.e2e.airflow.services import Airflow

pytestmark = [pytest.mark.programs, pytest.mark.posix]


def test_airflow_lists_the_provider(services: Airflow) -> None:
    assert "ax-tasks" in services.command("providers", "list", "--output", "plain")


def test_a_task_with_the_connection_of_the_vendor(api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    since = mock.mark()
    api.start_run("vendor_connection", "one")
    deferrals.wait("vendor_connection", "one", 1)
    mock.end_runs(mock.triggered(since=since))

    api.wait_for_states("vendor_connection", "one", {"success": 1})


def test_the_key_is_nowhere(services: Airflow, api: AirflowApi, mock: ServedMock, deferrals: Deferrals) -> None:
    """The key is in no table of the database (XComs, rendered fields, triggers) and in no file of the home."""
    since = mock.mark()
    api.start_run("goes_on", "searched")
    deferrals.wait("goes_on", "searched", 2)
    assert len(services.stored_triggers()) >= 2
    with services.open_database() as database:
        statements = list(database.iterdump())
    mock.end_runs(mock.triggered(since=since), "failed")
    api.wait_for_states("goes_on", "searched", {"failed": 2})
    with services.open_database() as database:
        statements += database.iterdump()
    files = [path for path in services.home.rglob("*") if path.is_file()]

    assert any("goes_on" in statement and "evaluation-00" in statement for statement in statements)
    assert any(path.name == "attempt=1.log" for path in files)
    assert [statement for statement in statements if KEY in statement] == []
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []
