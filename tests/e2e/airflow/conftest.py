"""Airflow's services and the served mock, for all tests of this folder, which `make test-airflow` runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.e2e.airflow.served import ServedMock, served_mock
from tests.e2e.airflow.services import Airflow, airflow
from tests.e2e.airflow.world import KEY, SPACE, WORLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.airflow.rest import AirflowApi


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMock]:
    """The mock; its runs end when a test says so."""
    with served_mock(tmp_path_factory.mktemp("mock"), WORLD) as served:
        yield served


@pytest.fixture(scope="session")
def running(mock: ServedMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Airflow, AirflowApi]]:
    """Airflow with a connection to the mock, once its services are healthy."""
    connections = {"ax_tasks_default": {"conn_type": "ax_tasks", "extra": {"base_url": mock.url, "space": SPACE}}}
    written = {name: json.dumps({**each, "password": KEY}) for name, each in connections.items()}
    with airflow(tmp_path_factory.mktemp("airflow"), written) as started:
        yield started


@pytest.fixture
def services(running: tuple[Airflow, AirflowApi]) -> Airflow:
    """The services."""
    return running[0]


@pytest.fixture
def api(running: tuple[Airflow, AirflowApi]) -> AirflowApi:
    """The REST API of Airflow."""
    return running[1]
