"""Fixtures of Airflow's services and the served mock, for the tests that `make test-airflow` runs."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import page
from tests.e2e.airflow.deferral import Deferrals
from tests.e2e.airflow.mock_server import ServedMock, served_mock
from tests.e2e.airflow.services import Airflow, airflow
from tests.e2e.airflow.world import KEY, SPACE, WORLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.airflow.rest import AirflowApi


DAGS = Path(__file__).parent / "dags"
PAGE = page("guides/airflow")


def pytest_configure() -> None:
    """Treat SIGTERM like an interrupt, so that all services are stopped."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedMock]:
    """The served mock; its runs end when a test says so."""
    with served_mock(tmp_path_factory.mktemp("mock"), WORLD) as served:
        yield served


@pytest.fixture(scope="session")
def running(mock: ServedMock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Airflow, AirflowApi]]:
    """Airflow with connections to the mock, once its services are healthy."""
    host = mock.url.removeprefix("http://")
    connections = {
        "ax_tasks_default": {"conn_type": "ax_tasks", "extra": {"base_url": mock.url, "space": SPACE}},
        "arize_ax_default": {"conn_type": "arize_ax", "host": host, "extra": {"api_scheme": "http", "space_id": SPACE}},
    }
    written = {name: json.dumps({**each, "password": KEY}) for name, each in connections.items()}
    home = tmp_path_factory.mktemp("airflow")
    shutil.copytree(DAGS, home / "dags")
    for number, block in enumerate(block for block in PAGE.blocks if block.kind == "python airflow"):
        (home / "dags" / f"of_page_{number}.py").write_text(block.text, encoding="utf-8")
    with airflow(home, written) as started:
        yield started


@pytest.fixture
def services(running: tuple[Airflow, AirflowApi]) -> Airflow:
    """The running services."""
    return running[0]


@pytest.fixture
def api(running: tuple[Airflow, AirflowApi]) -> AirflowApi:
    """The REST API of Airflow."""
    return running[1]


@pytest.fixture
def deferrals(api: AirflowApi, services: Airflow, mock: ServedMock) -> Deferrals:
    """The waits for deferred tasks."""
    return Deferrals(api, services, mock)
