"""Fixtures of the Airflow tests, which run in an environment with Airflow and without its services.

A task runs as Airflow's own task runner runs it; only the supervisor, which would send its messages to the services, is
a stand-in that keeps them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from axtasks.mock import Clock, Mock, MockServer

from tests import planted
from tests.airflow.home import make_home

if TYPE_CHECKING:
    from collections.abc import Iterator

make_home()
# Airflow reads its configuration when it is imported, and croniter asks a program about Python then.
import croniter  # noqa: E402, F401

from tests.airflow.tasks import Supervisor  # noqa: E402

KEY = planted.UNIT
CONNECTIONS = ("ax_tasks_default", "of_the_vendor")


@pytest.fixture
def server() -> Iterator[MockServer]:
    """Yield a server with a fresh default world, whose runs take as long as tests let pass."""
    with MockServer(Mock(run_seconds=20, clock=Clock(frozen=True))) as server:
        yield server


@pytest.fixture(autouse=True)
def supervisor(server: MockServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """Yield a stand-in for the supervisor; connections to the server are in the environment."""
    host = server.url.removeprefix("http://")
    ours = {"conn_type": "ax_tasks", "password": KEY, "extra": {"base_url": server.url, "ui_url": "https://ui/space/"}}
    theirs = {"conn_type": "arize_ax", "password": KEY, "host": host, "extra": {"api_scheme": "http"}}
    for name, connection in zip(CONNECTIONS, (ours, theirs), strict=True):
        monkeypatch.setenv(f"AIRFLOW_CONN_{name.upper()}", json.dumps(connection))
    for name in [name for name in os.environ if name.startswith("ARIZE_")]:
        monkeypatch.delenv(name)
    supervisor = Supervisor()
    monkeypatch.setattr("airflow.sdk.execution_time.task_runner.SUPERVISOR_COMMS", supervisor, raising=False)
    yield supervisor
    assert KEY not in repr(supervisor.messages)
